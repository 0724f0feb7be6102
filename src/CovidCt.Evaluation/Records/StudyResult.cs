using CovidCt.Data;
using CovidCt.Evaluation;
using CovidCt.Recipes;

namespace CovidCt.Records;

/// <summary>What came of a study.</summary>
/// <param name="Layout">Where it lies.</param>
/// <param name="Options">What it was asked to do.</param>
/// <param name="Dataset">The readable rows, with what was rejected.</param>
/// <param name="Folds">The folds over those rows.</param>
/// <param name="Networks">The runs of each network, in the order asked for.</param>
public sealed record StudyResult(
    StudyLayout Layout, StudyOptions Options, CtDataset Dataset, IReadOnlyList<Fold> Folds, IReadOnlyList<NetworkRun> Networks)
{
    /// <summary>The studies of the controls that the networks were trained anew for.</summary>
    public IReadOnlyList<StudyResult> Controls { get; init; } = [];

    /// <summary>Every test prediction.</summary>
    public IEnumerable<Prediction> Predictions => Networks.SelectMany(network => network.Folds).SelectMany(fold => fold.Predictions);

    /// <summary>Every epoch of every run.</summary>
    public IEnumerable<HistoryEntry> History => Networks.SelectMany(network => network.Folds).SelectMany(fold => fold.History);

    /// <summary>The figures of merit.</summary>
    public CrossValidationReport Report() => CrossValidationReport.From(
        Predictions,
        Dataset.Name,
        Options.GroupBy.Name,
        Options.Seed,
        Dataset.Classes,
        Dataset.Classes[Dataset.Positive],
        Dataset.Rejected,
        Networks.ToDictionary(network => network.Network, network => network.Initialization));
}
