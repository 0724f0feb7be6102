namespace CovidCt.Statistics;

/// <summary>Wilson's score interval for shares of images that come in clusters, such as a patient's slices.</summary>
/// <remarks>
/// The number of images is replaced by the effective one, p (1 − p) / v, with v the variance of the share when whole
/// clusters are drawn (the linearised ratio estimator; Korn and Graubard 1998, "Confidence intervals for proportions with
/// small expected number of positive counts estimated from survey data"). It is kept between 1 and the number of
/// images, and is the number of clusters where the share is 0 or 1.
/// </remarks>
internal static class ClusteredWilson
{
    /// <summary>The interval.</summary>
    /// <param name="share">The weighted share of successes.</param>
    /// <param name="right">Which images are successes.</param>
    /// <param name="weights">The weight of each image; they sum to 1.</param>
    /// <param name="expected">The share that each image's part of the estimate is about: its class's, or that of all.</param>
    /// <param name="clusters">The cluster of each image.</param>
    /// <param name="level">The confidence level, in (0, 1).</param>
    public static Interval Of<TCluster>(
        double share,
        IReadOnlyList<bool> right,
        IReadOnlyList<double> weights,
        IReadOnlyList<double> expected,
        IReadOnlyList<TCluster> clusters,
        double level = 0.95)
        where TCluster : notnull
    {
        var sums = new Dictionary<TCluster, double>();
        for (var i = 0; i < right.Count; i++)
        {
            sums[clusters[i]] = sums.GetValueOrDefault(clusters[i]) + (weights[i] * ((right[i] ? 1 : 0) - expected[i]));
        }

        var variance = sums.Values.Sum(sum => sum * sum);
        var effective = variance > 1e-15 ? Math.Clamp(share * (1 - share) / variance, 1, right.Count) : sums.Count;
        return WilsonInterval.OfShare(share, effective, level);
    }
}
