using CovidCt.Maps;

namespace CovidCt.Explanation;

/// <summary>How well one map says what a network answers about one image.</summary>
/// <param name="EnergyOutside"><see cref="MapStatistics.EnergyOutside"/>: the share of the energy that lies in the padding.</param>
internal sealed record MapScores(double? EnergyOutside)
{
    /// <summary>
    /// The correlation of the map with what the network loses: the image is divided into patches, each is blurred by
    /// itself, and Pearson's r is taken between the map's mean m_p in a patch and the loss of log-odds
    /// <c>Δ_p = ℓ(x) − ℓ(x without p)</c>, in [−1, 1]; of two classes ℓ is the class's logit less the other's. Occlusion:
    /// Zeiler and Fergus, ECCV 2014; Δ as the weight of evidence: Robnik-Šikonja and Kononenko, IEEE TKDE 20(5), 2008, and
    /// Zintgraf et al., ICLR 2017, equation 3 (there in bits); the correlation: Bhatt et al., "Evaluating and aggregating
    /// feature-based model explanations", IJCAI 2020, definition of faithfulness, with patches as subsets. Null of a constant map and
    /// where nothing is lost anywhere.
    /// </summary>
    public double? Faithfulness { get; init; }

    /// <summary>
    /// The audit's score, in nats of log-odds: what the marked patches hold more than the others,
    /// <c>cov(m, Δ) / σ(m) = r · σ(Δ)</c>. It is <see cref="Faithfulness"/> weighed by how much there is to be explained:
    /// near 0 both of a map that marks the wrong places and of a network that looks at nothing in particular, as a
    /// randomised one does. 0 of a constant map.
    /// </summary>
    public double? Evidence { get; init; }

    /// <summary>
    /// The class's probability while pixels are replaced by the image's mean colour, those of the highest values first
    /// (Petsiuk et al., "RISE", BMVC 2018, section 4.2); the better the map, the smaller the area.
    /// </summary>
    public PerturbationCurve? Deletion { get; init; }

    /// <summary>
    /// The class's probability while pixels of the blurred image get their values back, those of the highest values first
    /// (the same); the better the map, the larger the area.
    /// </summary>
    public PerturbationCurve? Insertion { get; init; }

    /// <summary>ROAD's two curves.</summary>
    public RoadCurves? Road { get; init; }

    /// <summary><see cref="MapStatistics.EnergyInMask"/> over the original image; null where nothing is marked.</summary>
    public double? EnergyInMask { get; init; }

    /// <summary><see cref="MapStatistics.PointingGame"/> over the original image; null where nothing is marked.</summary>
    public double? PointingGame { get; init; }
}
