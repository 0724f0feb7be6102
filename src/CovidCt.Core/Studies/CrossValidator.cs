using CovidCt.Augmentation;
using CovidCt.Canvases;
using CovidCt.Compute;
using CovidCt.Controls;
using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Models;
using CovidCt.Models.Runtime;
using CovidCt.Models.Weights;
using CovidCt.Networks;
using CovidCt.Progress;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Training;
using CovidCt.Weights;
using static TorchSharp.torch;

namespace CovidCt.Studies;

/// <summary>
/// Trains and tests each network on each fold of a data set, every (network, fold) in a run folder of its own.
/// </summary>
/// <remarks>
/// No choice looks at a test fold: the recipe is fixed beforehand and the figures are those of the last epoch. A run
/// that was stopped goes on from its last epoch; one that is finished is not run again.
/// </remarks>
internal sealed class CrossValidator
{
    private readonly IBackboneFactory _backbones;
    private readonly IImageDecoder _decoder;

    /// <summary>A cross-validator that makes its networks and decodes its images with these.</summary>
    public CrossValidator(IBackboneFactory backbones, IImageDecoder decoder)
    {
        _backbones = backbones ?? throw new ArgumentNullException(nameof(backbones));
        _decoder = decoder ?? throw new ArgumentNullException(nameof(decoder));
    }

    /// <summary>What decodes the images.</summary>
    public IImageDecoder Decoder => _decoder;

    /// <summary>
    /// Finds what is wrong with a study before any image is read: options, names, libtorch, the device, and weights files
    /// that don't fit. <see cref="Run"/> begins with it.
    /// </summary>
    /// <param name="options">Networks, folds and recipe.</param>
    /// <exception cref="ArgumentException">
    /// A network's name is unknown, an option is out of its range, or the device isn't there or can't compute as asked.
    /// </exception>
    /// <exception cref="WeightsException">A weights file doesn't fit its network.</exception>
    /// <exception cref="NativeRuntimeException">libtorch is missing or can't be loaded.</exception>
    public void Check(StudyOptions options) => Checked(options);

    /// <summary>Runs a study, or what is left of it.</summary>
    /// <param name="dataset">The images, of two classes.</param>
    /// <param name="options">Networks, folds and recipe.</param>
    /// <param name="folder">The study's folder; a study in it is gone on with.</param>
    /// <param name="progress">Told what happens, one thing at a time.</param>
    /// <param name="cancellationToken">Stops after the present step; finished epochs are kept.</param>
    /// <exception cref="ArgumentException">
    /// A network's name is unknown, an option is out of its range, or the device isn't there or can't compute as asked.
    /// </exception>
    /// <exception cref="RunFolderException">The folder can't be written, isn't empty, or holds another configuration.</exception>
    /// <exception cref="ObjectDisposedException">The folder was disposed.</exception>
    /// <exception cref="UnusableDataException">No image is readable, or there are fewer images or patients than folds.</exception>
    /// <exception cref="WeightsException">A weights file doesn't fit its network.</exception>
    /// <exception cref="TrainingFailedException">A loss is no longer a number, or memory ran out.</exception>
    /// <exception cref="NativeRuntimeException">libtorch is missing or can't be loaded.</exception>
    public StudyResult Run(
        CtDataset dataset,
        StudyOptions options,
        StudyFolder folder,
        IProgress<StudyProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        using var study = Prepare(dataset, options, folder, progress, cancellationToken);
        foreach (var run in study.Runs)
        {
            study.Train(run, lease: null, progress, cancellationToken);
        }

        return study.Result();
    }

