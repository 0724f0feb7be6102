using System.Security.Cryptography;
using System.Text;
using CovidCt.Answers;
using CovidCt.Canvases;
using CovidCt.Controls;
using CovidCt.Data;
using CovidCt.Evaluation;
using CovidCt.Imaging;
using CovidCt.Models;
using CovidCt.Models.Weights;
using CovidCt.Progress;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Studies.Leases;
using CovidCt.Training;
using TorchSharp;

namespace CovidCt.Studies;

/// <summary>
/// A study whose images are decoded and whose folds are drawn: its runs can be trained in any order, and by several processes.
/// </summary>
/// <remarks>What a run comes to depends on nothing but the study and the run, so neither order nor company changes a bit of it.</remarks>
internal sealed class PreparedStudy : IDisposable
{
    private readonly IBackboneFactory _backbones;
    private readonly DecodedDataset _decoded;
    private readonly IReadOnlyList<Fold> _folds;
    private readonly ClaimedStudy _study;
    private readonly Dictionary<ImageSize, CanvasStore> _canvases;
    private readonly Dictionary<ImageSize, Lazy<string>> _fingerprints;
    private readonly Dictionary<string, Lazy<string>> _origins;

    /// <param name="backbones">Makes the networks.</param>
    /// <param name="decoded">The images.</param>
    /// <param name="folds">The folds over those that could be read.</param>
    /// <param name="study">What the study is, and where it lies.</param>
    /// <param name="known">What whoever prepared the study found; null where that is this process.</param>
    public PreparedStudy(
        IBackboneFactory backbones, DecodedDataset decoded, IReadOnlyList<Fold> folds, ClaimedStudy study, Preparation? known = null)
    {
        (_backbones, _decoded, _folds, _study) = (backbones, decoded, folds, study);
        _canvases = decoded.Stores.ToDictionary(
            store => store.Key, store => Shown(store.Value, study.Options.Control));
        _fingerprints = _canvases.ToDictionary(
            store => store.Key, store => new Lazy<string>(() => known?.FingerprintOf(store.Key) ?? Fingerprint(store.Value)));
        _origins = study.Weights.ToDictionary(
            entry => entry.Key, entry => new Lazy<string>(() => OriginOf(entry.Key, entry.Value, known)));
        Runs = [.. study.Options.Networks.SelectMany(network => folds.Select(fold => new StudyRun(network, fold.Index)))];
    }

    /// <summary>What the study is, and where it lies.</summary>
    public ClaimedStudy Study => _study;

    /// <summary>The images that could be read.</summary>
    public CtDataset Dataset => _decoded.Dataset;

    /// <summary>
    /// How many runs are trained at once on its device, in this process and others, from 1: each leaves the others their share of its
    /// memory. Default 1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public int RunsAtOnce
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 1;

    /// <summary>All runs, network by network, finished or not.</summary>
    public IReadOnlyList<StudyRun> Runs { get; }

    /// <summary>Why its canvases lie in memory alone, where no other process finds them; null where they don't.</summary>
    public string? Note => _decoded.Note;

    /// <summary>What another process needs to know of it to train its runs: it costs the time to read all canvases.</summary>
    public Preparation Preparation => Preparation.Of(
        _study.Options,
        _fingerprints.ToDictionary(entry => entry.Key, entry => entry.Value.Value),
        _origins.ToDictionary(entry => entry.Key, entry => entry.Value.Value));

    /// <summary>Whether a run needs no training any more; nothing is written.</summary>
    /// <param name="run">One of <see cref="Runs"/>.</param>
    /// <exception cref="ArgumentException">It is none of them.</exception>
    /// <exception cref="RunFolderException">The run's folder holds another configuration.</exception>
    public bool IsFinished(StudyRun run)
    {
        var layout = LayoutOf(run);
        if (!layout.IsFinished)
        {
            return false;
        }

        layout.Sums.Check(layout.Network);

        if (RunConfiguration.ReadFrom(layout.Configuration) is { } earlier)
        {
            RunFolder.ThrowOnDifference(layout.Root, ConfigurationOf(run), earlier);
        }

        return true;
    }

