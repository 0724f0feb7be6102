using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CovidCt.Controls;
using CovidCt.Data;
using CovidCt.Evaluation;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Models;
using CovidCt.Models.Runtime;
using CovidCt.Models.Weights;
using CovidCt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace CovidCt.Training;

/// <summary>
/// Trains and tests each network on each fold of a data set, every (network, fold) in a run folder of its own.
/// </summary>
/// <remarks>
/// No choice looks at a test fold: the recipe is fixed beforehand and the figures are those of the last epoch. A run
/// that was stopped goes on from its last epoch; one that is finished is not run again.
/// </remarks>
public sealed class CrossValidator
{
    private readonly IBackboneFactory _backbones;
    private readonly IImageDecoder _decoder;

    /// <summary>A cross-validator that makes its networks and decodes its images with these.</summary>
    public CrossValidator(IBackboneFactory backbones, IImageDecoder decoder)
    {
        _backbones = backbones ?? throw new ArgumentNullException(nameof(backbones));
        _decoder = decoder ?? throw new ArgumentNullException(nameof(decoder));
    }

    /// <summary>
    /// Finds what is wrong with a study before any image is read: options, names, libtorch, the device, and weights files
    /// that don't fit. <see cref="Run"/> begins with it.
    /// </summary>
    /// <param name="options">Networks, folds and recipe.</param>
    /// <exception cref="ArgumentException">A network's name is unknown, an option is out of its range, or the device isn't there or can't compute as asked.</exception>
    /// <exception cref="WeightsException">A weights file doesn't fit its network.</exception>
    /// <exception cref="NativeRuntimeException">libtorch is missing or can't be loaded.</exception>
    public void Check(StudyOptions options) => Checked(options);

    /// <summary>Runs a study, or what is left of it.</summary>
    /// <param name="dataset">The images, of two classes.</param>
    /// <param name="options">Networks, folds and recipe.</param>
    /// <param name="folder">The study's folder; a study in it is gone on with.</param>
    /// <param name="progress">Told what happens, one thing at a time.</param>
    /// <param name="cancellationToken">Stops after the present step; finished epochs are kept.</param>
    /// <exception cref="ArgumentException">A network's name is unknown, an option is out of its range, or the device isn't there or can't compute as asked.</exception>
    /// <exception cref="RunFolderException">The folder can't be written, isn't empty, or holds another configuration.</exception>
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
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(folder);
        var found = Checked(options);
        var specs = options.Networks.Select(_backbones.Spec).ToList();
        var weights = specs.ToDictionary(spec => spec.Name, spec => WeightsFolder.Find(options.WeightsFolder, spec.Name));
        var device = Devices.Resolve(options.Training.Device);
        if (dataset.Classes.Count != 2)
        {
            throw new UnusableDataException(
                $"{dataset.Root} has {dataset.Classes.Count} classes ({string.Join(", ", dataset.Classes)}); the study tells two apart.");
        }

        var chosen = options.MaxImages is { } most ? dataset.Take(most) : dataset;
        if (options.Control == ControlKind.RandomLabels)
        {
            chosen = RandomLabels.Of(chosen, options.Seed);
        }

        var training = Claim(folder, chosen, options, device, progress);
        var sizes = specs.Select(options.InputOf).Distinct().ToList();
        var decoding = progress is null ? null : new DecodingRelay(progress, chosen.Samples.Count);
        using var decoded = CanvasStores.Open(folder.Canvases, chosen, sizes, new CanvasTransform(options.Canvas), _decoder, decoding, cancellationToken);
        if (decoded.Note is { } note)
        {
            progress?.Report(new StudyWarning(note));
        }

        var folds = Folds.Of(decoded.Dataset, options.GroupBy, options.Folds, options.Seed);
        if (folds.Count != Folds.Number(chosen, options.GroupBy, options.Folds))
        {
            throw new UnusableDataException($"Of a source of {dataset.Name} no image can be read, so that it can't be tested. Leave its images out.");
        }

        var rows = FoldsCsv.Rows(decoded.Dataset, folds);
        FoldsCsv.Write(Path.Combine(folder.FullPath, FoldsCsv.Name), rows);
        progress?.Report(new FoldsDrawn(rows));
        WarnOfSharedPatients(decoded.Dataset.Name, rows, folds.Count, options.GroupBy, progress);
        foreach (var spec in specs.Where(spec => weights[spec.Name] is null && options.WeightsFolder is not null))
        {
            progress?.Report(new StudyWarning($"{spec.Name} starts at random: {options.WeightsFolder} holds no weights named {spec.Name}*."));
        }

