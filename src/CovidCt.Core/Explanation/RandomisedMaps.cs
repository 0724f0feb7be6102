namespace CovidCt.Explanation;

/// <summary>How the map of each image has changed once the network is randomised down to a level.</summary>
/// <param name="Layer">The part of the network that was randomised last; those after it were before.</param>
/// <param name="RankCorrelations">
/// For each image <see cref="MapStatistics.RankCorrelation"/> of the normalised map with that of the whole network; null of a constant
/// map.
/// </param>
/// <param name="Ssims">For each image <see cref="MapStatistics.Ssim"/> of the two on the canvas.</param>
internal sealed record RandomisedMaps(string Layer, IReadOnlyList<double?> RankCorrelations, IReadOnlyList<double> Ssims)
{
    /// <summary>The mean over the images that define one; null where none does.</summary>
    public double? RankCorrelation => MapStatistics.Mean(RankCorrelations);
}
