using CovidCt.Audit;
using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Models;
using CovidCt.Models.Runtime;
using CovidCt.Networks;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Training;

namespace CovidCt.Studies;

/// <summary>
/// The study, from a data set to its results: audit of the data, training and testing of each network on each fold, controls, and
/// what the trained networks see.
/// </summary>
/// <remarks>
/// It goes stage by stage: the folder is claimed, the data are audited, images decoded, runs trained, controls made, and then each
/// run's maps, reference and embedding. What a stage leaves in the folder says that it is done, so that a study which was stopped goes
/// on where it was, to the same bits. What it doesn't leave are tables, figures and the report, which are made of its result.
/// No choice looks at a test fold: the recipe is fixed beforehand and the figures are those of the last epoch.
/// </remarks>
/// <param name="backbones">Makes the networks; null makes this library's.</param>
/// <param name="decoder">Decodes the images; null takes SkiaSharp.</param>
public sealed class Study(IBackboneFactory? backbones = null, IImageDecoder? decoder = null)
{
    private readonly IBackboneFactory _backbones = backbones ?? new BackboneFactory();
    private readonly IImageDecoder _decoder = decoder ?? new SkiaImageDecoder();

    /// <summary>How the runs are trained, those of controls too. Default: in this process, one after the other.</summary>
    public RunTrainer Trainer { get; init; } = RunTrainer.InThisProcess;

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
        var validator = Validator;
        validator.Check(options);
        CrossValidator.Compare(dataset, options, folder);
        if (options.WeightsFolder is null && dataset.Source != folder.Layout.Phantom)
        {
            progress?.Report(new StudyWarning("Every network starts at random: no weights were given. The paper's start from ImageNet weights."));
        }

        var audit = Audit(dataset, options, folder.Layout, progress, cancellationToken);
        var claimed = validator.Claim(dataset, options, folder, progress);
        if (audit is not null)
        {
            audit.Write(folder.Layout[StudyLayout.AuditName]); // After the claim: never an audit of settings that are refused.
        }

        var result = Train(validator, claimed, progress, cancellationToken);
        if (options.Controls != StudyControls.None)
        {
            AskFeatures(dataset, options, folder, progress, cancellationToken);
        }

        if (options.Controls == StudyControls.Retrained)
        {
            result = result with { Controls = Retrain(validator, dataset, options, folder, progress, cancellationToken) };
        }

        new StudyInsights(_backbones, _decoder, options, progress).Write(result, cancellationToken);
        return result;
    }

    private static DatasetAuditReport? Audit(
        CtDataset dataset, StudyOptions options, StudyLayout layout, IProgress<StudyProgress>? progress, CancellationToken cancellationToken)
    {
        if (File.Exists(layout[StudyLayout.AuditName]))
        {
            return null;
        }

        var asked = new DatasetAuditOptions
        {
            GroupBy = options.GroupBy,
            Folds = options.Folds,
            Seed = options.Seed,
        };
        var chosen = options.MaxImages is { } most ? dataset.Take(most) : dataset;
        var relay = progress is null ? null : new Relay<AuditProgress>(at => progress.Report(new AuditUnderWay(at)));
        var report = DatasetAudit.Run(chosen, asked, relay, cancellationToken: cancellationToken);
        foreach (var finding in report.Findings.Where(finding => finding.Verdict == AuditVerdict.Serious && finding.Check != AuditFinding.FoldsByImage))
        {
            progress?.Report(new StudyWarning(finding.Sentence));
        }

        return report;
    }

    private StudyResult Train(CrossValidator validator, ClaimedStudy claimed, IProgress<StudyProgress>? progress, CancellationToken cancellationToken)
    {
        using var study = validator.Decode(claimed, progress, cancellationToken);
        Trainer.Train(study, progress, cancellationToken);
        return study.Result();
    }

    private void AskFeatures(
        CtDataset dataset, StudyOptions options, StudyFolder folder, IProgress<StudyProgress>? progress, CancellationToken cancellationToken)
    {
        var file = folder.Layout[StudyLayout.ControlsName];
        if (!File.Exists(file))
        {
            Func<string, IProgress<RunStep>>? relay = progress is null
                ? null
                : name => new Relay<RunStep>(step => progress.Report(new RunUnderWay(name, step)));
            new FeatureControls(_backbones, _decoder).Run(dataset, options, folder, relay, cancellationToken).Write(file);
        }
    }

    /// <summary>
    /// Trains the networks on labels that mean nothing, and on images without lungs, by the same recipe, each as a study of its
    /// own below the study's folder.
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
        foreach (var (kind, name) in StudyReport.RetrainedControls)
        {
            progress?.Report(new ControlBegun(name));
            var asked = options.Clone();
            asked.Control = kind;
            using var own = StudyFolder.Open(folder.Layout.Retrained(name).Root, resume: true, sharing: folder);
            results.Add(Train(validator, validator.Claim(dataset, asked, own, progress), progress, cancellationToken));
        }

        return results;
    }
}
