using CovidCt.Data;
using CovidCt.Evaluation;
using CovidCt.Recipes;

namespace CovidCt.Records;

/// <summary>What came of a study.</summary>
/// <param name="Layout">Where it lies.</param>
/// <param name="Options">What it was asked to do.</param>
/// <param name="Dataset">The readable rows, with what was rejected.</param>
/// <param name="Folds">The folds over those rows.</param>
/// <param name="Runs">What each run came to, network by network in the order asked for, fold by fold.</param>
public sealed record StudyResult(
    StudyLayout Layout, StudyOptions Options, CtDataset Dataset, IReadOnlyList<Fold> Folds, IReadOnlyList<RunResult> Runs)
{
    /// <summary>The studies of the controls that the networks were trained anew for.</summary>
    public IReadOnlyList<StudyResult> Controls { get; init; } = [];

    /// <summary>The further trainings of the same networks on the same folds, from other seeds.</summary>
    public IReadOnlyList<StudyResult> Seeds { get; init; } = [];

    /// <summary>The trainings of the same networks on the same folds by further recipes, from the simpler to the less simple.</summary>
    public IReadOnlyList<StudyResult> Recipes { get; init; } = [];

    /// <summary>
    /// What the networks of all seeds come to together, in the order of <see cref="Report"/>; none where each was trained from one seed.
    /// </summary>
    public IReadOnlyList<SeedEnsemble> SeedEnsembles => field ??= SeedEnsemble.Of(this);

    /// <summary>
    /// What a reader of the figures should know, each said once, in the order in which it was found: weights that were not there, classes
    /// that were guessed, what the audit found serious. Of a study that was gone on with, what was said this time.
    /// </summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Every test prediction.</summary>
    public IEnumerable<Prediction> Predictions => Runs.SelectMany(run => run.Predictions);

    /// <summary>The answers about series; none where the data set isn't one of volumes.</summary>
    public IReadOnlyList<SeriesPrediction> Series => Dataset.HoldsVolumes
        ? SeriesPrediction.From(Predictions, Dataset.Classes[Dataset.Positive])
        : [];

    /// <summary>The figures of merit.</summary>
    public CrossValidationReport Report() => CrossValidationReport.From(
        Predictions,
        Dataset.Name,
        Options.GroupBy.Name,
        Options.Seed,
        Dataset.Classes,
        Dataset.Classes[Dataset.Positive],
        Dataset.Rejected,
        Runs.DistinctBy(run => run.Network).ToDictionary(run => run.Network, run => run.Initialization));
}
