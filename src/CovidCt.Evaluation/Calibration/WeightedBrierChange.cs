namespace CovidCt.Calibration;

/// <summary>How much the Brier score of some probabilities is above that of others, of the same images, on weighted clusters.</summary>
internal sealed class WeightedBrierChange
{
    private readonly int[] _images;
    private readonly double[] _changes;

    /// <param name="from">Whether an image is positive, and the probability, in [0, 1], that it is.</param>
    /// <param name="to">The same images with other probabilities.</param>
    /// <param name="clusters">The cluster of each.</param>
    public WeightedBrierChange(
        IReadOnlyList<(bool Actual, double Probability)> from,
        IReadOnlyList<(bool Actual, double Probability)> to,
        IReadOnlyList<int> clusters)
    {
        _images = new int[clusters.Max() + 1];
        _changes = new double[_images.Length];
        for (var row = 0; row < clusters.Count; row++)
        {
            _images[clusters[row]]++;
            _changes[clusters[row]] += SquaredError(to[row]) - SquaredError(from[row]);
        }
    }

    /// <summary>Computes the one figure.</summary>
    /// <param name="weights">How many times each cluster counts, from 0.</param>
    /// <param name="figures">Where it goes; null without images.</param>
    public void Compute(ReadOnlySpan<int> weights, Span<double?> figures)
    {
        long images = 0;
        var change = 0.0;
        for (var cluster = 0; cluster < _images.Length; cluster++)
        {
            images += (long)weights[cluster] * _images[cluster];
            change += weights[cluster] * _changes[cluster];
        }

        figures[0] = images == 0 ? null : change / images;
    }

    private static double SquaredError((bool Actual, double Probability) outcome)
    {
        var rest = outcome.Probability - (outcome.Actual ? 1 : 0);
        return rest * rest;
    }
}
