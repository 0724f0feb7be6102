using System.Reflection;
using System.Runtime.Intrinsics.X86;
using System.Text.Json;
using System.Text.Json.Nodes;
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
    /// <summary>The name of the fact that holds a hash of all that a run reads of its data set.</summary>
    private const string DataFact = "data";

    private const string Study = "study";

    // Facts that are younger than runs which are gone on with, and are left out where they say this.
    private static readonly Dictionary<string, string> Absent = new()
    {
        ["repetition"] = "0",
        ["sampleBits"] = "16",
        ["training.precision"] = "\"float32\"",
        ["training.deterministic"] = "false",
        ["training.augmentation.coverageMin"] = "null",
        ["training.augmentation.randomPlacement"] = "false",
        ["training.augmentation.wholeBlurSigma"] = "false",
        ["training.augmentation.gamma"] = "0",
        ["training.augmentation.resolutionMin"] = "null",
        ["training.augmentation.resolutionProbability"] = "0.5",
        ["training.augmentation.jpegProbability"] = "0",
        ["training.augmentation.jpegQualityMin"] = "30",
        ["training.augmentation.jpegQualityMax"] = "95",
    };

    // What may decide bits without being a setting.
    private static readonly (string Name, Func<MachineFacts, string?> Of)[] OfMachines =
        [("build", machine => machine.Build), ("instructionSet", machine => machine.InstructionSet), ("device", machine => machine.Device)];

    private readonly JsonObject _content;

    private RunConfiguration(JsonObject content, StudyConfiguration stated) => (_content, Stated) = (content, stated);

    /// <summary>What it says.</summary>
    public StudyConfiguration Stated { get; }

    /// <summary>Whether it is from before significant bits were told from others, when the high byte of 16-bit samples was taken.</summary>
    public bool TookHighBytes { get; private init; }

    /// <summary>The threads of the run, which a resume uses again.</summary>
    public int Threads => Stated.Options.Training.Threads;

    /// <summary>What is to be done, as it will be written.</summary>
    public static RunConfiguration Of(StudyConfiguration stated) => new(stated.ToNode(), stated);

    /// <summary>What the user chose, with the threads, the device and the decoder in use, and where the data are.</summary>
    public static StudyConfiguration Here(
        StudyOptions options, int threads, torch.Device device, CtDataset dataset, string? decoder = null)
    {
        var chosen = options.Clone();
        chosen.Training = options.Training.Clone();
        chosen.Training.Threads = threads;
        chosen.Training.Precision = Precisions.Resolve(options.Training.Precision, device);
        var machine = new MachineFacts
        {
            Threads = threads,
            Build = Build,
            InstructionSet = InstructionSet,
            Device = device.type == DeviceType.CUDA ? "cuda" : "cpu",
            Cores = Environment.ProcessorCount,
            System = System.Runtime.InteropServices.RuntimeInformation.OSDescription,
        };
        return new(chosen, machine)
        {
            Classes = dataset.Classes,
            Positive = dataset.Classes[dataset.Positive],
            TestPositive = dataset.TestPositive,
            SampleBits = dataset.SampleBits,
            Decoder = decoder,
            DataPath = dataset.CanBeOpenedAgain ? dataset.Source : null,
            TestDataPath = dataset.TestSource,
        };
    }

    public static RunConfiguration? ReadFrom(string path)
    {
        var sums = new RunLayout(Path.GetDirectoryName(path)!).Sums;
        if (!sums.Has(path))
        {
            return null;
        }

        sums.Check(path);
        try
        {
            var content = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
            var study = content[Study]!.AsObject();
            var isEarlier = !study.ContainsKey(EarlierClasses.Positive);
            EarlierClasses.Add(study, Path.GetDirectoryName(path)!);
            var stated = StudyConfiguration.Of(content);
            return stated.Machine.Threads is null
                ? throw new JsonException("There are no threads.")
                : new(content, stated) { TookHighBytes = isEarlier };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException or NullReferenceException)
        {
            throw new RunFolderException($"{path} is not a run's configuration, or damaged. Put it back from a copy.", e);
        }
    }

    public void WriteTo(string path) => JsonFiles.Write(path, _content);

    /// <summary>Each setting that differs, as "name: there, here"; what can't change the figures is not compared.</summary>
    public IReadOnlyList<string> DifferencesFrom(RunConfiguration earlier)
    {
        var (there, here) = (Facts(earlier, this), Facts(this, earlier));
        return
        [
            .. there.Keys.Union(here.Keys).Order(StringComparer.Ordinal)
                .Where(path => there.GetValueOrDefault(path) != here.GetValueOrDefault(path))
                .Select(path => path == DataFact
                    ? $"{path}: the images, their labels or their patients have changed since"
                    : $"{WordsFor(path)}: {Shown(there, path)} there, {Shown(here, path)} here"),
        ];

        static string WordsFor(string path) => path switch
        {
            EarlierClasses.Classes => "the classes",
            EarlierClasses.Positive => "the positive class",
            EarlierClasses.TestPositive => "the positive class of the data set to test on",
            _ => path,
        };

        static Dictionary<string, string> Facts(RunConfiguration of, RunConfiguration other)
        {
            var study = of._content[Study]!.DeepClone().AsObject();
            EarlierClasses.Add(study, other.Stated);
            return Leaves(study, "").Where(leaf => Absent.GetValueOrDefault(leaf.Path) != leaf.Value)
                .ToDictionary(leaf => leaf.Path, leaf => leaf.Value);
        }

        static string Shown(Dictionary<string, string> facts, string path) =>
            facts.GetValueOrDefault(path) ?? Absent.GetValueOrDefault(path) ?? "absent";
    }

    /// <summary>What of build, instruction set and device differs: the bits may differ then, the configuration doesn't.</summary>
    public IReadOnlyList<string> MachineDifferencesFrom(RunConfiguration earlier) =>
    [
        .. OfMachines.Select(fact => (fact.Name, There: fact.Of(earlier.Stated.Machine), Here: fact.Of(Stated.Machine)))
            .Where(fact => fact.There != fact.Here)
            .Select(fact => $"{fact.Name}: {fact.There ?? "unknown"} there, {fact.Here} here"),
    ];

    private static string Build =>
        $"CovidCt {Version(typeof(RunConfiguration))}, TorchSharp {Version(typeof(torch))}, libtorch {TorchRuntime.LibtorchVersion}";

    private static string InstructionSet =>
        Avx512F.IsSupported ? "avx512"
        : Avx2.IsSupported ? "avx2"
        : System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString();

    private static string Version(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? type.Assembly.GetName().Version!.ToString();

    private static IEnumerable<(string Path, string Value)> Leaves(JsonNode? node, string path) => node switch
    {
        JsonObject o => o.SelectMany(member => Leaves(member.Value, path.Length == 0 ? member.Key : $"{path}.{member.Key}")),
        _ => [(path, node?.ToJsonString() ?? "null")],
    };
}
