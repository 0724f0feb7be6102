using System.Reflection;
using System.Runtime.Intrinsics.X86;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using CovidCt.Compute;
using CovidCt.Data;
using CovidCt.Models.Runtime;
using CovidCt.Recipes;
using CovidCt.Records;
using TorchSharp;

namespace CovidCt.Studies;

/// <summary>
/// All that decides the bits of a run, as JSON: written beside the run, and compared when it is gone on with.
/// </summary>
internal sealed class RunConfiguration
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // A file to be read, never part of a web page.
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    /// <summary>The name of the fact that holds a hash of all that a run reads of its data set.</summary>
    public const string DataFact = "data";

    /// <summary>The number of folds that there are, whatever was asked for.</summary>
    public const string FoldsFact = "folds";

    // Facts that are younger than runs which are gone on with, and are left out where they say this.
    private static readonly Dictionary<string, string> Absent =
        new() { ["training.precision"] = "\"float32\"", ["training.deterministic"] = "false" };

    private static readonly string[] MachineFacts = ["build", "instructionSet", "device"];

    private RunConfiguration(JsonObject content)
    {
        Content = content;
        _ = content["study"]!.AsObject();
        Threads = content["machine"]!["threads"]!.GetValue<int>();
    }

    public JsonObject Content { get; }

    /// <summary>Where the data set was, for work on the run afterwards; it decides nothing.</summary>
    public string? DataPath => Content["machine"]!["dataPath"]?.GetValue<string>();

    /// <summary>Where the data set to test on was, if it was another one.</summary>
    public string? TestDataPath => Content["machine"]!["testDataPath"]?.GetValue<string>();

    /// <summary>The seed of random labels, where the study was such a control; null where labels are those of the data set.</summary>
    public long? RandomLabelsSeed =>
        Content["study"]!["control"]?.GetValue<string>() == "randomLabels" ? Content["study"]!["seed"]!.GetValue<long>() : null;

    /// <summary>How many images the study took; null for all.</summary>
    public int? MaxImages => Content["study"]!["maxImages"]?.GetValue<int>();

    /// <summary>How many folds the study has.</summary>
    public int? Folds => Content["study"]!["folds"]?.GetValue<int>();

    /// <summary>The threads of the run, which a resume uses again.</summary>
    public int Threads { get; }

    /// <summary>A configuration from what the user chose, the threads and the device in use, and what was found on the disk.</summary>
    public static RunConfiguration Of(
        StudyOptions options, int threads, torch.Device device, IEnumerable<KeyValuePair<string, JsonNode?>> facts, CtDataset dataset)
    {
        var study = JsonSerializer.SerializeToNode(options, Json)!.AsObject();
        var training = study["training"]!.AsObject();
        training.Remove("threads");
        study.Remove("weightsFolder");
        if (Precisions.Resolve(options.Training.Precision, device) is not ComputePrecision.Float32 and var precision)
        {
            training["precision"] = precision.ToString().ToLowerInvariant();
        }

        var (r, g, b) = options.Canvas.Fill; // A tuple has no properties, which are all that the serialiser takes.
        study["canvas"]!["fill"] = new JsonArray(r, g, b);
        foreach (var (name, value) in facts)
        {
            study[name] = value;
        }

        return new(new JsonObject
        {
            ["study"] = study,
            ["machine"] = new JsonObject
            {
                ["threads"] = threads,
                ["build"] = Build,
                ["instructionSet"] = InstructionSet,
                ["device"] = device.type == DeviceType.CUDA ? "cuda" : "cpu",
                ["cores"] = Environment.ProcessorCount,
                ["system"] = System.Runtime.InteropServices.RuntimeInformation.OSDescription,
                ["dataPath"] = dataset.Source,
                ["testDataPath"] = dataset.TestSource,
            },
        });
    }

    /// <summary>The configuration of one run, which doesn't depend on which other networks the study has.</summary>
    public RunConfiguration WithoutNetworks()
    {
        Content["study"]!.AsObject().Remove("networks");
        return this;
    }

    public static RunConfiguration? ReadFrom(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return new(JsonNode.Parse(File.ReadAllText(path))!.AsObject());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or NullReferenceException)
        {
            throw new RunFolderException($"{path} is not a run's configuration, or damaged. Choose another folder.", e);
        }
    }

    public void WriteTo(string path) => AtomicFile.WriteAllText(path, Content.ToJsonString(Json) + "\n");

    /// <summary>Each setting that differs, as "name: there, here"; what can't change the figures is not compared.</summary>
    public IReadOnlyList<string> DifferencesFrom(RunConfiguration earlier)
    {
        var there = Leaves(earlier.Content["study"], "").ToDictionary(leaf => leaf.Path, leaf => leaf.Value);
        var here = Leaves(Content["study"], "").ToDictionary(leaf => leaf.Path, leaf => leaf.Value);
        return
        [
            .. there.Keys.Union(here.Keys).Order(StringComparer.Ordinal)
                .Where(path => there.GetValueOrDefault(path) != here.GetValueOrDefault(path))
                .Select(path => path == DataFact
                    ? $"{path}: the images, their labels or their patients have changed since"
                    : $"{path}: {Shown(there, path)} there, {Shown(here, path)} here"),
        ];

        static string Shown(Dictionary<string, string> facts, string path) =>
            facts.GetValueOrDefault(path) ?? Absent.GetValueOrDefault(path) ?? "absent";
    }

    /// <summary>What of build, instruction set and device differs: the bits may differ then, the configuration doesn't.</summary>
    public IReadOnlyList<string> MachineDifferencesFrom(RunConfiguration earlier) =>
    [
        .. MachineFacts
            .Select(name => (Name: name, There: earlier.Content["machine"]?[name]?.ToString(), Here: Content["machine"]![name]!.ToString()))
            .Where(fact => fact.There != fact.Here)
            .Select(fact => $"{fact.Name}: {fact.There ?? "unknown"} there, {fact.Here} here"),
    ];

    private static string Build =>
        $"CovidCt {Version(typeof(RunConfiguration))}, TorchSharp {Version(typeof(torch))}, libtorch {TorchRuntime.LibtorchVersion}";

    private static string InstructionSet =>
        Avx512F.IsSupported ? "avx512" : Avx2.IsSupported ? "avx2" : System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString();

    private static string Version(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? type.Assembly.GetName().Version!.ToString();

    private static IEnumerable<(string Path, string Value)> Leaves(JsonNode? node, string path) => node switch
    {
        JsonObject o => o.SelectMany(member => Leaves(member.Value, path.Length == 0 ? member.Key : $"{path}.{member.Key}")),
        _ => [(path, node?.ToJsonString() ?? "null")],
    };
}
