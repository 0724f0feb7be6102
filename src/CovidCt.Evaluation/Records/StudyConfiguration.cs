using System.Text.Json;
using System.Text.Json.Nodes;
using CovidCt.Recipes;

namespace CovidCt.Records;

/// <summary>
/// What a study, or one run of it, was asked to do, and on what machine: <c>study.json</c> and <c>configuration.json</c>. What an
/// older version left out is what that version did.
/// </summary>
/// <param name="Options">
/// The options, without the folder of weights. Of a run they name no networks; the precision is the one that was used.
/// </param>
/// <param name="Machine">On what it was computed.</param>
public sealed record StudyConfiguration(StudyOptions Options, MachineFacts Machine)
{
    private const string Study = "study", MachineName = "machine", Training = "training", Precision = "precision", FoldsName = "folds",
        Guessed = "positiveGuessed";

    // Without any of these there is nothing to read a study's folder by.
    private static readonly string[] OfEveryStudy = ["networks", FoldsName, "groupBy", "seed", "dataset"];

    /// <summary>The name of the data set; null of a run.</summary>
    public string? Dataset { get; init; }

    /// <summary>The number of folds that were drawn, whatever was asked for; null where an older version left no word of it.</summary>
    public int? Folds { get; init; }

    /// <summary>The names of the classes, in the order of the labels; null where an older version left no word of them.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>
    /// The name of the class that probabilities and sensitivities are of; null where an older version left no word of it.
    /// </summary>
    public string? Positive { get; init; }

    /// <summary>The same in the data set to test on, by its name there, if that was another one.</summary>
    public string? TestPositive { get; init; }

    /// <summary>
    /// How many bits were significant of 16-bit samples whose files don't say it (<see cref="Data.CtDataset.SampleBits"/>); null where no
    /// image was such, and of older versions, which took the high byte.
    /// </summary>
    public int? SampleBits { get; init; }

    /// <summary>
    /// What read the images (<see cref="Imaging.IImageDecoder.Name"/>); null of the default decoder, SkiaSharp, and of older versions.
    /// </summary>
    public string? Decoder { get; init; }

    /// <summary>Whether the positive class of a study was a guess, which its report says; false of a run. It decides nothing.</summary>
    public bool IsPositiveGuessed { get; init; }

    /// <summary>The published name of a run's network; null of a study.</summary>
    public string? Network { get; init; }

    /// <summary>The fold of a run, from 0; null of a study.</summary>
    public int? Fold { get; init; }

    /// <summary>A hash of all that a run reads of its data set; null of a study.</summary>
    public string? DataHash { get; init; }

    /// <summary>What a run's training began with: <c>random</c>, or the SHA-256 of a file of weights; null of a study.</summary>
    public string? InitialWeights { get; init; }

    /// <summary>Where the data set was, for work on the run afterwards; it decides nothing.</summary>
    public string? DataPath { get; init; }

    /// <summary>Where the data set to test on was, if it was another one.</summary>
    public string? TestDataPath { get; init; }

    /// <summary>Reads <c>study.json</c>.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="RunFolderException">It is no such file, damaged, or not what was written.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static StudyConfiguration ReadStudy(string path)
    {
        Check(path);
        try
        {
            var content = Parse(path);
            if (OfEveryStudy.FirstOrDefault(name => content[Study]?[name] is null) is { } missing)
            {
                throw new JsonException($"There is no '{missing}'.");
            }

            return Of(content);
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw new RunFolderException($"{path} is not what a study writes, or damaged. Give another folder, or run the study again.", e);
        }
    }

    /// <summary>Reads <c>configuration.json</c>.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="RunFolderException">It is no such file, damaged, or not what was written.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static StudyConfiguration ReadRun(string path)
    {
        Check(path);
        try
        {
            return Of(Parse(path));
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw new RunFolderException($"{path} is damaged. Delete its folder and go on with the study, and the fold is run again.", e);
        }
    }