    /// <summary>Trains a run from where it stopped, unless it is finished.</summary>
    /// <param name="run">One of <see cref="Runs"/>.</param>
    /// <param name="lease">
    /// The right to train it, which is renewed after each epoch, and looked at before the run is called finished; null where nobody else
    /// can train it.
    /// </param>
    /// <param name="progress">Told how far it is, and the run's figures in the end.</param>
    /// <param name="cancellationToken">Stops after the present step; finished epochs are kept.</param>
    /// <returns>What came of it.</returns>
    /// <exception cref="ArgumentException">It is none of them.</exception>
    /// <exception cref="RunFolderException">The run's folder can't be written, or holds another configuration.</exception>
    /// <exception cref="TrainingFailedException">A loss is no longer a number, or memory ran out.</exception>
    public RunResult Train(
        StudyRun run, Lease? lease, IProgress<StudyProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var folder = Claimed(run);
        var wasFinished = IsFinished(run);
        if (!wasFinished)
        {
            try
            {
                Fit(run, folder, lease, progress, cancellationToken);
            }
            catch (Exception e) when (e is System.Runtime.InteropServices.ExternalException or OutOfMemoryException)
            {
                throw new TrainingFailedException(
                    $"Training {run.Network} on fold {run.Fold} stopped in libtorch: {FirstLine(e.Message)}", e, TrainingProblem.Memory);
            }
        }

        var result = Read(run);
        progress?.Report(Finished(run, result, wasFinished));
        return result;
    }

    /// <summary>What a finished run came to, as it is reported.</summary>
    /// <param name="run">One of <see cref="Runs"/>.</param>
    /// <param name="wasFinished">Whether it was found finished.</param>
    /// <exception cref="RunFolderException">It isn't finished, or a file of it is damaged.</exception>
    public Study.FoldFinished Finished(StudyRun run, bool wasFinished) => Finished(run, Read(run), wasFinished);

    /// <summary>What came of all runs.</summary>
    /// <exception cref="RunFolderException">One isn't finished, or a file of it is damaged.</exception>
    public StudyResult Result() => new(_study.Folder.Layout, _study.Options, Dataset, _folds, [.. Runs.Select(Read)]);

    /// <summary>Lets go of the canvases.</summary>
    public void Dispose() => _decoded.Dispose();

    private RunLayout LayoutOf(StudyRun run) => Runs.Contains(run)
        ? _study.Folder.Layout.Run(run.Network, run.Fold)
        : throw new ArgumentException($"The study has no run of {run.Network} on fold {run.Fold}.", nameof(run));

    private RunLayout Claimed(StudyRun run)
    {
        var layout = LayoutOf(run);
        RunFolder.Claim(layout, ConfigurationOf(run));
        return layout;
    }

    private RunConfiguration ConfigurationOf(StudyRun run)
    {
        var spec = _backbones.Spec(run.Network);
        var here = RunConfiguration.Here(_study.Options, _study.Training.Threads, _study.Device, Dataset, _study.Decoder);
        return RunConfiguration.Of(here with
        {
            Network = run.Network,
            Fold = run.Fold,
            DataHash = _fingerprints[_study.Options.InputOf(spec)].Value,
            InitialWeights = _origins[run.Network].Value,
            Folds = _folds.Count,
        });
    }

    private RunResult Read(StudyRun run)
    {
        var layout = LayoutOf(run);
        var test = _folds[run.Fold].Test.Select(row => Dataset.Samples[row]).ToDictionary(sample => sample.Path, StringComparer.Ordinal);
        var predictions = layout.ReadPredictions(test.Keys);

        // A run may be older than what is known of sources now.
        return new(
            run.Network,
            run.Fold,
            _study.Weights[run.Network] is null ? NetworkResult.Random : NetworkResult.ImageNet,
            layout.ReadHistory(),
            [.. predictions.Select(prediction => prediction with { Source = test[prediction.Path].Source })]);
    }

    private Study.FoldFinished Finished(StudyRun run, RunResult result, bool wasFinished) =>
        new(run.Network, _folds.Count, result.Figures(Dataset.Classes[Dataset.Positive]), wasFinished);

