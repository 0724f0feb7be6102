using System.CommandLine;
using System.Globalization;
using CovidCt.Cli.Output;
using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Networks;
using CovidCt.Progress;
using CovidCt.Recipes;
using CovidCt.Reporting.Wording;
using CovidCt.Studies;

namespace CovidCt.Cli.Commands;

/// <summary>What a study is asked to do: the options of the commands that begin one.</summary>
/// <param name="console">Where what the study is about is said.</param>
/// <param name="cancellationToken">Stops what takes long.</param>
internal sealed class StudyArguments(ConsoleOutput console, CancellationToken cancellationToken)
{
    private readonly DataOptions _data = new(
        "COVID19-CT, SARS-CoV-2 CT-scan, a folder per class, or a CSV manifest (path,label,patient). "
            + "Without it: a generated phantom.");

    private readonly Option<string?> _backbones = SharedOptions.Networks(
        "--backbones", "a,b|all", "Networks by name, with commas between, or all; `covidct models` lists them. [default: all]");

    private readonly Option<string?> _weights = SharedOptions.Text(
        "--weights",
        "DIR|imagenet",
        "A folder with NAME*.safetensors or NAME*.pth; a network without one starts at random. "
            + "imagenet: the published weights, fetched where they are missing.");

    private readonly Option<int?> _folds =
        SharedOptions.Number<StudyOptions, int>("--folds", nameof(StudyOptions.Folds), "N", "Folds. [default: 5]");

    private readonly Option<int?> _epochs =
        SharedOptions.Number<TrainingOptions, int>("--epochs", nameof(TrainingOptions.Epochs), "N", "Epochs. [default: 100]");

    private readonly Option<int?> _batchSize =
        SharedOptions.Number<TrainingOptions, int>("--batch-size", nameof(TrainingOptions.BatchSize), "N", "Images a step. [default: 32]");

    private readonly Option<double?> _learningRate = SharedOptions.Number<LambOptions, double>(
        "--learning-rate", nameof(LambOptions.LearningRate), "RATE", "LAMB's initial rate. [default: 3e-4]");

    private readonly Option<int?> _maxImages = SharedOptions.Number<StudyOptions, int>(
        "--max-images", nameof(StudyOptions.MaxImages), "N", "Take N images, with the classes' shares kept.");

    private readonly Option<long?> _seed = SharedOptions.Number<StudyOptions, long>(
        "--seed", nameof(StudyOptions.Seed), "N", "Decides folds, heads and all that training draws. [default: 0]");

    private readonly Option<int?> _seeds = SharedOptions.Number<StudyOptions, int>(
        "--seeds",
        nameof(StudyOptions.Seeds),
        "N",
        "Train each network on each fold N times, from N seeds, and report the spread; "
            + "controls and maps are of the first alone. [default: 1]");

    private readonly Option<double?> _setLevel = SharedOptions.Number<StudyOptions, double>(
        "--set-level",
        nameof(StudyOptions.SetLevel),
        "P",
        "How often the prediction sets that come with the networks are to hold the class of an image. [default: 0.9]");

    private readonly Option<string?> _groupBy = SharedOptions.Text(
        "--group-by",
        FoldWords.Placeholder,
        "How folds are drawn: image by image, the paper's way; by patient; by source, such as publications, and patient too; "
            + "each source left out in turn; across collections, in two folds; by the data set's official split; "
            + "or by any other column of a manifest. [default: image]");

    private readonly Option<string?> _train = SharedOptions.Choice(
        "--train", "Fine-tune all weights, or train the head alone. [default: all]", "all", "head");

    private readonly Option<string?> _input = SharedOptions.Choice(
        "--input", "The paper's canvas, or the square that it argues against. [default: canvas]", "canvas", "stretch");

    private readonly Option<string?> _augmentation = SharedOptions.Choice(
        "--augmentation",
        "What is done to training images at random: what the paper says; or, besides, what its authors' code does: "
            + "sizes from 80 % of the canvas's area, any place on it, and blurs of 2 pixels. [default: paper]",
        "paper",
        "authors");

    private readonly Option<string?> _controls = SharedOptions.Choice(
        "--controls",
        "What is asked besides, to see what the figures are worth: random labels and images without lungs, on features, "
            + "and an audit of maps; the same with the networks trained anew, each of which takes as long as the study; "
            + "or nothing. [default: features]",
        "features",
        "full",
        "none");

    private readonly ReadingOptions _reading = ReadingOptions.ForData();
    private readonly Option<string?> _device = SharedOptions.Device();

