namespace CovidCt.Explanation;

/// <summary>What an audit finds of a network's maps.</summary>
/// <param name="Images">The findings of each image, in their order.</param>
/// <param name="Randomisation">
/// The cascading randomisation, from the head down; empty where it was not asked for. Maps that explain the network
/// change with it: correlations near 0 in the end. A map that stays the same explains the image alone.
/// </param>
internal sealed record CamAuditReport(IReadOnlyList<ImageAudit> Images, IReadOnlyList<RandomisedMaps> Randomisation)
{
    /// <summary>The mean of a figure over the images that define it; null where none does.</summary>
    public double? Mean(Func<ImageAudit, double?> figure) => MapStatistics.Mean(Images.Select(figure));
}
