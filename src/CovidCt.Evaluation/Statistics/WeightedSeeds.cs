namespace CovidCt.Statistics;

/// <summary>
/// The figures of a network that was trained from several seeds: means over the seeds where a figure is defined, each as often as it was
/// drawn. Seeds stand behind the clusters (<see cref="Clusters.WithSeeds"/>).
/// </summary>
/// <param name="seeds">What it came to from each seed; of a single one there is nothing to draw.</param>
/// <param name="first">The place of the first seed among the weights.</param>
internal sealed class WeightedSeeds(IReadOnlyList<WeightedOutcomes> seeds, int first)
{
    private readonly double?[] _one = new double?[WeightedOutcomes.Figures];

    /// <summary>Accuracy, precision, sensitivity, specificity, F1 and AUC.</summary>
    public void Compute(ReadOnlySpan<int> weights, Span<double?> figures)
    {
        if (seeds.Count == 1)
        {
            seeds[0].Compute(weights, figures);
            return;
        }

        Span<double> sums = stackalloc double[WeightedOutcomes.Figures];
        Span<int> drawn = stackalloc int[WeightedOutcomes.Figures];
        sums.Clear();
        drawn.Clear();
        for (var seed = 0; seed < seeds.Count; seed++)
        {
            Add(seeds[seed], weights, weights[first + seed], sums, drawn);
        }

        for (var i = 0; i < figures.Length; i++)
        {
            figures[i] = drawn[i] == 0 ? null : sums[i] / drawn[i];
        }
    }

    private void Add(WeightedOutcomes seed, ReadOnlySpan<int> weights, int times, Span<double> sums, Span<int> drawn)
    {
        if (times == 0)
        {
            return;
        }

        seed.Compute(weights, _one);
        for (var i = 0; i < _one.Length; i++)
        {
            if (_one[i] is { } value)
            {
                sums[i] += times * value;
                drawn[i] += times;
            }
        }
    }
}
