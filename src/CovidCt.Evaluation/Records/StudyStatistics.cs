using CovidCt.Evaluation;
using CovidCt.Statistics;

namespace CovidCt.Records;

/// <summary>What the figures of a study are worth, from its predictions alone.</summary>
/// <param name="Networks">One a network, by name, ordinal.</param>
/// <param name="Comparisons">Which networks can be told apart by accuracy, and which by the area under the ROC curve.</param>
public sealed record StudyStatistics(IReadOnlyList<NetworkStatistics> Networks, IReadOnlyList<Distinguishable> Comparisons)
{
    /// <summary>The statistics of a study; equal predictions give equal statistics.</summary>
    /// <param name="predictions">All test predictions, of any number of networks.</param>
    /// <param name="results">The figures of the same predictions.</param>
    /// <param name="cancellation">Looked at before each resample.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static StudyStatistics Of(IEnumerable<Prediction> predictions, CrossValidationReport results, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(results);
        var summary = results.GroupBy == CrossValidationReport.BySource ? FoldSummary.Pooled : FoldSummary.Mean;
        return new(
            [
                .. predictions.GroupBy(prediction => prediction.Network, StringComparer.Ordinal).OrderBy(network => network.Key, StringComparer.Ordinal)
                    .Select(network => NetworkStatistics.Of([.. network], results.Positive, summary, cancellation)),
            ],
            [
                Distinguishable.Of(results.Networks, "accuracy", figures => figures.Accuracy),
                Distinguishable.Of(results.Networks, "AUC", figures => figures.Auc),
            ]);
    }
}