    /// <summary>What read the images that a trained network learned from (<see cref="Decoder"/>).</summary>
    /// <param name="path">A run folder, or the folder above the folds of a network.</param>
    /// <returns>Its name; null of the default decoder, and where nothing says it, as of a file of a network.</returns>
    /// <exception cref="RunFolderException">The configuration is damaged.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static string? DecoderOf(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var run = RunLayout.FoldsIn(path) is [var first, ..] ? first.Run : new(path);
        return File.Exists(run.Configuration) ? ReadRun(run.Configuration).Decoder : null;
    }

    /// <summary>A configuration from its document.</summary>
    /// <param name="content">The document.</param>
    /// <exception cref="JsonException">It is no such document.</exception>
    public static StudyConfiguration Of(JsonObject content)
    {
        ArgumentNullException.ThrowIfNull(content);
        var study = content[Study] as JsonObject ?? throw new JsonException($"There is no '{Study}'.");
        var options = study.Deserialize(RecordsJson.Files.StudyOptions)!;
        var facts = study.Deserialize(RecordsJson.Files.Facts)!;
        var machine = content[MachineName] as JsonObject ?? [];
        var places = machine.Deserialize(RecordsJson.Files.Places)!;
        var recorded = machine.Deserialize(RecordsJson.Files.MachineFacts)!;
        options.Training.Precision = PrecisionOf(study[Training]?[Precision]);
        options.Training.Threads = recorded.Threads ?? options.Training.Threads;
        return new(options, recorded)
        {
            Dataset = facts.Dataset,
            Folds = facts.Folds,
            Classes = facts.Classes,
            Positive = facts.Positive,
            TestPositive = facts.TestPositive,
            SampleBits = facts.SampleBits,
            Decoder = facts.Decoder,
            IsPositiveGuessed = machine[Guessed]?.GetValueKind() == JsonValueKind.True,
            Network = facts.Network,
            Fold = facts.Fold,
            DataHash = facts.Data,
            InitialWeights = facts.InitialWeights,
            DataPath = places.DataPath,
            TestDataPath = places.TestDataPath,
        };
    }

    /// <summary>The document, for writing it and for comparing it with another.</summary>
    public JsonObject ToNode()
    {
        var study = JsonSerializer.SerializeToNode(Options, RecordsJson.Files.StudyOptions)!.AsObject();
        var training = study[Training]!.AsObject();
        training.Remove("threads");
        study.Remove("weightsFolder");
        if (Options.Training.Precision is not ComputePrecision.Float32 and var precision)
        {
            training[Precision] = precision.ToString().ToLowerInvariant();
        }

        if (Network is not null)
        {
            study.Remove("networks"); // A run doesn't depend on which other networks the study has.
            study.Remove("recipe"); // Nor on the name of what it says itself.
            study.Remove("recipeChanges");
        }

        var facts = new Facts(
            Network, Fold, DataHash, InitialWeights, Folds, Dataset, Classes, Positive, TestPositive, SampleBits, Decoder);
        foreach (var (name, value) in JsonSerializer.SerializeToNode(facts, RecordsJson.Files.Facts)!.AsObject())
        {
            if (value is not null)
            {
                study[name] = value.DeepClone();
            }
        }

        var machine = JsonSerializer.SerializeToNode(Machine, RecordsJson.Files.MachineFacts)!.AsObject();
        var places = new Places(DataPath, TestDataPath);
        foreach (var (name, value) in JsonSerializer.SerializeToNode(places, RecordsJson.Files.Places)!.AsObject())
        {
            machine[name] = value?.DeepClone();
        }

        if (IsPositiveGuessed)
        {
            machine[Guessed] = true;
        }

        return new() { [Study] = study, [MachineName] = machine };
    }

    /// <summary>Writes the document; the file is whole or not there.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It can't be written.</exception>
    public void Write(string path) => JsonFiles.Write(path, ToNode());

    private static void Check(string path) => new StudyLayout.FileSums(Path.GetDirectoryName(Path.GetFullPath(path))!).Check(path);

    private static JsonObject Parse(string path) =>
        JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? throw new JsonException("It is no object.");

    private static bool IsDamage(Exception e) => e is JsonException or InvalidOperationException or FormatException or ArgumentException;

    // Runs that are older than the choice, and those that chose it, say nothing of float32.
    private static ComputePrecision PrecisionOf(JsonNode? named)
    {
        if (named is null)
        {
            return ComputePrecision.Float32;
        }

        return named.GetValueKind() == JsonValueKind.String
            && Enum.TryParse<ComputePrecision>(named.GetValue<string>(), ignoreCase: true, out var precision)
            ? precision
            : throw new JsonException($"{named.ToJsonString()} is no precision.");
    }

    internal sealed record Facts(
        string? Network = null,
        int? Fold = null,
        string? Data = null,
        string? InitialWeights = null,
        int? Folds = null,
        string? Dataset = null,
        IReadOnlyList<string>? Classes = null,
        string? Positive = null,
        string? TestPositive = null,
        int? SampleBits = null,
        string? Decoder = null);

    internal sealed record Places(string? DataPath = null, string? TestDataPath = null);
}
