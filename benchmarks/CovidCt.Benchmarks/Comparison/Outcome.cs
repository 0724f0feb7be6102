namespace CovidCt.Benchmarks.Comparison;

/// <summary>What the rounds of one row came to.</summary>
/// <param name="Case">The row.</param>
/// <param name="Ours">Our figure of each round.</param>
/// <param name="Theirs">The peer's.</param>
/// <param name="ChannelsLast">The peer's with channels-last tensors.</param>
/// <param name="Failure">Why there are no figures.</param>
internal sealed record Outcome(
    WorkCase Case, IReadOnlyList<double> Ours, IReadOnlyList<double> Theirs, IReadOnlyList<double> ChannelsLast, string? Failure = null)
{
    public static Outcome Failed(WorkCase row, string reason) => new(row, [], [], [], reason);

    /// <summary>The ratios of figures that were taken in one round each.</summary>
    public static double[] Ratios(ComparedWork work, IReadOnlyList<double> ours, IReadOnlyList<double> theirs) =>
        [.. ours.Zip(theirs, (here, there) => work.OursOverPeer ? here / there : there / here)];

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
