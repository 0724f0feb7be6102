using CovidCt.Answers;
using CovidCt.Compute;
using CovidCt.Controls;
using CovidCt.Data;
using CovidCt.Embedding;
using CovidCt.Evaluation;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Models;
using CovidCt.Models.Runtime;
using CovidCt.Progress;
using CovidCt.Recipes;
using CovidCt.Records;
using TorchSharp;

namespace CovidCt.Studies;

/// <summary>A run folder whose run is finished: what its network answered on its test images, and on what data.</summary>
public sealed class FinishedRun
{
    private readonly RunLayout _layout;
    private readonly RunConfiguration _configuration;
    private readonly IBackboneFactory _backbones;
    private readonly IImageDecoder _decoder;
    private readonly Lazy<HashSet<string>> _tested;
    private readonly Lazy<HashSet<string>?> _drawn;
    private bool _networkIsChecked;

    private FinishedRun(
        RunLayout layout,
        RunConfiguration configuration,
        IReadOnlyList<Prediction> predictions,
        IBackboneFactory backbones,
        IImageDecoder decoder) =>
        (_layout, _configuration, Predictions, _backbones, _decoder, _tested, _drawn) = (
            layout, configuration, predictions, backbones, decoder,
            new(() => Predictions!.Select(prediction => prediction.Path).ToHashSet(StringComparer.Ordinal)),
            new(() => DrawnImages()?.ToHashSet(StringComparer.Ordinal)));

    /// <summary>The folder.</summary>
    public string FullPath => _layout.Root;

    /// <summary>Where everything lies in it.</summary>
    public RunLayout Layout => _layout;

    /// <summary>The network's answers on the images of the test fold.</summary>
    public IReadOnlyList<Prediction> Predictions { get; }

    /// <summary>The network's published name.</summary>
    public string Network => Predictions[0].Network;

    /// <summary>The folder or manifest that the data set was read from; null where an older version left no word of it.</summary>
    public string? DataPath => _configuration.Stated.DataPath;

    /// <summary>Opens a run folder.</summary>
    /// <param name="path">The folder of one network and fold.</param>
    /// <param name="backbones">Makes its network; null makes this library's.</param>
    /// <param name="decoder">Decodes its images; null takes SkiaSharp. Its name is the one that the run remembers.</param>
    /// <exception cref="RunFolderException">
    /// There is no finished run; where the folder holds some further below, the message names one. Or its images were read by another
    /// decoder (<see cref="FolderProblem.OtherDecoder"/>).
    /// </exception>
    public static FinishedRun Open(string path, IBackboneFactory? backbones = null, IImageDecoder? decoder = null)
    {
        var run = OpenToAnswer(path, backbones, decoder);
        RecordedDecoder.ThrowIfOther(run.FullPath, run._configuration.Stated.Decoder, run._decoder);
        return run;
    }

    /// <summary>The same for whoever reads no image of the study.</summary>
    internal static FinishedRun OpenToAnswer(string path, IBackboneFactory? backbones, IImageDecoder? decoder)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var layout = new RunLayout(Path.GetFullPath(path));
        if (!Directory.Exists(layout.Root))
        {
            throw new RunFolderException($"The run folder {layout.Root} isn't there.");
        }

        if (!layout.IsFinished || RunConfiguration.ReadFrom(layout.Configuration) is not { } configuration)
        {
            var runs = Directory.EnumerateFiles(layout.Root, StudyLayout.PredictionsName, SearchOption.AllDirectories)
                .Select(file => new RunLayout(Path.GetDirectoryName(file)!)).Where(run => run.IsFinished).Select(run => run.Root)
                .Order(StringComparer.Ordinal).ToList();
            throw new RunFolderException(runs.Count == 0
                ? $"{layout.Root} holds no finished run."
                : $"{layout.Root} is no run, but holds {(runs.Count == 1 ? "one" : "several")}. Give "
                    + $"{runs[0]}{(runs.Count == 1 ? "" : ", for instance")}.");
        }

