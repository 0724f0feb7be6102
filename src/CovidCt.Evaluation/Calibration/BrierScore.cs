namespace CovidCt.Calibration;

/// <summary>
/// The mean squared error of probabilities, in [0, 1], 0 the best: Brier, "Verification of forecasts expressed in terms of
/// probability", Monthly Weather Review 1950, 78, 1-3, halved for two classes as has become usual.
/// </summary>
internal static class BrierScore
{
    /// <summary>The score; null without images.</summary>
    /// <param name="outcomes">Whether an image is positive, and the probability, in [0, 1], that it is.</param>
    /// <exception cref="ArgumentException">A probability is not in [0, 1].</exception>
    public static double? Of(IReadOnlyCollection<(bool Actual, double Probability)> outcomes)
    {
        Outcomes.RequireProbabilities(outcomes, nameof(outcomes));
        return outcomes.Count == 0 ? null : outcomes.Average(o => Square(o.Probability - (o.Actual ? 1 : 0)));
    }

    /// <summary>
    /// The score's parts over bins of equal width: Murphy, "A new vector partition of the probability score", Journal of
    /// Applied Meteorology 1973, 12, 595-600; within bins, Stephenson, Coelho and Jolliffe, Weather and Forecasting 2008, 23,
    /// 752-757. Null without images.
    /// </summary>
    /// <param name="outcomes">Whether an image is positive, and the probability, in [0, 1], that it is.</param>
    /// <param name="bins">The number of bins, from 1.</param>
    /// <exception cref="ArgumentException">A probability is not in [0, 1].</exception>
    public static BrierDecomposition? Decompose(
        IReadOnlyCollection<(bool Actual, double Probability)> outcomes, int bins = 10)
    {
        var diagram = ReliabilityDiagram.EqualWidth(outcomes, bins);
        if (Of(outcomes) is not { } score)
        {
            return null;
        }

        double all = outcomes.Count;
        var rate = outcomes.Count(o => o.Actual) / all;
        var reliability = diagram.Bins.Sum(bin => bin.Count / all * Square(bin.MeanProbability - bin.ObservedRate ?? 0));
        var resolution = diagram.Bins.Sum(bin => bin.Count / all * Square(bin.ObservedRate - rate ?? 0));
        var uncertainty = rate * (1 - rate);
        return new(reliability, resolution, uncertainty, score - (reliability - resolution + uncertainty));
    }

    private static double Square(double value) => value * value;
}
