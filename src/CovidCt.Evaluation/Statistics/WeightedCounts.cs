using CovidCt.Evaluation;

namespace CovidCt.Statistics;

/// <summary>Counts of a two-class test by cluster, added up as often as each cluster is drawn.</summary>
/// <param name="counts">The counts of each cluster.</param>
internal sealed class WeightedCounts(IEnumerable<(int Cluster, ConfusionMatrix Counts)> counts)
{
    private readonly (int Cluster, ConfusionMatrix Counts)[] _counts = [.. counts];

    /// <summary>The counts of all clusters, each once.</summary>
    public ConfusionMatrix Total => _counts.Aggregate(new ConfusionMatrix(0, 0, 0, 0), (sum, cluster) => sum + cluster.Counts);

    /// <summary>True and false positives, true and false negatives.</summary>
    /// <param name="weights">How many times each cluster counts, from 0.</param>
    public (long Tp, long Fp, long Tn, long Fn) Of(ReadOnlySpan<int> weights)
    {
        long tp = 0, fp = 0, tn = 0, fn = 0;
        foreach (var (cluster, counts) in _counts)
        {
            long weight = weights[cluster];
            tp += weight * counts.TruePositives;
            fp += weight * counts.FalsePositives;
            tn += weight * counts.TrueNegatives;
            fn += weight * counts.FalseNegatives;
        }

        return (tp, fp, tn, fn);
    }

    /// <summary>A share; null of nothing.</summary>
    public static double? Ratio(long numerator, long denominator) => denominator == 0 ? null : (double)numerator / denominator;
}