    private void Fit(
        StudyRun run, RunLayout folder, Lease? lease, IProgress<StudyProgress>? progress, CancellationToken cancellationToken)
    {
        var (fill, fold) = (_study.Options.Canvas.Fill, _folds[run.Fold]);
        var spec = _backbones.Spec(run.Network);
        var canvases = _canvases[_study.Options.InputOf(spec)];
        var seed = _study.Options.Repetition is > 0 and var repetition
            ? CounterRandom.Key(_study.Options.Seed, fold.Index, repetition)
            : CounterRandom.Key(_study.Options.Seed, fold.Index);
        var description = new ModelDescription(
            _study.Training.Head?.Linear == true ? spec.LinearName : spec.Name,
            Dataset.Classes,
            Dataset.Positive,
            canvases.Size,
            _study.Options.Canvas.Fit,
            fill)
        {
            SampleBits = Dataset.SampleBits,
        };
        using var backbone = _study.Weights[spec.Name] is { } weights
            ? BackboneWeights.LoadPretrained(_backbones, description.Network, weights, Dataset.Classes.Count, seed)
            : _backbones.Create(description.Network, Dataset.Classes.Count, seed);
        backbone.Network.to(_study.Device);

        var labels = Dataset.Samples.Select(sample => sample.Label).ToList();
        if (_study.Training.Head?.Start == HeadStart.Ridge && !File.Exists(folder.Checkpoint))
        {
            torch.set_num_threads(_study.Training.Threads); // Sums by other threads are others.
            RidgeStart.Apply(backbone, description, canvases, labels, fold.Train, cancellationToken);
        }

        var trainer = new Trainer(_study.Training, seed)
        {
            MemoryOf = device => new(device, RunsAtOnce),
            Patients = [.. Dataset.Samples.Select(sample => sample.Patient)],
        };
        var relay = new Relay<TrainingProgress>(training =>
        {
            if (training.Finished is { } epoch)
            {
                lease?.Renew(training.Epochs, epoch); // Before the epoch is kept: whoever took the run over keeps its own.
            }

            progress?.Report(run.At(training, _folds.Count));
        });
        var history = trainer.Fit(backbone, canvases, labels, fold.Train, fill, folder.Checkpoint, relay, cancellationToken);
        var probabilities = trainer.Predict(backbone, canvases, fold.Test, fill, cancellationToken);
        var predictions = fold.Test.Select((row, i) => new Prediction(
            Dataset.Samples[row].Path,
            Dataset.Classes[Dataset.Samples[row].Label],
            Dataset.Samples[row].Patient,
            spec.Name,
            fold.Index,
            probabilities[i, Dataset.Positive])
        {
            Source = Dataset.Samples[row].Source,
        }).ToList();
        if (predictions.Any(prediction => !double.IsFinite(prediction.Probability)))
        {
            throw new TrainingFailedException(
                $"{spec.Name} answers no numbers on the test rows of fold {fold.Index}.", TrainingProblem.NotANumber);
        }

        lease?.ThrowIfLost();
        RunFolder.Finish(folder, run, backbone, description, history, predictions);
    }

    private static string OriginOf(string network, string? weights, Preparation? known)
    {
        var origin = weights is null ? NetworkResult.Random : FileHash.Sha256(weights);
        return known is null || known.Weights.GetValueOrDefault(network) == origin
            ? origin
            : throw new RunFolderException(
                $"{weights ?? $"{network} without weights"} is not what the study was prepared with. Give the folder of the same files.",
                FolderProblem.OtherConfiguration);
    }

    private static CanvasStore Shown(CanvasStore canvases, ControlKind control) => control switch
    {
        ControlKind.BackgroundOnly => BackgroundOnly.Of(canvases),
        ControlKind.Geometry => GeometryOnly.Of(canvases),
        _ => canvases,
    };

    private string Fingerprint(CanvasStore canvases)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var sample in Dataset.Samples)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(
                $"{sample.Path}\t{sample.Label}\t{sample.Patient}{FoldsDependOn(sample, _study.Options.GroupBy)}\n"));
        }

        var pixels = new byte[canvases.Size.Width * canvases.Size.Height];
        for (var row = 0; row < canvases.Count; row++)
        {
            canvases.Read(row, pixels);
            hash.AppendData(pixels);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>What else of a sample decides its fold.</summary>
    private static string FoldsDependOn(CtSample sample, GroupBy groupBy) =>
        groupBy == GroupBy.Source || groupBy == GroupBy.EachSource ? $"\t{sample.Source}"
        : groupBy == GroupBy.Collection ? $"\t{sample.Collection}\t{sample.Source}"
        : groupBy == GroupBy.Official ? $"\t{sample.Split}"
        : groupBy.Column is { } column ? $"\t{sample.Columns.GetValueOrDefault(column)}"
        : "";

    private static string FirstLine(string message) => message.Split('\n', 2)[0].Trim();
}
