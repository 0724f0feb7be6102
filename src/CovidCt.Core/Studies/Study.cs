using CovidCt.Audit;
using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Models;
using CovidCt.Models.Runtime;
using CovidCt.Networks;
using CovidCt.Progress;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Training;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TorchSharp;

namespace CovidCt.Studies;

/// <summary>
/// The study, from a data set to its results: audit of the data, training and testing of each network on each fold, controls, and
/// what the trained networks see.
/// </summary>
/// <remarks>
/// It goes in three stages, which <see cref="Run"/> does in turn, and which may each be done by other processes on other machines.
/// <see cref="Prepare"/>: images are decoded, once for the audit and all networks, folds drawn and the data audited.
/// <see cref="Train"/>: runs are trained, those of retrained controls and further seeds too, each under a lease.
/// <see cref="Finish"/>: calibrations are fitted and controls made, and then each run's maps, reference and embedding.
/// What a stage leaves in the folder says that it is done, so that a study which was stopped goes on where it was, to the same bits. What
/// it doesn't leave are tables, figures and the report, which are made of its result. Calibrations, controls, maps, references and
/// embeddings are of the first seed alone.
/// No choice looks at a test fold: the recipe is fixed beforehand and the figures are those of the last epoch.
/// </remarks>
/// <param name="backbones">Makes the networks; null makes this library's.</param>
/// <param name="decoder">
/// Decodes the images; null takes SkiaSharp. A study remembers its name, and isn't gone on with by one of another name.
/// </param>
/// <param name="logger">Told of every warning and finished run, too; null tells nobody.</param>
public sealed partial class Study(IBackboneFactory? backbones = null, IImageDecoder? decoder = null, ILogger<Study>? logger = null)
{
    private readonly IBackboneFactory _backbones = backbones ?? new BackboneFactory();
    private readonly IImageDecoder _decoder = decoder ?? new SkiaImageDecoder();

    /// <summary>How the runs are trained, those of controls too. Default: in this process, one after the other.</summary>
    public RunTrainer Trainer { get; init; } = RunTrainer.InThisProcess;

    /// <summary>
    /// Whether the study is written for TensorBoard too, below <see cref="StudyLayout.TensorBoard"/>: each epoch's figures while it is
    /// trained, each fold's and its confusion matrix once it is done, and in the end the maps; for controls and further seeds as well. It
    /// changes no run, and may be asked for of a study that was begun or finished without. Default false.
    /// </summary>
    public bool TensorBoard { get; init; }

    private CrossValidator Validator => new(_backbones, _decoder);

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
    public void Check(StudyOptions options) => Validator.Check(options);