        try
        {
            var predictions = layout.ReadPredictions();
            return predictions.Count > 0
                ? new(layout, configuration, predictions, backbones ?? new BackboneFactory(), decoder ?? new SkiaImageDecoder())
                : throw new RunFolderException($"{layout.Predictions} holds no predictions.");
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new RunFolderException($"{layout.Predictions} can't be read: {e.Message}", e);
        }
    }

    /// <summary>Whether a folder holds folds, as <see cref="LoadEnsemble"/> takes them.</summary>
    /// <param name="folder">The folder of the folders <c>fold-0</c>, <c>fold-1</c> and so on.</param>
    public static bool HoldsFolds(string folder) => FinishedFolds.AreIn(folder);

    /// <summary>
    /// The networks of all folds below a folder such as <c>runs/resnet18</c> of a study as one, in the order of the folds; with those of
    /// further seeds behind them, seed by seed, where they are asked for, and then with a calibration and prediction sets of its own
    /// (<see cref="CtEnsemble.Calibration"/>).
    /// </summary>
    /// <param name="folder">
    /// The folder of the folders <c>fold-0</c>, <c>fold-1</c> and so on: <see cref="StudyLayout.RunsOf"/> of a network.
    /// </param>
    /// <param name="backbones">Makes the networks; null makes this library's.</param>
    /// <param name="decoder">
    /// Decodes images; null takes SkiaSharp. Where the runs remember a decoder, its name is theirs.
    /// </param>
    /// <param name="device">Where the networks answer.</param>
    /// <param name="seeds">
    /// From how many seeds, from 1, which is the folder's alone; null takes all that the study was begun with (<c>seeds/1</c> and so on).
    /// </param>
    /// <exception cref="ArgumentException">The device isn't there, or the number of seeds is below 1.</exception>
    /// <exception cref="RunFolderException">
    /// A fold or seed is missing, not finished, or of other settings than the first; the message says which. Or the runs remember another
    /// decoder (<see cref="FolderProblem.OtherDecoder"/>).
    /// </exception>
    /// <exception cref="Networks.WeightsException">A network's file, or the features beside it, is damaged.</exception>
    /// <exception cref="NativeRuntimeException">libtorch is missing or can't be loaded.</exception>
    public static CtEnsemble LoadEnsemble(
        string folder, IBackboneFactory? backbones = null, IImageDecoder? decoder = null, ComputeDevice device = ComputeDevice.Cpu,
        int? seeds = 1)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentOutOfRangeException.ThrowIfLessThan(seeds ?? 1, 1, nameof(seeds));
        TorchRuntime.EnsureLoaded();
        _ = Devices.Resolve(device); // One that isn't there is not the folder's fault.
        var runs = FinishedSeeds.Open(Path.GetFullPath(folder), seeds, backbones, decoder);
        try
        {
            return CtEnsemble.Of(
                runs.All.Select(run => CtClassifier.Load(run.FullPath, run._backbones, run._decoder, device)), runs.Facts());
        }
        catch (ArgumentException e)
        {
            throw new RunFolderException($"The networks in {folder} are not of one study. {e.Message}", e);
        }
    }

    /// <summary>The run's network with its description, which the caller disposes.</summary>
    /// <exception cref="Networks.WeightsException">The network's file is damaged.</exception>
    /// <exception cref="RunFolderException">The network's file is not what was written.</exception>
    public (ModelDescription Description, IBackbone Backbone) LoadNetwork()
    {
        if (!_networkIsChecked)
        {
            _layout.Sums.Check(_layout.Network);
            _networkIsChecked = true; // A large file is hashed once.
        }

        return ModelFile.Load(_layout.Network, _backbones);
    }

    /// <summary>The same on a device.</summary>
    /// <exception cref="ArgumentException">The device isn't there.</exception>
    /// <exception cref="Networks.WeightsException">The network's file is damaged.</exception>
    internal (ModelDescription Description, IBackbone Backbone) LoadNetwork(ComputeDevice device)
    {
        var there = Devices.Resolve(device);
        var loaded = LoadNetwork();
        loaded.Backbone.Network.to(there);
        return loaded;
    }

    /// <summary>The data set that the run was made on, as far as its study took it.</summary>
    /// <param name="path">Where it is now; null takes where it was.</param>
    /// <returns>The data set, whose positive class is the one that the run was made with.</returns>
    /// <exception cref="UnusableDataException">
    /// It isn't there, is another one or has other classes, or the run doesn't say where it was.
    /// </exception>
    /// <exception cref="RunFolderException">It was generated into a study's folder, and is not what was written.</exception>
    public CtDataset OpenData(string? path = null)
    {
        var stated = _configuration.Stated;
        var place = path ?? DataPath
            ?? throw new UnusableDataException($"{FullPath} doesn't say where its data set was: give its folder.");
        CheckPhantom(new(Path.GetDirectoryName(Path.GetFullPath(place)) ?? place), place);
        var dataset = OpenAt(place, stated.Positive);
        return Taken(stated.TestDataPath is { } test ? dataset.TestedOn(OpenAt(test, stated.TestPositive)) : dataset);
    }

    /// <summary>
    /// The part of a data set that the run's study took, with the labels, the positive class and the significant bits that it had: for one
    /// whose images are no files, or that was changed after it was opened. <see cref="OpenData"/> opens files.
    /// </summary>
    /// <param name="dataset">The data set that the study was asked to take.</param>
    /// <exception cref="UnusableDataException">It is another one or has other classes.</exception>
    public CtDataset Taken(CtDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        dataset.ThrowIfInvalid();
        var stated = _configuration.Stated;
        if (stated.Classes is { } classes && !classes.SequenceEqual(dataset.Classes))
        {
            throw new UnusableDataException($"{dataset.Root} is not the data set of {FullPath}: it has the classes "
                + $"{string.Join(", ", dataset.Classes)}, and the run was made with {string.Join(", ", classes)}.");
        }

        var asked = stated.Options;
        dataset = stated.Positive is { } positive ? dataset.WithPositive(positive) : dataset;
        var chosen = RandomLabels.For(asked.TakenFrom(dataset), asked.Control, asked.Seed);
        var known = chosen.Samples.ToDictionary(sample => sample.Path, sample => chosen.Classes[sample.Label], StringComparer.Ordinal);
        var strange = Predictions.FirstOrDefault(prediction => known.GetValueOrDefault(prediction.Path) != prediction.Label);
        return strange is null
            ? chosen with { SampleBits = SampleBitsOf(chosen) }
            : throw new UnusableDataException(
                $"{dataset.Root} is not the data set of {FullPath}: {strange.Path}, which was tested as {strange.Label}, is not in it.");
    }

    // Before it was recorded, the high byte was taken of samples of 16 bits.
    private int? SampleBitsOf(CtDataset dataset) =>
        _configuration.TookHighBytes && dataset.WithSampleBits(_decoder).SampleBits is not null ? 16 : _configuration.Stated.SampleBits;

    private static void CheckPhantom(StudyLayout study, string place)
    {
        if (Path.GetFullPath(place) == study.Phantom)
        {
            var sums = study.Sums;
            foreach (var file in study.PhantomFiles)
            {
                sums.Check(file);
            }
        }
    }

    private CtDataset OpenAt(string place, string? positive)
    {
        try
        {
            return CtDataset.Open(place, positive, _decoder);
        }
        catch (ArgumentException e) when (positive is not null)
        {
            throw new UnusableDataException(
                $"{place} is not the data set of {FullPath}: it has no class '{positive}', the run's positive one.", e);
        }
    }

    /// <summary>The finished runs of the same network on the other folds of the study that the run is of.</summary>
    public IReadOnlyList<FinishedRun> OtherFolds() => Path.GetDirectoryName(FullPath) is { } parent && Directory.Exists(parent)
        ?
        [
            .. Directory.EnumerateDirectories(parent, "fold-*").Order(StringComparer.Ordinal)
                .Where(folder => folder != FullPath && new RunLayout(folder) is { IsFinished: true } run && File.Exists(run.Configuration))
                .Select(folder => Open(folder, _backbones, _decoder)).Where(run => run.Network == Network),
        ]
        : [];

    /// <summary>Whether images were explained: <see cref="Explain"/>.</summary>
    public bool HasMaps => _layout.Sums.Has(_layout.MapList);

    /// <summary>
    /// Whether its maps were audited: <see cref="AuditMaps"/>. An audit by an older version counts as little as a damaged one: neither
    /// can be read.
    /// </summary>
    public bool HasMapAudit
    {
        get
        {
            try
            {
                return _layout.Sums.Has(_layout.MapAudit) && RunMapAudit.Read(_layout.MapAudit) is not null;
            }
            catch (InvalidDataException)
            {
                return false;
            }
        }
    }

    /// <summary>Whether its features were embedded: <see cref="Embed"/>.</summary>
    public bool HasEmbedding => _layout.Sums.Has(_layout.EmbeddingFacts);

    /// <summary>Whether it tells inputs that are unlike its training images: <see cref="MakeReference"/>.</summary>
    public bool HasReference => _layout.Sums.Has(_layout.Reference) && _layout.Sums.Has(_layout.Distances);

    /// <summary>
    /// Whether its network has what is fitted to its answers: a calibration (<see cref="RunLayout.ReadCalibration"/>), sets
    /// (<see cref="RunLayout.ReadSets"/>), or both.
    /// </summary>
    public bool HasCalibration => _layout.Sums.Has(_layout.Calibration);

    /// <summary>
    /// Explains the class that the network answered in test images, the misclassified ones above all, and leaves pictures and
    /// <c>maps.json</c> in <see cref="RunLayout.Maps"/>.
    /// </summary>
    /// <param name="dataset">The data set, as <see cref="OpenData"/> opens it.</param>
    /// <param name="options">Which images, and how; null takes the defaults.</param>
    /// <param name="progress">Told how many images are done.</param>
    /// <param name="cancellationToken">Stops between two images; the list is not written then.</param>
    /// <returns>How many images were explained.</returns>
    /// <exception cref="ArgumentException">
    /// An option is out of its range, the network has no such layer (the message lists similar ones), or the device isn't there.
    /// </exception>
    /// <exception cref="ImageRejectedException">An image that was tested can't be read any more.</exception>
    /// <exception cref="IOException">The files can't be written.</exception>
    public int Explain(
        CtDataset dataset, RunMapOptions? options = null, IProgress<StepProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        new RunExplainer(_decoder).Write(this, dataset, options, progress, cancellationToken);

    /// <summary>
    /// Audits the maps of the classes that the network answers in some of its test images, and leaves
    /// <see cref="RunLayout.MapAudit"/>.
    /// </summary>
    /// <param name="dataset">The data set, as <see cref="OpenData"/> opens it.</param>
    /// <param name="others">
    /// Runs of the same network whose maps of the same images are compared, such as those on other folds; those of another network or of
    /// the run itself are passed over. Where some trained on none of the images, only those are compared; in a cross-validation all
    /// trained on them.
    /// </param>
    /// <param name="options">Which images, and how; null takes the defaults.</param>
    /// <param name="progress">Told how many images, and how many levels of randomisation, are done.</param>
    /// <param name="cancellationToken">Stops between batches; nothing is written then.</param>
    /// <exception cref="ArgumentException">
    /// An option is out of its range, the network has no such layer (the message lists similar ones), or the device isn't there.
    /// </exception>
    /// <exception cref="UnusableDataException">A picture of findings can't be read or is not as large as its image.</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    public RunMapAudit AuditMaps(
        CtDataset dataset, IEnumerable<FinishedRun>? others = null, RunMapOptions? options = null, IProgress<StepProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        new RunMapAuditor(_backbones, _decoder).Write(this, dataset, others, options, progress, cancellationToken);

    /// <summary>
    /// Embeds the features of training and test images together, as the paper's figures 11 and 12 do, and leaves
    /// <see cref="RunLayout.EmbeddingPoints"/> and <see cref="RunLayout.EmbeddingFacts"/>.
    /// </summary>
    /// <param name="dataset">The data set, as <see cref="OpenData"/> opens it; unreadable images are left out.</param>
    /// <param name="options">
    /// How, and where the network runs too; null takes the defaults, and for the network a CUDA card where libtorch finds one.
    /// </param>
    /// <param name="progress">Told what is done, and how far it is.</param>
    /// <param name="cancellationToken">Stops it; nothing is written then.</param>
    /// <exception cref="ArgumentException">
    /// The features can't be embedded, such as those of a network that answers the same to every image.
    /// </exception>
    /// <exception cref="IOException">The files can't be written.</exception>
    public TsneEmbedding Embed(
        CtDataset dataset, TsneOptions? options = null, IProgress<StepProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        RunEmbedder.Write(this, dataset, options, progress, cancellationToken);

    /// <summary>
    /// Keeps the features of the training images, by which <see cref="CtClassifier"/> tells inputs that are unlike them, and leaves
    /// <see cref="RunLayout.Reference"/> and, how far each test image is from them, <see cref="RunLayout.Distances"/>.
    /// </summary>
    /// <param name="dataset">The data set, as <see cref="OpenData"/> opens it; unreadable images are left out.</param>
    /// <param name="options">How; null takes the defaults.</param>
    /// <param name="progress">Told how many images are done.</param>
    /// <param name="cancellationToken">Stops between batches; nothing is written then.</param>
    /// <exception cref="ArgumentException">
    /// The network has no finite features of some image, the device isn't there, or an option is out of its range.
    /// </exception>
    /// <exception cref="IOException">A file can't be written.</exception>
    public void MakeReference(
        CtDataset dataset, TrainingReferenceOptions? options = null, IProgress<StepProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        RunReferenceMaker.Write(this, dataset, options, progress, cancellationToken);

    /// <summary>
    /// Some of the images that the network was trained on, such as show the ranges of its values: always the same ones of a data set, at
    /// random places in it. Unreadable images are passed over.
    /// </summary>
    /// <param name="dataset">The data set, as <see cref="OpenData"/> opens it.</param>
    /// <param name="most">How many, from 1; fewer where there are fewer.</param>
    /// <param name="cancellationToken">Stops between two images.</param>
    /// <exception cref="RunFolderException">The file of the folds is damaged.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<GrayImage> TrainingImages(CtDataset dataset, int most, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        string[] trained = [.. dataset.Samples.Select(sample => sample.Path).Where(TrainedOn)];
        new CounterRandom(0, trained.Length).Shuffle<string>(trained);
        var decoder = _decoder.ForSamples(dataset.SampleBits);
        return [.. trained.Select(Decoded).OfType<GrayImage>().Take(most)];

        GrayImage? Decoded(string path)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return decoder.Decode(dataset.Read(path));
            }
            catch (ImageRejectedException)
            {
                return null;
            }
        }
    }

    /// <summary>
    /// The run's <see cref="Predictions"/> with the probabilities that a classifier answers, such as one on the network's ONNX file.
    /// </summary>
    /// <param name="classifier">What answers.</param>
    /// <param name="dataset">The data set, as <see cref="OpenData"/> opens it.</param>
    /// <param name="member">Which of its networks, from 0; null is all as one.</param>
    /// <param name="progress">Told how many images are done.</param>
    /// <param name="cancellationToken">Stops between two images.</param>
    /// <exception cref="ImageRejectedException">An image that was tested can't be read any more.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<Prediction> TestWith(
        ICtClassifier classifier, CtDataset dataset, int? member = null, IProgress<StepProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(dataset);
        var decoder = _decoder.ForSamples(dataset.SampleBits);
        return [.. Predictions.Select((prediction, done) => prediction with { Probability = Answer(prediction.Path, done + 1) })];

        double Answer(string path, int done)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var answer = classifier.Classify(decoder.Decode(dataset.Read(path)));
            progress?.Report(new(StepKind.Testing, done, Predictions.Count));
            return member is { } number && answer.Members.Count > 0 ? answer.Members[number].Probability : answer.Probability;
        }
    }

    /// <summary>Loads the network, and opens the study's canvases or decodes the images.</summary>
    internal PreparedRun Prepare(CtDataset dataset, ComputeDevice device, CancellationToken cancellationToken) =>
        PreparedRun.Open(this, dataset, _decoder, device, cancellationToken);

    /// <summary>Where the study that the run lies in keeps its decoded images; null where the run lies in no study.</summary>
    internal string? Canvases => StudyLayout.Of(_layout)?.Canvases;

    /// <summary>
    /// The images that the study drew its folds of: what was added to the data set since has no part in the run. Null of an older study,
    /// which left no word of it.
    /// </summary>
    /// <exception cref="RunFolderException">The file is damaged.</exception>
    private List<string>? DrawnImages()
    {
        if (StudyLayout.Of(_layout) is not { } study || !File.Exists(study[StudyLayout.FoldsName]))
        {
            return null;
        }

        try
        {
            return [.. study.ReadFolds().Select(row => row.Path)];
        }
        catch (InvalidDataException e)
        {
            throw new RunFolderException($"{e.Message} Go on with the study, which writes it again.", e);
        }
    }

    /// <summary>Whether the network was tested on an image of the data set.</summary>
    internal bool TestedOn(string path) => _tested.Value.Contains(path);

    /// <summary>
    /// Whether the network was trained on an image of the data set: on those that its study drew folds of, but for the ones that it was
    /// tested on. Of an older study, which left no word of what it drew, on all the others.
    /// </summary>
    /// <exception cref="RunFolderException">The file of the folds is damaged.</exception>
    internal bool TrainedOn(string path) => !TestedOn(path) && _drawn.Value?.Contains(path) != false;

    /// <summary>How many folds the study has; null where an older version left no word of it.</summary>
    internal int? FoldsOfStudy => _configuration.Stated.Folds;

    /// <summary>What of the settings differs from another run's, but for the fold.</summary>
    internal IReadOnlyList<string> DifferencesFrom(FinishedRun other) =>
    [
        .. _configuration.DifferencesFrom(other._configuration)
            .Where(difference => !difference.StartsWith("fold:", StringComparison.Ordinal)),
    ];
}
