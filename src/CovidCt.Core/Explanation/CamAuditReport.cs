namespace CovidCt.Explanation;

/// <summary>What an audit finds of a network's maps.</summary>
/// <param name="Images">The findings of each image, in their order.</param>
/// <param name="Randomisation">
/// The cascading randomisation, from the head down; empty where it was not asked for. Maps that explain the network
/// change with it: correlations near 0 in the end. A map that stays the same explains the image alone.
/// </param>
public sealed record CamAuditReport(IReadOnlyList<ImageAudit> Images, IReadOnlyList<RandomisationLevel> Randomisation)
{
    /// <summary>The mean of a figure over the images that define it; null where none does.</summary>
    public double? Mean(Func<ImageAudit, double?> figure) => MapStatistics.Mean(Images.Select(figure));
}

/// <summary>What an audit finds of one map.</summary>
/// <param name="Map">The map.</param>
/// <param name="EnergyOutside"><see cref="MapStatistics.EnergyOutside"/>: the share of the energy that lies in the padding.</param>
/// <param name="PaddingShare">The padding's share of the canvas, which is what a map without regard to it has there.</param>
public sealed record ImageAudit(ClassActivationMap Map, double? EnergyOutside, double PaddingShare)
{
    /// <summary>
    /// The correlation of the map with what the network loses: the image is divided into patches, each is blurred by
    /// itself, and Pearson's r is taken between the map's mean m_p in a patch and the logit's loss
    /// <c>Δ_p = y(x) − y(x without p)</c>, in [−1, 1] (occlusion: Zeiler and Fergus, ECCV 2014; the correlation: Bhatt
    /// et al., "Evaluating and aggregating feature-based model explanations", IJCAI 2020, definition of faithfulness, with
    /// patches as subsets). Null of a constant map and where nothing is lost anywhere.
    /// </summary>
    public double? Faithfulness { get; init; }

    /// <summary>
    /// The audit's score, in logits: what the marked patches hold more than the others,
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

    /// <summary>The marked share of the image, which is what a map without regard to it has there; null where nothing is marked.</summary>
    public double? MaskShare { get; init; }

    /// <summary><see cref="MapStatistics.PointingGame"/> over the original image; null where nothing is marked.</summary>
    public double? PointingGame { get; init; }

    /// <summary><see cref="MapStatistics.PointingChance"/>: what pointing anywhere would have; null where nothing is marked.</summary>
    public double? PointingChance { get; init; }
}

/// <summary>A class's probability while an image is changed pixel by pixel.</summary>
/// <param name="Shares">The changed share of the image's pixels, rising in [0, 1].</param>
/// <param name="Probabilities">The probability at each share.</param>
public sealed record PerturbationCurve(IReadOnlyList<double> Shares, IReadOnlyList<double> Probabilities)
{
    /// <summary>
    /// The area under the curve by the trapezoidal rule, divided by the width of what it spans: a mean probability.
    /// </summary>
    public double Area => Shares.Count == 1
        ? Probabilities[0]
        : Enumerable.Range(1, Shares.Count - 1).Sum(i => (Shares[i] - Shares[i - 1]) * (Probabilities[i] + Probabilities[i - 1]) / 2) / (Shares[^1] - Shares[0]);
}

/// <summary>
/// ROAD (Rong et al., ICML 2022): the class's probability after shares of the pixels were removed by noisy linear
/// imputation, which leaves little to see of the removed shape.
/// </summary>
/// <param name="MostRelevantFirst">The pixels of the highest values removed first.</param>
/// <param name="LeastRelevantFirst">Those of the lowest values first.</param>
public sealed record RoadCurves(PerturbationCurve MostRelevantFirst, PerturbationCurve LeastRelevantFirst)
{
    /// <summary>
    /// The mean difference of the two over all shares, in [−1, 1]: the better the map, the larger. About 0 of a map
    /// without regard to what the network sees.
    /// </summary>
    public double Score => LeastRelevantFirst.Probabilities.Zip(MostRelevantFirst.Probabilities, (least, most) => least - most).Average();
}

/// <summary>How maps have changed once the network is randomised down to a level.</summary>
/// <param name="Layer">The part of the network that was randomised last; those after it were before.</param>
/// <param name="RankCorrelation">
/// The mean over the images of <see cref="MapStatistics.RankCorrelation"/> between the normalised map and that of the
/// whole network; null where no image defines one.
/// </param>
/// <param name="Defined">The number of images that define a correlation: not those with a constant map.</param>
/// <param name="Ssim">The mean over the images of <see cref="MapStatistics.Ssim"/> between the two on the canvas.</param>
public sealed record RandomisationLevel(string Layer, double? RankCorrelation, int Defined, double Ssim);

/// <summary>How far an audit has come.</summary>
/// <param name="Part">The part under way.</param>
/// <param name="Done">Images done, or levels of randomisation.</param>
/// <param name="Total">Images or levels in all.</param>
public readonly record struct CamAuditProgress(CamAuditParts Part, int Done, int Total);