    /// <summary>Runs a study, or what is left of it.</summary>
    /// <param name="dataset">The images, of two classes.</param>
    /// <param name="options">Networks, folds and recipe.</param>
    /// <param name="folder">The study's folder; a study in it is gone on with.</param>
    /// <param name="progress">Told what happens, one thing at a time.</param>
    /// <param name="cancellationToken">Stops after the present step; what is finished is kept.</param>
    /// <exception cref="ArgumentException">
    /// A network's name is unknown, an option is out of its range, or the device isn't there or can't compute as asked.
    /// </exception>
    /// <exception cref="RunFolderException">
    /// The folder can't be written, isn't empty, holds another configuration, or a study whose images another decoder read.
    /// </exception>
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
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(folder);
        var log = LogFor(progress);
        var board = BoardFor(folder.Layout, dataset.Classes[dataset.Positive], log, TensorBoard);
        using var parts = Begin(dataset, options, folder, TensorBoard, board ?? (IProgress<StudyProgress>)log, cancellationToken);
        Trainer.Train(parts, board ?? (IProgress<StudyProgress>)log, cancellationToken);
        return Conclude(parts, log, board, cancellationToken);
    }

    /// <summary>
    /// Begins a study, or goes on with one, without training: afterwards its runs can be trained by any number of processes
    /// (<see cref="Train"/>), on any machines that see the folder, and the study then be finished (<see cref="Finish"/>).
    /// </summary>
    /// <returns>The runs that it consists of.</returns>
    /// <inheritdoc cref="Run"/>
    public StudyPlan Prepare(
        CtDataset dataset,
        StudyOptions options,
        StudyFolder folder,
        IProgress<StudyProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(folder);
        if (!dataset.CanBeOpenedAgain)
        {
            throw new UnusableDataException(
                $"The images of {dataset.Root} are no files, so that no other process can open them. Run the study as a whole.");
        }

        using var parts = Begin(dataset, options, folder, TensorBoard, LogFor(progress), cancellationToken);
        return parts.Itself.Note is { } note
            ? throw new UnusableDataException($"{note} Other processes need them there.")
            : folder.Layout.ReadPlan();
    }

    /// <summary>
    /// Trains runs of a study that was prepared, perhaps on another machine, beside any number of other processes that do the same: no run
    /// is trained by two at once, and what was stopped is gone on with.
    /// </summary>
    /// <param name="folder">The study's folder.</param>
    /// <param name="node">Which runs, and where the study's files lie on this machine; null takes the defaults.</param>
    /// <param name="progress">Told what happens, one thing at a time.</param>
    /// <param name="cancellationToken">Stops after the present step; finished epochs are kept.</param>
    /// <returns>The runs that were trained here.</returns>
    /// <exception cref="ArgumentException">An option is out of its range, or the study has no such run.</exception>
    /// <exception cref="RunFolderException">
    /// No study was prepared there, or with other images or weights; or a run's folder can't be written.
    /// </exception>
    /// <exception cref="UnusableDataException">The data set isn't there.</exception>
    /// <exception cref="TrainingFailedException">A run failed; the others were trained first.</exception>
    /// <exception cref="NativeRuntimeException">libtorch is missing or can't be loaded.</exception>
    public IReadOnlyList<PlannedRun> Train(
        string folder, NodeOptions? node = null, IProgress<StudyProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        node ??= new();
        OptionsValidation.ThrowIfInvalid(node);
        using var joined = StudyFolder.Join(folder);
        var plan = joined.Layout.ReadPlan();
        var runs = (node.Run, node.Shard) switch
        {
            ({ } name, _) => [plan.Find(name)],
            (_, { } shard) => plan.Shard(shard, node.Shards),
            _ => plan.Runs,
        };
        if (runs.Count == 0)
        {
            return [];
        }

        var log = LogFor(progress);
        using var parts = StudyParts.Join(Validator, joined, node, cancellationToken);
        var queue = new RunQueue(parts, TimeSpan.FromSeconds(node.LeaseSeconds), log)
        {
            Waits = node.Run is not null || node.Shard is not null,
            StopsAtFailure = false,
        };
        return queue.Train(runs, cancellationToken);
    }

    /// <summary>Makes of a study whose runs are all trained what it leaves beyond them, and gives what came of it.</summary>
    /// <param name="folder">The study's folder.</param>
    /// <param name="node">Where the study's files lie on this machine; null takes the defaults.</param>
    /// <param name="progress">Told what happens, one thing at a time.</param>
    /// <param name="cancellationToken">Stops after the present step; what is finished is kept.</param>
    /// <exception cref="RunFolderException">
    /// No study was prepared there, or runs are not finished, which the message names (<see cref="FolderProblem.Unfinished"/>).
    /// </exception>
    /// <exception cref="ObjectDisposedException">The folder was disposed.</exception>
    /// <exception cref="UnusableDataException">The data set isn't there.</exception>
    /// <exception cref="NativeRuntimeException">libtorch is missing or can't be loaded.</exception>
    public StudyResult Finish(
        StudyFolder folder, NodeOptions? node = null, IProgress<StudyProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        folder.ThrowIfDisposed();
        node ??= new();
        OptionsValidation.ThrowIfInvalid(node);
        StudyStatus.RequireTrained(folder.FullPath, cancellationToken);
        var stated = StudyConfiguration.ReadStudy(folder.Layout.Configuration);
        var known = Preparation.ReadFrom(folder.Layout);
        var options = known.Complete(stated.Options, node.WeightsFolder);
        var dataset = StudyParts.OpenData(folder.Layout, stated, node, _decoder);
        var log = LogFor(progress);
        var isForTensorBoard = TensorBoard || known.TensorBoard;
        var board = BoardFor(folder.Layout, dataset.Classes[dataset.Positive], log, isForTensorBoard);
        using var parts = Begin(dataset, options, folder, isForTensorBoard, board ?? (IProgress<StudyProgress>)log, cancellationToken);
        RunTrainer.InThisProcess.Train(parts, board ?? (IProgress<StudyProgress>)log, cancellationToken); // Tells what came of each.
        return Conclude(parts, log, board, cancellationToken);
    }

    /// <summary>
    /// Makes controls on the features that networks have before they are trained on the data, in minutes: the real labels by image and
    /// by patient, labels that mean nothing, and images without lungs. <see cref="Run"/> does so unless it is told not to.
    /// </summary>
    /// <param name="dataset">The images, of two classes.</param>
    /// <param name="options">The study's networks, weights, canvas, folds and seed.</param>
    /// <param name="folder">The study's folder, which keeps the decoded images; null decodes them into memory.</param>
    /// <param name="foldDraws">
    /// How often folds are drawn, from 1, by the seeds that follow the study's: figures are means over the drawings, and of random labels
    /// each draw is asked in one of them. Default 1: the study's own folds alone.
    /// </param>
    /// <param name="progress">Told how many images are done.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="ObjectDisposedException">The folder was disposed.</exception>
    /// <exception cref="UnusableDataException">No image is readable, or the study's folds can't be drawn.</exception>
    /// <exception cref="WeightsException">A weights file doesn't fit its network.</exception>
    public ControlReport MakeControls(
        CtDataset dataset,
        StudyOptions options,
        StudyFolder? folder = null,
        int foldDraws = 1,
        IProgress<StepProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        new FeatureControls(_backbones, _decoder) { FoldDraws = foldDraws }.Run(dataset, options, folder, progress, cancellationToken);

    /// <summary>The audit that the study has to make; null where its folder holds one.</summary>
    private static DatasetAudit? AuditOf(CtDataset dataset, StudyOptions options, StudyLayout layout, IProgress<StudyProgress>? progress)
    {
        if (KeptFiles.Are(layout.Sums, progress, layout[StudyLayout.AuditName]))
        {
            return null;
        }

        var asked = new DatasetAuditOptions
        {
            GroupBy = options.GroupBy,
            Folds = options.Folds,
            Seed = options.Seed,
        };
        return new(options.TakenFrom(dataset), asked);
    }

    private StudyLog LogFor(IProgress<StudyProgress>? progress) => new(logger ?? NullLogger<Study>.Instance, progress);

    private static TensorBoardLog? BoardFor(StudyLayout layout, string positive, StudyLog log, bool isAsked) =>
        isAsked ? new(layout, positive, log) : null;

    /// <summary>Claims the folder, and prepares the study and those below it.</summary>
    private StudyParts Begin(
        CtDataset dataset, StudyOptions options, StudyFolder folder, bool isForTensorBoard, IProgress<StudyProgress> progress,
        CancellationToken cancellationToken)
    {
        var validator = Validator;
        var claimed = validator.Claim(dataset, options, folder, progress, cancellationToken);
        dataset = dataset with { SampleBits = claimed.Dataset.SampleBits };
        if (options.WeightsFolder is null && dataset.Source != folder.Layout.Phantom)
        {
            progress.Report(new Warning(
                "Every network starts at random: no weights were given. The paper's start from ImageNet weights."));
        }

        foreach (var warning in claimed.Dataset.Warnings)
        {
            progress.Report(new Warning(warning));
        }

        var audit = AuditOf(dataset, options, folder.Layout, progress);
        var parts = StudyParts.Prepare(validator, claimed, dataset, isForTensorBoard, audit, progress, cancellationToken);
        try
        {
            if (audit is not null)
            {
                Write(audit, folder.Layout, progress, cancellationToken);
            }

            return parts;
        }
        catch
        {
            parts.Dispose();
            throw;
        }
    }

    private StudyResult Conclude(StudyParts parts, StudyLog log, TensorBoardLog? board, CancellationToken cancellationToken)
    {
        var progress = board ?? (IProgress<StudyProgress>)log;
        var (options, folder) = (parts.Itself.Study.Options, parts.Folder);
        var results = parts.All.Select(part => (Part: part, Result: ResultOf(parts.Open(part.Path, cancellationToken), progress))).ToList();
        torch.set_num_threads(parts.Itself.Study.Training.Threads); // Sums by other threads are others.
        if (options.Controls != StudyControls.None)
        {
            AskFeatures(parts.Dataset, options, folder, progress, cancellationToken);
        }

        var result = results[0].Result with
        {
            Controls = [.. results.Where(one => one.Part.Begun is ControlBegun).Select(one => one.Result)],
            Seeds = [.. results.Where(one => one.Part.Begun is SeedBegun).Select(one => one.Result)],
            Recipes = [.. results.Where(one => one.Part.Begun is RecipeBegun).Select(one => one.Result)],
        };
        torch.set_num_threads(parts.Itself.Study.Training.Threads); // Whatever the controls took.
        new StudyInsights(_backbones, _decoder, options, progress).Write(result, cancellationToken);
        board?.AddMaps(result);
        return result with { Warnings = log.Warnings };
    }

    private static StudyResult ResultOf(PreparedStudy study, IProgress<StudyProgress> progress)
    {
        var result = study.Result();
        StudyCalibrations.Write(result, progress);
        return result;
    }

    private static void Write(
        DatasetAudit audit, StudyLayout layout, IProgress<StudyProgress>? progress, CancellationToken cancellationToken)
    {
        var report = audit.Report(progress, cancellationToken);
        foreach (var finding in report.Findings.Where(finding =>
            finding.Verdict == AuditVerdict.Serious && finding.Check != AuditFinding.FoldsByImage))
        {
            progress?.Report(new Warning(finding.Sentence));
        }

        var file = layout[StudyLayout.AuditName];
        layout.Sums.Write(() => report.Write(file), file);
    }

    private void AskFeatures(
        CtDataset dataset,
        StudyOptions options,
        StudyFolder folder,
        IProgress<StudyProgress>? progress,
        CancellationToken cancellationToken)
    {
        var (file, sums) = (folder.Layout[StudyLayout.ControlsName], folder.Layout.Sums);
        if (!KeptFiles.Are(sums, progress, file))
        {
            var report = MakeControls(dataset, options, folder, progress: progress, cancellationToken: cancellationToken);
            sums.Write(() => report.Write(file), file);
        }
    }
}
