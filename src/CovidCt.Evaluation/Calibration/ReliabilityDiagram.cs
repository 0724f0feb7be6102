using CovidCt.Statistics;

namespace CovidCt.Calibration;

/// <summary>
/// Whether of the images called positive with probability p, a share p is: Murphy and Winkler, "Reliability of subjective
/// probability forecasts of precipitation and temperature", Applied Statistics 1977, 26, 41-47; the bins as those of
/// scikit-learn's <c>calibration_curve</c>, with empty ones kept.
/// </summary>
/// <param name="Bins">By probability, ascending.</param>
internal sealed record ReliabilityDiagram(IReadOnlyList<ReliabilityBin> Bins)
{
    /// <summary>All images.</summary>
    public int Count => Bins.Sum(bin => bin.Count);

    /// <summary>Bins of equal width over [0, 1].</summary>
    /// <param name="outcomes">Whether an image is positive, and the probability, in [0, 1], that it is.</param>
    /// <param name="bins">The number of bins, from 1.</param>
    /// <param name="level">The level of the intervals, in (0, 1).</param>
    /// <param name="clusters">For each image, whose it is; null when every image is its own.</param>
    /// <exception cref="ArgumentException">A probability is not in [0, 1].</exception>
    public static ReliabilityDiagram EqualWidth(
        IReadOnlyCollection<(bool Actual, double Probability)> outcomes,
        int bins = 10,
        double level = 0.95,
        IReadOnlyList<int>? clusters = null)
    {
        Outcomes.RequireProbabilities(outcomes, nameof(outcomes));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        return new(Binned(outcomes, Edges(bins), level, clusters));
    }

    /// <summary>
    /// Bins of as many images each as ties allow: the edges are quantiles of the probabilities, and equal probabilities
    /// stay together. Without images there are no bins.
    /// </summary>
    /// <inheritdoc cref="EqualWidth"/>
    public static ReliabilityDiagram EqualMass(
        IReadOnlyCollection<(bool Actual, double Probability)> outcomes,
        int bins = 10,
        double level = 0.95,
        IReadOnlyList<int>? clusters = null)
    {
        Outcomes.RequireProbabilities(outcomes, nameof(outcomes));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        if (outcomes.Count == 0)
        {
            return new([]);
        }

        double[] ascending = [.. outcomes.Select(o => o.Probability).Order()];
        return new(Binned(
            outcomes,
            [.. Enumerable.Range(0, bins + 1).Select(i => Distributions.Quantile(ascending, (double)i / bins))],
            level,
            clusters));
    }

    /// <summary>The edges of bins of equal width.</summary>
    internal static double[] Edges(int bins) => [.. Enumerable.Range(0, bins + 1).Select(i => (double)i / bins)];

    /// <summary>The bin of a probability: the number of inner edges below it.</summary>
    internal static int Bin(double[] edges, double probability)
    {
        var bin = 0;
        while (bin < edges.Length - 2 && edges[bin + 1] < probability)
        {
            bin++;
        }

        return bin;
    }

    private static ReliabilityBin[] Binned(
        IReadOnlyCollection<(bool Actual, double Probability)> outcomes, double[] edges, double level, IReadOnlyList<int>? clusters)
    {
        var bins = outcomes.Select((outcome, row) => (Outcome: outcome, Cluster: clusters?[row] ?? row))
            .ToLookup(row => Bin(edges, row.Outcome.Probability));
        return
        [
            .. Enumerable.Range(0, edges.Length - 1).Select(bin => bins.Contains(bin)
                ? Filled(edges[bin], edges[bin + 1], [.. bins[bin]], level)
                : new(edges[bin], edges[bin + 1], 0, null, null, null)),
        ];
    }

    private static ReliabilityBin Filled(
        double low, double high, ((bool Actual, double Probability) Outcome, int Cluster)[] rows, double level)
    {
        var rate = (double)rows.Count(row => row.Outcome.Actual) / rows.Length;
        var interval = ClusteredWilson.Of(
            rate,
            [.. rows.Select(row => row.Outcome.Actual)],
            [.. Enumerable.Repeat(1.0 / rows.Length, rows.Length)],
            [.. Enumerable.Repeat(rate, rows.Length)],
            [.. rows.Select(row => row.Cluster)],
            level);
        return new(low, high, rows.Length, rows.Sum(row => row.Outcome.Probability) / rows.Length, rate, interval);
    }
}
