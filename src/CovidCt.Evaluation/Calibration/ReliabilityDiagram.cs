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
    /// <exception cref="ArgumentException">A probability is not in [0, 1].</exception>
    public static ReliabilityDiagram EqualWidth(
        IReadOnlyCollection<(bool Actual, double Probability)> outcomes, int bins = 10, double level = 0.95)
    {
        Outcomes.RequireProbabilities(outcomes, nameof(outcomes));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        return new(Binned(outcomes, [.. Enumerable.Range(0, bins + 1).Select(i => (double)i / bins)], level));
    }

    /// <summary>
    /// Bins of as many images each as ties allow: the edges are quantiles of the probabilities, and equal probabilities
    /// stay together. Without images there are no bins.
    /// </summary>
    /// <inheritdoc cref="EqualWidth"/>
    public static ReliabilityDiagram EqualMass(
        IReadOnlyCollection<(bool Actual, double Probability)> outcomes, int bins = 10, double level = 0.95)
    {
        Outcomes.RequireProbabilities(outcomes, nameof(outcomes));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        if (outcomes.Count == 0)
        {
            return new([]);
        }

        double[] ascending = [.. outcomes.Select(o => o.Probability).Order()];
        return new(Binned(
            outcomes, [.. Enumerable.Range(0, bins + 1).Select(i => Distributions.Quantile(ascending, (double)i / bins))], level));
    }

    private static ReliabilityBin[] Binned(
        IReadOnlyCollection<(bool Actual, double Probability)> outcomes, double[] edges, double level)
    {
        var sums = new double[edges.Length - 1];
        var counts = new int[edges.Length - 1];
        var positives = new int[edges.Length - 1];
        foreach (var (actual, probability) in outcomes)
        {
            var bin = Bin(edges, probability);
            sums[bin] += probability;
            counts[bin]++;
            positives[bin] += actual ? 1 : 0;
        }

        return
        [
            .. counts.Select((count, i) => count == 0
                ? new ReliabilityBin(edges[i], edges[i + 1], 0, null, null, null)
                : new(
                    edges[i], edges[i + 1], count, sums[i] / count, (double)positives[i] / count,
                    Interval.OfShare(positives[i], count, level))),
        ];
    }

    /// <summary>The number of inner edges below the probability.</summary>
    private static int Bin(double[] edges, double probability)
    {
        var bin = 0;
        while (bin < edges.Length - 2 && edges[bin + 1] < probability)
        {
            bin++;
        }

        return bin;
    }
}
