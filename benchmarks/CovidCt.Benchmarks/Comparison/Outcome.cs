namespace CovidCt.Benchmarks.Comparison;

/// <summary>What the rounds of one row came to.</summary>
/// <param name="Case">The row.</param>
/// <param name="Ours">Our figure of each round.</param>
/// <param name="Theirs">The peer's, by each of the case's ways; none where there is no peer.</param>
/// <param name="Failure">Why there are no figures.</param>
internal sealed record Outcome(WorkCase Case, IReadOnlyList<double> Ours, IReadOnlyList<IReadOnlyList<double>> Theirs, string? Failure = null)
{
    public static Outcome Failed(WorkCase row, string reason) => new(row, [], [], reason);

    /// <summary>The peer's figures by one way; null where the case hasn't it.</summary>
    public IReadOnlyList<double>? By(PeerVariant peer) =>
        Case.Peers.ToList().IndexOf(peer) is >= 0 and var place && place < Theirs.Count ? Theirs[place] : null;

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
