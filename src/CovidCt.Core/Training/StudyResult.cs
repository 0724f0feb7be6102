using CovidCt.Data;
using CovidCt.Evaluation;

namespace CovidCt.Training;

/// <summary>What came of a study.</summary>
/// <param name="Dataset">The readable rows, with what was rejected.</param>
/// <param name="Folds">The folds over those rows.</param>
/// <param name="Networks">The runs of each network, in the order asked for.</param>
public sealed record StudyResult(CtDataset Dataset, IReadOnlyList<Fold> Folds, IReadOnlyList<NetworkRun> Networks)
{
    /// <summary>Every test prediction.</summary>
    public IEnumerable<Prediction> Predictions => Networks.SelectMany(network => network.Folds).SelectMany(fold => fold.Predictions);

    /// <summary>Every epoch of every run.</summary>
    public IEnumerable<HistoryEntry> History => Networks.SelectMany(network => network.Folds).SelectMany(fold => fold.History);

    /// <summary>The figures of merit.</summary>
    /// <param name="groupBy">What the folds kept together.</param>
    /// <param name="seed">The study's seed.</param>
    public CrossValidationReport Report(GroupBy groupBy, long seed) => CrossValidationReport.From(
        Predictions,
        Dataset.Name,
        groupBy.ToString().ToLowerInvariant(),
        seed,
        Dataset.Classes,
        Dataset.Classes[Dataset.Positive],
        Dataset.Rejected,
        Networks.ToDictionary(network => network.Network, network => network.Initialization));
}

/// <summary>The runs of one network.</summary>
/// <param name="Network">The published name.</param>
/// <param name="Initialization"><c>imagenet</c> or <c>random</c>.</param>
/// <param name="Folds">One run a fold.</param>
public sealed record NetworkRun(string Network, string Initialization, IReadOnlyList<FoldRun> Folds);

/// <summary>One run: a network trained on one fold's training rows and asked about its test rows.</summary>
/// <param name="Fold">The fold, from 0.</param>
/// <param name="History">One record an epoch.</param>
/// <param name="Predictions">One prediction a test row.</param>
public sealed record FoldRun(int Fold, IReadOnlyList<HistoryEntry> History, IReadOnlyList<Prediction> Predictions)
{
    /// <summary>The figures on the test rows.</summary>
    /// <param name="positive">The name of the positive class.</param>
    public FoldResult Figures(string positive) => FoldResult.From(Fold, Predictions, positive);
}