    private readonly Option<string?> _precision = SharedOptions.Choice(
        "--precision",
        "What convolutions compute in; weights and loss are float32 always. "
            + "auto: bfloat16 on a card that has it. [default: auto]",
        "auto",
        "float32",
        "bfloat16");

    private readonly Option<bool> _deterministic = new("--deterministic")
    {
        Description = "The same bits each time on a card too, slower; the processor's always are.",
    };

    private readonly Option<int?> _threads = SharedOptions.Number<TrainingOptions, int>(
        "--threads",
        nameof(TrainingOptions.Threads),
        "N",
        "Threads of a job; another number gives other bits. [default: the cores, shared by the jobs]");

    private readonly Option<int?> _jobs = SharedOptions.Number<JobOptions, int>(
        "--jobs", nameof(JobOptions.Jobs), "N", "Runs that are trained at once, each in a process of its own. [default: 1]");

    private readonly Option<string?> _out = SharedOptions.Text("--out", "DIR", "The output folder. [default: a new one under out/]");
    private readonly Option<bool> _tensorBoard = new("--tensorboard")
    {
        Description = "Write losses, figures, confusion matrices and maps for TensorBoard too, into tensorboard/ of the output folder.",
    };

    private readonly Option<bool> _resume = new("--resume") { Description = "Go on with the study in the output folder." };

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All =>
    [
        .. _data.OfOne, _backbones, _weights, _folds, _epochs, _batchSize, _learningRate, _groupBy, .. _data.OfTest, _train, _input,
        _augmentation, _maxImages, _seed, _seeds, _setLevel, _controls, .. _reading.All, _device, _precision, _deterministic, _threads,
        _jobs, _out, _tensorBoard, _resume, SharedOptions.Json(),
    ];

    /// <summary>How many runs are to be trained at once.</summary>
    public int Jobs(ParseResult parsed) => parsed.GetValue(_jobs) ?? new JobOptions().Jobs;

    /// <summary>What reads the images.</summary>
    public IImageDecoder Decoder(ParseResult parsed) => _reading.Of(parsed);

    /// <summary>Whether the study is to be written for TensorBoard.</summary>
    public bool IsForTensorBoard(ParseResult parsed) => parsed.GetValue(_tensorBoard);

