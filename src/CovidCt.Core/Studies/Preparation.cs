using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using CovidCt.Imaging;
using CovidCt.Recipes;
using CovidCt.Records;

namespace CovidCt.Studies;

/// <summary>
/// What a study was prepared with that its configuration leaves out, for processes that train its runs and for the one that finishes it:
/// what would take each of them long to find, and what changes no run.
/// </summary>
/// <param name="Canvases">By the size of the canvases, a hash of all that runs read of the data set.</param>
/// <param name="Weights">By network, <c>random</c>, or the SHA-256 of the file of weights that its training begins with.</param>
/// <param name="WeightsFolder">Where these files were; null where all begin at random.</param>
/// <param name="Controls">What is asked besides.</param>
/// <param name="Seeds">How often each network is trained on each fold.</param>
/// <param name="SetLevel">How often prediction sets are to hold the class of an image.</param>
internal sealed record Preparation(
    IReadOnlyDictionary<string, string> Canvases,
    IReadOnlyDictionary<string, string> Weights,
    string? WeightsFolder,
    StudyControls Controls,
    int Seeds,
    double SetLevel)
{
    /// <summary>The further recipes; null where there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Recipe>? Recipes { get; init; }

    /// <summary>Whether the study is to be written for TensorBoard.</summary>
    public bool TensorBoard { get; init; }

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // A file to be read, never part of a web page.
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>What a study is prepared with.</summary>
    public static Preparation Of(
        StudyOptions options, IReadOnlyDictionary<ImageSize, string> canvases, IReadOnlyDictionary<string, string> weights) => new(
        canvases.Select(entry => (Size: entry.Key.ToString(), Hash: entry.Value)).OrderBy(entry => entry.Size, StringComparer.Ordinal)
            .ToDictionary(entry => entry.Size, entry => entry.Hash),
        weights,
        options.WeightsFolder is { } folder ? Path.GetFullPath(folder) : null,
        options.Controls,
        options.Seeds,
        options.SetLevel)
        {
            Recipes = options.Recipes.Count > 0 ? options.Recipes : null,
        };

    /// <summary>Reads it from a study's folder.</summary>
    /// <exception cref="RunFolderException">It isn't there, isn't what was written, or is damaged.</exception>
    public static Preparation ReadFrom(StudyLayout layout)
    {
        if (!File.Exists(layout.Preparation))
        {
            throw new RunFolderException($"{layout.Root} holds no study that was prepared. Prepare one there first.");
        }

        layout.Sums.Check(layout.Preparation);
        try
        {
            return JsonSerializer.Deserialize<Preparation>(File.ReadAllText(layout.Preparation), Json)
                ?? throw new JsonException("it is empty");
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            throw new RunFolderException($"{layout.Preparation} is damaged: {e.Message} Prepare the study again.", e);
        }
    }

    /// <summary>The hash of what runs read at a size.</summary>
    /// <exception cref="RunFolderException">The study has no such canvases.</exception>
    public string FingerprintOf(ImageSize size) => Canvases.GetValueOrDefault(size.ToString())
        ?? throw new RunFolderException($"The study was prepared without canvases of {size}. Prepare it again.");

    /// <summary>What a study is asked, with what its configuration leaves out.</summary>
    /// <param name="stated">What the configuration says.</param>
    /// <param name="weightsFolder">Where the files of weights are on this machine; null where they were when it was prepared.</param>
    public StudyOptions Complete(StudyOptions stated, string? weightsFolder)
    {
        var options = stated.Clone();
        options.Controls = Controls;
        options.Seeds = Seeds;
        options.SetLevel = SetLevel;
        options.Recipes = Recipes ?? [];
        options.WeightsFolder = weightsFolder ?? WeightsFolder;
        return options;
    }

    /// <summary>Keeps it in a study's folder, unless it is what is there.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    public void WriteTo(StudyLayout layout)
    {
        var text = JsonSerializer.Serialize(this, Json) + "\n";
        if (!layout.Sums.Has(layout.Preparation) || File.ReadAllText(layout.Preparation) != text)
        {
            layout.Sums.Write(() => AtomicFile.WriteAllText(layout.Preparation, text), layout.Preparation);
        }
    }
}
