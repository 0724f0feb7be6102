using System.Reflection;
using System.Runtime.Intrinsics.X86;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using TorchSharp;

namespace CovidCt.Training;

/// <summary>
/// All that decides the bits of a run, as JSON: written beside the run, and compared when it is gone on with.
/// </summary>
internal sealed class RunConfiguration
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    private static readonly string[] MachineFacts = ["build", "instructionSet"];

    private RunConfiguration(JsonObject content) => Content = content;

    public JsonObject Content { get; }

    /// <summary>The threads of the run, which a resume uses again.</summary>
    public int Threads => Content["machine"]!["threads"]!.GetValue<int>();

    /// <summary>A configuration from what the user chose and what was found on the disk.</summary>
    public static RunConfiguration Of(StudyOptions options, IEnumerable<KeyValuePair<string, JsonNode?>> facts)
    {
        var study = JsonSerializer.SerializeToNode(options, Json)!.AsObject();
        var training = study["training"]!.AsObject();
        var threads = training["threads"]!.GetValue<int>();
        training.Remove("threads");
        study.Remove("weightsFolder");
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
        catch (Exception e) when (e is JsonException or InvalidOperationException or NullReferenceException)
        {
            throw new RunFolderException($"{path} is not a run's configuration: {e.Message} Choose another --out.", e);
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
                .Select(path => $"{path}: {there.GetValueOrDefault(path) ?? "absent"} there, {here.GetValueOrDefault(path) ?? "absent"} here"),
        ];
    }

    /// <summary>What of build and instruction set differs: the bits may differ then, the configuration doesn't.</summary>
    public IReadOnlyList<string> MachineDifferencesFrom(RunConfiguration earlier) =>
    [
        .. MachineFacts
            .Select(name => (Name: name, There: earlier.Content["machine"]?[name]?.ToString(), Here: Content["machine"]![name]!.ToString()))
            .Where(fact => fact.There != fact.Here)
            .Select(fact => $"{fact.Name}: {fact.There ?? "unknown"} there, {fact.Here} here"),
    ];

    private static string Build =>
        $"CovidCt {Version(typeof(RunConfiguration))}, TorchSharp {Version(typeof(torch))}, libtorch {torch.__version__}";

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
