using CovidCt.Evaluation;
using CovidCt.Statistics;

namespace CovidCt.Records;

/// <summary>What the figures of a study are worth, from its predictions alone.</summary>
/// <param name="Networks">One a network, by name, ordinal.</param>
/// <param name="Comparisons">
/// Which networks can be told apart by accuracy, and which by the area under the ROC curve, in an English sentence or two each.
/// </param>
public sealed record StudyStatistics(IReadOnlyList<NetworkStatistics> Networks, IReadOnlyList<string> Comparisons)
{
    /// <summary>What was drawn as a whole for the intervals; of several networks on the same images, the same.</summary>
    public ClusterUnit Drawn { get; init; }

    /// <summary>The statistics of a study; equal predictions give equal statistics.</summary>
    /// <param name="predictions">All test predictions, of any number of networks.</param>
    /// <param name="results">The figures of the same predictions.</param>
    /// <param name="cancellation">Looked at before each resample.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static StudyStatistics Of(
        IEnumerable<Prediction> predictions, CrossValidationReport results, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(results);
        var summary = results.GroupBy == CrossValidationReport.ByEachSource ? FoldSummary.Pooled : FoldSummary.Mean;
        var networks = predictions.GroupBy(prediction => prediction.Network, StringComparer.Ordinal)
            .OrderBy(network => network.Key, StringComparer.Ordinal).Select(network => network.ToList()).ToList();
        return new(
            [.. networks.Select(network => NetworkStatistics.Of(network, results.Positive, summary, cancellation))],
            [
                ToldApart(results.Networks),
                Distinguishable.Of(results.Networks, "AUC", figures => figures.Auc).Sentence,
            ])
        {
            Drawn = networks.Select(network => Clusters.UnitsOf(network, results.Positive).Unit).DefaultIfEmpty().Min(),
        };
    }

    /// <summary>
    /// Which networks can be told apart by accuracy, in an English sentence or two: every pair by the corrected resampled t-test over the
    /// folds,
    /// with Holm's correction, at 0.05.
    /// </summary>
    /// <param name="networks">Networks of one study, on the same folds.</param>
    /// <exception cref="ArgumentException">A network is there twice.</exception>
    public static string ToldApart(IReadOnlyList<NetworkResult> networks) =>
        Distinguishable.Of(networks, "accuracy", figures => figures.Accuracy).Sentence;
}