    /// <summary>
    /// Begins a study, or goes on with one, without training: decodes its images and draws its folds, so that its runs can be
    /// trained one by one, and by several processes at once.
    /// </summary>
    /// <param name="dataset">The images, of two classes.</param>
    /// <param name="options">Networks, folds and recipe.</param>
    /// <param name="folder">The study's folder.</param>
    /// <param name="progress">Told what happens, one thing at a time.</param>
    /// <param name="cancellationToken">Stops the decoding.</param>
    /// <returns>The study, which the caller disposes; <paramref name="folder"/> must outlive it.</returns>
    /// <inheritdoc cref="Run" path="/exception"/>
    public PreparedStudy Prepare(
        CtDataset dataset,
        StudyOptions options,
        StudyFolder folder,
        IProgress<StudyProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        Decode(Claim(dataset, options, folder, progress, cancellationToken), also: null, progress, cancellationToken);

    /// <summary>
    /// Takes part in a study that another process has prepared: its canvases and folds are taken as they are, and nothing is written.
    /// </summary>
    /// <param name="dataset">The images, where they lie on this machine.</param>
    /// <param name="options">What the study is asked to do.</param>
    /// <param name="folder">The study's folder, which was joined.</param>
    /// <param name="known">What the study was prepared with.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <returns>The study, which the caller disposes.</returns>
    /// <exception cref="RunFolderException">It was prepared otherwise; the message says how.</exception>
    public PreparedStudy Join(
        CtDataset dataset, StudyOptions options, StudyFolder folder, Preparation known, CancellationToken cancellationToken)
    {
        var claimed = Claim(dataset, options, folder, progress: null, cancellationToken);
        var sizes = claimed.Specs.Select(options.InputOf).ToList();
        var decoded = CanvasDecoding.Join(folder.Canvases, claimed.Dataset, sizes, new CanvasTransform(options.Canvas), _decoder);
        try
        {
            var folds = Fold.Of(decoded.Dataset, options.GroupBy, options.Folds, options.Seed);
            ThrowOnDifference(FoldRow.Of(decoded.Dataset, folds), folder.Layout.ReadFolds(), claimed.Dataset.Source);
            return new(_backbones, decoded, folds, claimed, known);
        }
        catch
        {
            decoded.Dispose();
            throw;
        }
    }

    /// <summary>What a training image of a network costs, in milliseconds; null where nobody knows.</summary>
    /// <param name="network">Its published name.</param>
    public double? CostOf(string network) => _backbones.Spec(network).TrainingCost;

    private static void ThrowOnDifference(IReadOnlyList<FoldRow> here, IReadOnlyList<FoldRow> there, string data)
    {
        if (here.SequenceEqual(there))
        {
            return;
        }

        var (mine, theirs) = (here.Except(there).FirstOrDefault(), there.Except(here).FirstOrDefault());
        throw new RunFolderException(
            $"{data} is not the data set that the study was prepared with: "
                + (theirs is null ? $"{mine?.Path} is not in {StudyLayout.FoldsName}."
                : here.Any(row => row.Path == theirs.Path) ? $"what is known of {theirs.Path} differs."
                : $"{theirs.Path} isn't there."),
            FolderProblem.OtherConfiguration);
    }

    /// <summary>Begins a study, or goes on with one: keeps what it is asked to do, or compares it with what it was.</summary>
    /// <inheritdoc cref="Run" path="/param"/>
    /// <inheritdoc cref="Run" path="/exception"/>
    public ClaimedStudy Claim(
        CtDataset dataset, StudyOptions options, StudyFolder folder, IProgress<StudyProgress>? progress,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(folder);
        folder.ThrowIfDisposed();
        ThrowOnOtherDecoder(folder, _decoder);
        var found = Checked(options);
        var specs = options.Networks.Select(_backbones.Spec).ToList();
        var weights = specs.ToDictionary(spec => spec.Name, spec => WeightsFolder.Find(options.WeightsFolder, spec.Name));
        var device = Devices.Resolve(options.Training.Device);
        var chosen = Chosen(dataset, options).WithSampleBits(_decoder, cancellationToken);

        // What makes folds impossible is said before anything is written.
        _ = Fold.Of(chosen, options.GroupBy, options.Folds, options.Seed);
        var training = Claim(folder, chosen, options, device, progress);
        return new(chosen, options, training, folder, device, specs, weights, found, _decoder.Name);
    }

    /// <summary>Refuses to read the images of a study otherwise than they were.</summary>
    /// <exception cref="RunFolderException">The study in the folder, if there is one, had another decoder.</exception>
    public static void ThrowOnOtherDecoder(StudyFolder folder, IImageDecoder decoder)
    {
        if (RunConfiguration.ReadFrom(folder.Layout.Configuration) is { } earlier)
        {
            RecordedDecoder.ThrowIfOther(folder.FullPath, earlier.Stated.Decoder, decoder);
        }
    }

    private static CtDataset Chosen(CtDataset dataset, StudyOptions options)
    {
        dataset.ThrowIfInvalid();
        if (dataset.Classes.Count != 2)
        {
            throw new UnusableDataException(
                $"{dataset.Root} has {dataset.Classes.Count} classes ({string.Join(", ", dataset.Classes)}); the study tells two apart.");
        }

        return RandomLabels.For(options.TakenFrom(dataset), options.Control, options.Seed);
    }

    /// <summary>Decodes the images of a study and draws its folds.</summary>
    /// <param name="claimed">The study.</param>
    /// <param name="also">Who wants the decoded images besides; null where nobody does.</param>
    /// <param name="progress">Told what happens, one thing at a time.</param>
    /// <param name="cancellationToken">Stops the decoding.</param>
    /// <inheritdoc cref="Prepare" path="/returns"/>
    /// <inheritdoc cref="Run" path="/exception"/>
    public PreparedStudy Decode(
        ClaimedStudy claimed, IImageTarget? also, IProgress<StudyProgress>? progress, CancellationToken cancellationToken)
    {
        var (chosen, options, folder, specs) = (claimed.Dataset, claimed.Options, claimed.Folder, claimed.Specs);
        var sizes = specs.Select(options.InputOf).Distinct().ToList();
        var decoding = progress is null ? null : new DecodingRelay(progress, chosen.Samples.Count);
        var decoded = CanvasDecoding.Open(
            folder.Canvases, chosen, sizes, new CanvasTransform(options.Canvas), _decoder, decoding, also, cancellationToken);
        try
        {
            if (decoded.Note is { } note)
            {
                progress?.Report(new Study.Warning(note));
            }

            var folds = Fold.Of(decoded.Dataset, options.GroupBy, options.Folds, options.Seed);
            if (folds.Count != Fold.Number(chosen, options.GroupBy, options.Folds))
            {
                throw new UnusableDataException(
                    $"Of a source of {chosen.Name} no image can be read, so that it can't be tested. Leave its images out.");
            }

            Introduce(decoded.Dataset, folds, options, folder, progress);
            foreach (var spec in specs.Where(spec => claimed.Weights[spec.Name] is null && options.WeightsFolder is not null))
            {
                progress?.Report(new Study.Warning(
                    $"{spec.Name} starts at random: {options.WeightsFolder} holds no weights named {spec.Name}*."));
            }

            foreach (var match in claimed.Found)
            {
                progress?.Report(new Study.WeightsFound(match));
            }

            return new(_backbones, decoded, folds, claimed);
        }
        catch
        {
            decoded.Dispose();
            throw;
        }
    }

    private static void Introduce(
        CtDataset dataset, IReadOnlyList<Fold> folds, StudyOptions options, StudyFolder folder, IProgress<StudyProgress>? progress)
    {
        var rows = FoldRow.Of(dataset, folds);
        folder.Layout.WriteFolds(rows);
        folder.Layout.WriteColumns(ImageColumns.Of(dataset));
        progress?.Report(new Study.FoldsDrawn(rows));
        WarnOfSharedPatients(dataset.Name, rows, folds.Count, options.GroupBy, progress);
    }

    /// <summary>Checks a study; gives how each weights file that there is goes with its network.</summary>
    private List<WeightsMatch> Checked(StudyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ThrowIfInvalid();
        var specs = options.Networks.Select(_backbones.Spec).ToList();
        TorchRuntime.EnsureLoaded();
        var device = Devices.Resolve(options.Training.Device);
        _ = Precisions.Resolve(options.Training.Precision, device);
        TrainingAlgorithms.Choose(device, options.Training.Deterministic)?.Dispose();
        if (device.type == TorchSharp.DeviceType.CUDA && options.Training.Augmentation.Rerenders())
        {
            throw new ArgumentException(AugmentationKinds.OnProcessorAlone);
        }

        var found = new List<WeightsMatch>();
        foreach (var spec in specs)
        {
            if (WeightsFolder.Find(options.WeightsFolder, spec.Name) is { } file)
            {
                found.Add(BackboneWeights.Inspect(_backbones, spec.Name, file, classes: 2));
            }
        }

        return found;
    }

    /// <summary>Keeps what the study is asked to do, or compares it; gives the recipe with the threads that the study began with.</summary>
    private TrainingOptions Claim(
        StudyFolder folder, CtDataset dataset, StudyOptions options, Device device, IProgress<StudyProgress>? progress)
    {
        var here = Configuration(dataset, options, device);
        try
        {
            var layout = folder.Layout;
            if (!folder.IsJoined && layout.BeginSums() is { } older)
            {
                progress?.Report(new Study.Warning($"{older.Unchecked} What is there is believed, and listed from now on."));
            }

            if (RunConfiguration.ReadFrom(layout.Configuration) is not { } earlier)
            {
                if (folder.IsJoined)
                {
                    throw new RunFolderException($"{layout.Root} holds no study that was prepared. Prepare one there first.");
                }

                layout.Sums.Write(() => here.WriteTo(layout.Configuration), layout.Configuration);
                return options.Training;
            }

            RunFolder.ThrowOnDifference(folder.FullPath, here, earlier);
            foreach (var difference in here.MachineDifferencesFrom(earlier))
            {
                progress?.Report(new Study.Warning($"Going on with another {difference}; the bits may differ from an unbroken run."));
            }

            if (earlier.Threads != options.Training.Threads)
            {
                progress?.Report(new Study.Warning(
                    $"Going on with {earlier.Threads} thread(s), as the study began: another number gives other bits."));
            }

            var training = options.Training.Clone();
            training.Threads = earlier.Threads;
            return training;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunFolderException(
                $"The output folder {folder.FullPath} can't be written: {e.Message}", e, FolderProblem.NotWritable);
        }
    }

    private RunConfiguration Configuration(CtDataset dataset, StudyOptions options, Device device) =>
        RunConfiguration.Of(RunConfiguration.Here(options, options.Training.Threads, device, dataset, _decoder.Name) with
        {
            Dataset = dataset.Name,
            IsPositiveGuessed = dataset.IsPositiveGuessed,
            Folds = Fold.Number(dataset, options.GroupBy, options.Folds),
        });

    private static void WarnOfSharedPatients(
        string dataset, IReadOnlyList<FoldRow> rows, int folds, GroupBy groupBy, IProgress<StudyProgress>? progress)
    {
        if (groupBy == GroupBy.Patient)
        {
            return;
        }

        var sharing = Enumerable.Range(0, folds).Select(fold => FoldRow.SharedPatients(rows, fold)).ToList();
        if (sharing.Contains(null))
        {
            progress?.Report(new Study.Warning(
                $"{dataset} doesn't say which images are of one patient, and a patient's images may lie on both sides of a fold. "
                + "Figures from such folds are too good."));
        }
        else if (sharing.Sum() is > 0 and var shared)
        {
            var share = (double)shared / rows.Count(row => row.Fold is not null);
            var inPaper = groupBy == GroupBy.Image ? ", as in the paper" : "";
            progress?.Report(new Study.Warning(
                FormattableString.Invariant($"{share:P0} of the test images share a patient with a training image{inPaper}. ")
                + "Figures from such folds are too good; folds by patient keep each patient on one side."));
        }
    }

    /// <summary>Images are decoded on several threads: one report at a time, and never backwards.</summary>
    private sealed class DecodingRelay(IProgress<StudyProgress> progress, int total) : IProgress<int>
    {
        private readonly Lock _turn = new();
        private int _most;

        public void Report(int value)
        {
            lock (_turn)
            {
                if (value > _most)
                {
                    _most = value;
                    progress.Report(new StepProgress(StepKind.Decoding, value, total));
                }
            }
        }
    }
}
