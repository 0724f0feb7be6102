namespace CovidCt.Maps;

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
