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

    private readonly Option<string?> _recipe = SharedOptions.Text(
        "--recipe",
        "NAME|FILE",
        $"All that training depends on, by name or from a file: {string.Join(", ", RecipeFile.Names)}. What is given beside it "
            + "is changed of it. [default: paper]");

    private readonly Option<string[]?> _recipes = new("--recipes")
    {
        Description = "Recipes to choose among, by name or from files, fixed beforehand, from the simplest to the least simple.",
        HelpName = "NAME|FILE",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

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

    /// <summary>Those of a search among recipes.</summary>
    public IEnumerable<Option> OfSearch => All.Select(option => option == _recipe ? _recipes : option);

    /// <summary>Those of a study, which may be a search.</summary>
    public IEnumerable<Option> OfEither => All.SelectMany(option => option == _recipe ? [_recipe, _recipes] : (Option[])[option]);

    /// <summary>How many recipes are to be chosen among; 0 where none are.</summary>
    public int Recipes(ParseResult parsed) => parsed.GetValue(_recipes)?.Length ?? 0;

    /// <summary>All of a study.</summary>
    public IEnumerable<Option> All =>
    [
        .. _data.OfOne, _backbones, _weights, _folds, _recipe, _epochs, _batchSize, _learningRate, _groupBy, .. _data.OfTest, _train,
        _input, _augmentation, _maxImages, _seed, _seeds, _setLevel, _controls, .. _reading.All, _device, _precision, _deterministic,
        _threads, _jobs, _out, _tensorBoard, _resume, SharedOptions.Json(),
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
        ApplyRecipes(parsed, options);
        options.Training.Threads = parsed.GetValue(_threads) ?? Math.Max(1, options.Training.Threads / Jobs(parsed));
        options.Training.Device = SharedOptions.DeviceOf(parsed.GetValue(_device));
        options.Training.Precision = Enum.Parse<ComputePrecision>(parsed.GetValue(_precision) ?? "auto", ignoreCase: true);
        options.Training.Deterministic = parsed.GetValue(_deterministic);
        if (options.Training.Deterministic)
        {
            NativeEnvironment.PrepareForDeterminism();
        }
    }

    /// <summary>Takes the recipes that are named, or the study's own, and what is given of them by options of their own.</summary>
    private void ApplyRecipes(ParseResult parsed, StudyOptions options)
    {
        var named = parsed.GetValue(_recipes) is { Length: > 0 } several ? several
            : parsed.GetValue(_recipe) is { } one ? [one]
            : [];
        if (named.Length == 0)
        {
            var own = Recipe.Of(options);
            Change(parsed, own);
            own.ApplyTo(options);
            options.Recipe = null;
            return;
        }

        List<Recipe> recipes = [.. named.Select(RecipeFile.Find)];
        foreach (var recipe in recipes)
        {
            if (!_data.IsGiven(parsed))
            {
                (recipe.Epochs, recipe.BatchSize) = (options.Training.Epochs, options.Training.BatchSize);
                recipe.Changed = string.Create(
                    CultureInfo.InvariantCulture, $"the phantom's {recipe.Epochs} epochs and batches of {recipe.BatchSize}");
            }

            if (Change(parsed, recipe) is { Length: > 0 } changed)
            {
                recipe.Changed = recipe.Changed is null ? changed : $"{recipe.Changed}, {changed}";
            }
        }

        recipes[0].ApplyTo(options);
        options.Recipes = recipes[1..];
    }

    /// <summary>Takes what is given of a recipe by options of its own; gives these options.</summary>
    private string Change(ParseResult parsed, Recipe recipe)
    {
        recipe.Input = parsed.GetValue(_input) switch
        {
            "stretch" => CanvasFit.Stretch,
            "canvas" => CanvasFit.KeepAspect,
            _ => recipe.Input,
        };
        recipe.Augmentation = parsed.GetValue(_augmentation) switch
        {
            "authors" => AugmentationOptions.Authors,
            "paper" => new(),
            _ => recipe.Augmentation,
        };
        recipe.Train = parsed.GetValue(_train) switch
        {
            "head" => NetworkPart.Head,
            "all" => NetworkPart.All,
            _ => recipe.Train,
        };
        recipe.Epochs = parsed.GetValue(_epochs) ?? recipe.Epochs;
        recipe.BatchSize = parsed.GetValue(_batchSize) ?? recipe.BatchSize;
        recipe.Lamb.LearningRate = parsed.GetValue(_learningRate) ?? recipe.Lamb.LearningRate;
        Option[] changing = [_input, _augmentation, _train, _epochs, _batchSize, _learningRate];
        return string.Join(", ", changing.Where(option => parsed.GetResult(option) is { Implicit: false }).Select(option =>
            $"{option.Name} {string.Join(' ', parsed.GetResult(option)!.Tokens.Select(token => token.Value))}"));
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
            $"{Recipes(options)}{Counted(options.Networks.Count, "network")} × {design} × {Counted(training.Epochs, "epoch")}{seeds}; "
                + $"LAMB at {training.Lamb.LearningRate:0.##e+0}, batch {training.BatchSize}, seed {options.Seed}"));
        console.Line($"Output: {folder}");
        console.Line();
    }

    private static string Recipes(StudyOptions options) => options.Recipe is not { } own ? ""
        : (options.Recipes.Count == 0 ? $"Recipe {own}"
            : $"Recipes {string.Join(", ", [own, .. options.Recipes.Select(recipe => recipe.Name)])}, of which what follows is the first")
            + (options.RecipeChanges is { } changes ? $", with {changes}: " : ": ");

    private static string Counted(int count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");

    private static string Classes(CtDataset dataset) => string.Join(", ", dataset.Classes.Select((name, label) =>
        string.Create(CultureInfo.InvariantCulture, $"{dataset.Samples.Count(sample => sample.Label == label)} {name}")));

    private static int Patients(CtDataset dataset) =>
        dataset.Samples.Select(sample => sample.Patient).OfType<string>().Distinct(StringComparer.Ordinal).Count();
}