    /// <summary>Begins a study, or goes on with one, in its folder.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="study">Who does it.</param>
    /// <param name="work">What is done, with the data set, the options and the folder; it returns the exit code.</param>
    public int Begin(ParseResult parsed, Study study, Func<CtDataset, StudyOptions, StudyFolder, int> work)
    {
        var options = _data.IsGiven(parsed) ? new StudyOptions { Networks = BackboneSpec.Paper } : PhantomStudy.Options();
        Apply(parsed, options);
        study.Check(options); // Nothing is written for a study that can't begin.
        var given = _data.Open(parsed, Decoder(parsed));
        if (given is null && _data.HasTest(parsed))
        {
            throw new UsageException("--test takes --data with it: the data set to train on.");
        }

        FoldWords.RequireColumn(options.GroupBy, given);
        using var folder = StudyFolder.Open(OutputFolder(parsed), parsed.GetValue(_resume));
        try
        {
            var dataset = given ?? PhantomStudy.WriteData(folder, options.Seed, new Relay<StudyProgress>(Warn), cancellationToken);
            Introduce(dataset, options, folder.FullPath);
            return work(dataset, options, folder);
        }
        catch (OperationCanceledException e)
        {
            throw new OperationCanceledException($"Cancelled. {HowToGoOn(folder)}", e, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The study can't be written: {e.Message}. {HowToGoOn(folder)}");
        }
    }

    private void Warn(StudyProgress progress)
    {
        if (progress is Study.Warning { Message: var message })
        {
            console.Warning(message);
        }
    }

    private void Apply(ParseResult parsed, StudyOptions options)
    {
        if (parsed.GetValue(_backbones) is { } names)
        {
            options.Networks = SharedOptions.NetworksOf(names);
        }

        options.WeightsFolder = PublishedFiles.FolderOf(parsed.GetValue(_weights), console, options.Networks, cancellationToken);
        options.Folds = parsed.GetValue(_folds) ?? options.Folds;
        options.MaxImages = parsed.GetValue(_maxImages);
        options.Seed = parsed.GetValue(_seed) ?? options.Seed;
        options.Seeds = parsed.GetValue(_seeds) ?? options.Seeds;
        options.SetLevel = parsed.GetValue(_setLevel) ?? options.SetLevel;
        options.GroupBy = _data.GroupByOf(parsed, _groupBy) ?? options.GroupBy;
        options.Controls = parsed.GetValue(_controls) switch
        {
            "none" => StudyControls.None,
            "full" => StudyControls.Retrained,
            _ => StudyControls.Features,
        };
        options.Canvas.Fit = parsed.GetValue(_input) == "stretch" ? CanvasFit.Stretch : CanvasFit.KeepAspect;
        options.Training.Augmentation = parsed.GetValue(_augmentation) == "authors" ? AugmentationOptions.Authors : new();
        options.Training.Epochs = parsed.GetValue(_epochs) ?? options.Training.Epochs;
        options.Training.BatchSize = parsed.GetValue(_batchSize) ?? options.Training.BatchSize;
        options.Training.Lamb.LearningRate = parsed.GetValue(_learningRate) ?? options.Training.Lamb.LearningRate;
        options.Training.Threads = parsed.GetValue(_threads) ?? Math.Max(1, options.Training.Threads / Jobs(parsed));
        options.Training.Train = parsed.GetValue(_train) == "head" ? NetworkPart.Head : NetworkPart.All;
        options.Training.Device = SharedOptions.DeviceOf(parsed.GetValue(_device));
        options.Training.Precision = Enum.Parse<ComputePrecision>(parsed.GetValue(_precision) ?? "auto", ignoreCase: true);
        options.Training.Deterministic = parsed.GetValue(_deterministic);
        if (options.Training.Deterministic)
        {
            NativeEnvironment.PrepareForDeterminism();
        }
    }

    private string OutputFolder(ParseResult parsed)
    {
        if (parsed.GetValue(_out) is { } chosen)
        {
            return Path.GetFullPath(chosen);
        }

        var parent = Path.GetFullPath("out");
        if (parsed.GetValue(_resume) && Directory.Exists(parent)
            && Directory.EnumerateDirectories(parent).Order(StringComparer.Ordinal).LastOrDefault() is { } latest)
        {
            console.Line($"Going on with the latest folder, {latest}.");
            return latest;
        }

        var name = DateTime.Now.ToString("yyyy-MM-dd-HHmmss", CultureInfo.InvariantCulture);
        var folder = Path.Combine(parent, name);
        for (var i = 2; Directory.Exists(folder); i++)
        {
            folder = Path.Combine(parent, $"{name}-{i}");
        }

        return folder;
    }

    private static string HowToGoOn(StudyFolder folder) =>
        $"What was finished is kept; give the same command with --out {folder.FullPath} --resume to go on.";

    private void Introduce(CtDataset dataset, StudyOptions options, string folder)
    {
        var patients = dataset.HasPatients ? $"{Patients(dataset)} patients" : "patients unknown";
        var taken = options.MaxImages < dataset.Samples.Count ? $"; {options.MaxImages} are taken" : "";
        console.Line(string.Create(CultureInfo.InvariantCulture,
            $"{dataset.Name}: {dataset.Samples.Count} images ({Classes(dataset)}), {patients}{taken}"));
        var guess = dataset.IsPositiveGuessed ? $", which is a guess. {Remedy.OfGuess}" : "";
        console.Line($"Positive class: {dataset.Classes[dataset.Positive]}{guess}");
        var design = DesignWords.Brief(options.GroupBy, Fold.Number(dataset, options.GroupBy, options.Folds), dataset.Name);
        var training = options.Training;
        var seeds = options.Seeds == 1 ? "" : $" × {Counted(options.Seeds, "seed")}";
        console.Line(string.Create(CultureInfo.InvariantCulture,
            $"{Counted(options.Networks.Count, "network")} × {design} × {Counted(training.Epochs, "epoch")}{seeds}; "
                + $"LAMB at {training.Lamb.LearningRate:0.##e+0}, batch {training.BatchSize}, seed {options.Seed}"));
        console.Line($"Output: {folder}");
        console.Line();
    }

    private static string Counted(int count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");

    private static string Classes(CtDataset dataset) => string.Join(", ", dataset.Classes.Select((name, label) =>
        string.Create(CultureInfo.InvariantCulture, $"{dataset.Samples.Count(sample => sample.Label == label)} {name}")));

    private static int Patients(CtDataset dataset) =>
        dataset.Samples.Select(sample => sample.Patient).OfType<string>().Distinct(StringComparer.Ordinal).Count();
}