        foreach (var match in found)
        {
            progress?.Report(new WeightsFound(match));
        }

        var study = new Study(decoded.Dataset, folds.Count, options, training, folder, device, progress, cancellationToken);
        var canvases = decoded.Stores.ToDictionary(
            store => store.Key, store => options.Control == ControlKind.BackgroundOnly ? BackgroundOnly.Of(store.Value) : store.Value);
        var fingerprints = canvases.ToDictionary(
            store => store.Key, store => new Lazy<string>(() => Fingerprint(decoded.Dataset, options.GroupBy, store.Value)));
        var networks = specs
            .Select(spec => (Spec: spec, Input: options.InputOf(spec)))
            .Select(one => RunNetwork(study, one.Spec, canvases[one.Input], folds, weights[one.Spec.Name], fingerprints[one.Input].Value))
            .ToList();
        return new StudyResult(decoded.Dataset, folds, networks);
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

    /// <summary>What a network's runs begin with: hashes of rows and canvases, and of the weights file.</summary>
    private sealed record Origin(string Data, string InitialWeights);

    /// <summary>All that the runs of a study share.</summary>
    private sealed record Study(
        CtDataset Dataset,
        int Folds,
        StudyOptions Options,
        TrainingOptions Training,
        StudyFolder Folder,
        Device Device,
        IProgress<StudyProgress>? Progress,
        CancellationToken CancellationToken);

    /// <summary>Keeps what the study is asked to do, or compares it; gives the recipe with the threads that the study began with.</summary>
    private static TrainingOptions Claim(
        StudyFolder folder, CtDataset dataset, StudyOptions options, Device device, IProgress<StudyProgress>? progress)
    {
        var here = RunConfiguration.Of(options, options.Training.Threads, device, [new("dataset", dataset.Name), new(RunConfiguration.FoldsFact, Folds.Number(dataset, options.GroupBy, options.Folds))], dataset);
        try
        {
            if (RunConfiguration.ReadFrom(folder.Configuration) is not { } earlier)
            {
                here.WriteTo(folder.Configuration);
                return options.Training;
            }

            RunFolder.ThrowOnDifference(folder.FullPath, here, earlier);
            foreach (var difference in here.MachineDifferencesFrom(earlier))
            {
                progress?.Report(new StudyWarning($"Going on with another {difference}; the bits may differ from an unbroken run."));
            }

            if (earlier.Threads != options.Training.Threads)
            {
                progress?.Report(new StudyWarning($"Going on with {earlier.Threads} thread(s), as the study began: another number gives other bits."));
            }

            return options.Training.WithThreads(earlier.Threads);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunFolderException($"The output folder {folder.FullPath} can't be written: {e.Message} Choose another --out.", e);
        }
    }

    private NetworkRun RunNetwork(Study study, BackboneSpec spec, CanvasStore canvases, IReadOnlyList<Fold> folds, string? weights, string data)
    {
        var initialization = weights is null ? NetworkResult.Random : NetworkResult.ImageNet;
        var origin = new Origin(data, weights is null ? initialization : FileHash.Sha256(weights));
        return new(spec.Name, initialization, [.. folds.Select(fold => RunFold(study, spec, canvases, fold, weights, origin))]);
    }

