using CovidCt.Maps;

namespace CovidCt.Explanation;

/// <summary>What an audit finds of the map of one image.</summary>
/// <param name="Map">The map.</param>
/// <param name="Own">What it is worth.</param>
/// <param name="PaddingShare">The padding's share of the canvas, which is what a map without regard to it has there.</param>
internal sealed record ImageAudit(ClassActivationMap Map, MapScores Own, double PaddingShare)
{
    /// <summary>What maps are worth that know nothing of the network; empty where it was not asked for.</summary>
    public IReadOnlyDictionary<BaselineMap, MapScores> Baselines { get; init; } = new Dictionary<BaselineMap, MapScores>();

    /// <summary>The marked share of the image, which is what a map without regard to it has there; null where nothing is marked.</summary>
    public double? MaskShare { get; init; }

    /// <summary><see cref="MapStatistics.PointingChance"/>: what pointing anywhere would have; null where nothing is marked.</summary>
    public double? PointingChance { get; init; }
}
