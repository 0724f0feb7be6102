using CovidCt.Audit;
using CovidCt.Controls;
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
/// It goes stage by stage: the folder is claimed, images are decoded, once for the audit and all networks, the data are audited, runs
/// trained, their calibrations fitted, controls made, runs trained from further seeds, and then each run's maps, reference and embedding.
/// What a stage leaves in the folder says that it is done, so that a study which was stopped goes on where it was, to the same bits. What
/// it doesn't leave are tables, figures and the report, which are made of its result. Calibrations, controls, maps, references and
/// embeddings are of the first seed alone.
/// No choice looks at a test fold: the recipe is fixed beforehand and the figures are those of the last epoch.
/// </remarks>
/// <param name="backbones">Makes the networks; null makes this library's.</param>
/// <param name="decoder">Decodes the images; null takes SkiaSharp.</param>
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
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(folder);
        var log = new StudyLog(logger ?? NullLogger<Study>.Instance, progress);
        var board = TensorBoard ? new TensorBoardLog(folder.Layout, dataset.Classes[dataset.Positive], log) : null;
        progress = board ?? (IProgress<StudyProgress>)log;
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

        var result = Train(validator, claimed, AuditOf(dataset, options, folder.Layout, progress), progress, cancellationToken);
        if (options.Controls != StudyControls.None)
        {
            AskFeatures(dataset, options, folder, progress, cancellationToken);
        }

        if (options.Controls == StudyControls.Retrained)
        {
            result = result with { Controls = Retrain(validator, dataset, options, folder, progress, cancellationToken) };
        }

        result = result with { Seeds = TrainAgain(validator, dataset, options, folder, progress, cancellationToken) };
        torch.set_num_threads(claimed.Training.Threads); // Where all is trained nobody said it yet, and sums by other threads are others.
        new StudyInsights(_backbones, _decoder, options, progress).Write(result, cancellationToken);
        board?.AddMaps(result);
        return result with { Warnings = log.Warnings };
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

    private StudyResult Train(
        CrossValidator validator, ClaimedStudy claimed, DatasetAudit? audit, IProgress<StudyProgress>? progress,
        CancellationToken cancellationToken)
    {
        using var study = validator.Decode(claimed, audit, progress, cancellationToken);
        if (audit is not null)
        {
            Write(audit, claimed.Folder.Layout, progress, cancellationToken);
        }

        Trainer.Train(study, progress, cancellationToken);
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

    /// <summary>
    /// Trains the networks on labels that mean nothing, dealt by patient and, where there are enough, by source, and on images without
    /// lungs, by the same recipe, each as a study of its own below the study's folder.
    /// </summary>
    private List<StudyResult> Retrain(
        CrossValidator validator,
        CtDataset dataset,
        StudyOptions options,
        StudyFolder folder,
        IProgress<StudyProgress>? progress,
        CancellationToken cancellationToken)
    {
        List<StudyResult> results = [];
        var chosen = options.TakenFrom(dataset);
        foreach (var (kind, name) in StudyReport.RetrainedControls)
        {
            if (kind == ControlKind.SourceLabels && !RandomLabels.CanDealBySource(chosen, options.Folds))
            {
                continue; // There is nothing to deal.
            }

            progress?.Report(new ControlBegun(name));
            var asked = options.Clone();
            asked.Control = kind;
            results.Add(TrainBelow(folder, folder.Layout.Retrained(name), validator, dataset, asked, progress, cancellationToken));
        }

        return results;
    }

    /// <summary>Trains the networks on the same folds from further seeds, each as a study of its own below the study's folder.</summary>
    private List<StudyResult> TrainAgain(
        CrossValidator validator,
        CtDataset dataset,
        StudyOptions options,
        StudyFolder folder,
        IProgress<StudyProgress>? progress,
        CancellationToken cancellationToken)
    {
        List<StudyResult> results = [];
        for (var repetition = 1; repetition < options.Seeds; repetition++)
        {
            progress?.Report(new SeedBegun(repetition, options.Seeds));
            var asked = options.Clone();
            asked.Repetition = repetition;
            results.Add(TrainBelow(folder, folder.Layout.Seeded(repetition), validator, dataset, asked, progress, cancellationToken));
        }

        return results;
    }

    /// <summary>Trains a study below another, on the canvases of that one, whose audit holds for both.</summary>
    private StudyResult TrainBelow(
        StudyFolder above,
        StudyLayout layout,
        CrossValidator validator,
        CtDataset dataset,
        StudyOptions options,
        IProgress<StudyProgress>? progress,
        CancellationToken cancellationToken)
    {
        using var own = StudyFolder.Open(layout.Root, resume: true, sharing: above);
        var claimed = validator.Claim(dataset, options, own, progress, cancellationToken);
        return Train(validator, claimed, audit: null, progress, cancellationToken);
    }
}