    private FoldRun RunFold(
        Study study, BackboneSpec spec, CanvasStore canvases, Fold fold, string? weights, Origin origin)
    {
        study.CancellationToken.ThrowIfCancellationRequested();
        var options = study.Options;
        var run = RunFolder.At(study.Folder.FullPath, spec.Name, fold.Index);
        var facts = new Dictionary<string, JsonNode?>
        {
            ["network"] = spec.Name,
            ["fold"] = fold.Index,
            [RunConfiguration.DataFact] = origin.Data,
            ["initialWeights"] = origin.InitialWeights,
            [RunConfiguration.FoldsFact] = study.Folds,
        };
        run.Claim(RunConfiguration.Of(options, study.Training.Threads, study.Device, facts, study.Dataset).WithoutNetworks());
        var wasFinished = run.IsFinished;
        if (!wasFinished)
        {
            try
            {
                Train(study, spec, canvases, fold, weights, run);
            }
            catch (Exception e) when (e is System.Runtime.InteropServices.ExternalException or OutOfMemoryException)
            {
                throw new TrainingFailedException(
                    $"Training {spec.Name} on fold {fold.Index} stopped in libtorch: {FirstLine(e.Message)} " +
                    "If memory ran out, try a smaller --batch-size.", e);
            }
        }

        var result = new FoldRun(fold.Index, run.ReadHistory(), run.ReadPredictions(fold.Test.Select(row => study.Dataset.Samples[row].Path)));
        study.Progress?.Report(new FoldFinished(spec.Name, study.Folds, result.Figures(study.Dataset.Classes[study.Dataset.Positive]), wasFinished));
        return result;
    }

    private void Train(Study study, BackboneSpec spec, CanvasStore canvases, Fold fold, string? weights, RunFolder run)
    {
        var (dataset, options, fill) = (study.Dataset, study.Options, study.Options.Canvas.Fill);
        var seed = CounterRandom.Key(options.Seed, fold.Index);
        using var backbone = weights is null
            ? _backbones.Create(spec.Name, dataset.Classes.Count, seed)
            : BackboneWeights.LoadPretrained(_backbones, spec.Name, weights, dataset.Classes.Count, seed);
        backbone.Network.to(study.Device);

        var labels = dataset.Samples.Select(sample => sample.Label).ToList();
        var trainer = new Trainer(study.Training, seed);
        var relay = study.Progress is { } progress
            ? new Relay<TrainingProgress>(training => progress.Report(new FoldProgress(spec.Name, fold.Index, study.Folds, training)))
            : null;
        var history = trainer.Fit(backbone, canvases, labels, fold.Train, fill, run.CheckpointFile, relay, study.CancellationToken);
        var probabilities = trainer.Predict(backbone, canvases, fold.Test, fill, study.CancellationToken);
        var predictions = fold.Test.Select((row, i) => new Prediction(
            dataset.Samples[row].Path,
            dataset.Classes[dataset.Samples[row].Label],
            dataset.Samples[row].Patient,
            spec.Name,
            fold.Index,
            probabilities[i, dataset.Positive])).ToList();
        if (predictions.Any(prediction => !double.IsFinite(prediction.Probability)))
        {
            throw new TrainingFailedException(
                $"{spec.Name} answers no numbers on the test rows of fold {fold.Index}. Try a lower --learning-rate.");
        }

        var description = new ModelDescription(
            spec.Name, dataset.Classes, dataset.Positive, canvases.Size, options.Canvas.Fit, fill);
        run.Finish(backbone, description, [.. history.Select(epoch => new HistoryEntry(spec.Name, fold.Index, epoch))], predictions);
    }

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
            progress?.Report(new StudyWarning(
                $"{dataset} doesn't say which images are of one patient, and a patient's images may lie on both sides of a fold. "
                + "Figures from such folds are too good."));
        }
        else if (sharing.Sum() is > 0 and var shared)
        {
            progress?.Report(new StudyWarning(FormattableString.Invariant(
                $"{(double)shared / rows.Count(row => row.Fold is not null):P0} of the test images share a patient with a training image{(groupBy == GroupBy.Image ? ", as in the paper" : "")}. ")
                + "Figures from such folds are too good; --group-by patient keeps each patient on one side."));
        }
    }

    private static string Fingerprint(CtDataset dataset, GroupBy groupBy, CanvasStore canvases)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var sample in dataset.Samples)
        {
            var part = groupBy switch { GroupBy.Source => $"\t{sample.Source}", GroupBy.Official => $"\t{sample.Split}", _ => "" };
            hash.AppendData(Encoding.UTF8.GetBytes($"{sample.Path}\t{sample.Label}\t{sample.Patient}{part}\n"));
        }

        var pixels = new byte[canvases.Size.Width * canvases.Size.Height];
        for (var row = 0; row < canvases.Count; row++)
        {
            canvases.Read(row, pixels);
            hash.AppendData(pixels);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string FirstLine(string message) => message.Split('\n', 2)[0].Trim();

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
                    progress.Report(new DecodingProgress(value, total));
                }
            }
        }
    }
}
