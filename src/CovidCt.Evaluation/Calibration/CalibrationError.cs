namespace CovidCt.Calibration;

/// <summary>
/// How far probabilities are from observed rates, bin by bin: fractions in [0, 1], 0 the best, null without images. All
/// depend on the number of bins, and are above 0 by chance alone, the more so with fewer images.
/// </summary>
internal static class CalibrationError
{
    /// <summary>
    /// The expected calibration error of the positive class's probability: Σ bin / all · |observed rate - mean
    /// probability| over bins of equal width. Naeini, Cooper and Hauskrecht, "Obtaining well calibrated probabilities using
    /// Bayesian binning", AAAI 2015.
    /// </summary>
    /// <param name="outcomes">Whether an image is positive, and the probability, in [0, 1], that it is.</param>
    /// <param name="bins">The number of bins, from 1.</param>
    /// <exception cref="ArgumentException">A probability is not in [0, 1].</exception>
    public static double? Binary(IReadOnlyCollection<(bool Actual, double Probability)> outcomes, int bins = 15) =>
        Expected(ReliabilityDiagram.EqualWidth(outcomes, bins));

    /// <summary>
    /// The expected calibration error of the called class's probability, which is what most papers report: confidence
    /// against accuracy over bins of equal width on [0, 1], of which two classes use the upper half. Guo, Pleiss, Sun and
    /// Weinberger, "On calibration of modern neural networks", ICML 2017.
    /// </summary>
    /// <inheritdoc cref="Binary"/>
    public static double? TopLabel(IReadOnlyCollection<(bool Actual, double Probability)> outcomes, int bins = 15)
    {
        Outcomes.RequireProbabilities(outcomes, nameof(outcomes));
        return Expected(ReliabilityDiagram.EqualWidth(Outcomes.TopLabel(outcomes), bins));
    }

    /// <summary>The expected error of a diagram: the bins' gaps, weighted by their images.</summary>
    /// <param name="diagram">With bins of any kind.</param>
    public static double? Expected(ReliabilityDiagram diagram)
    {
        ArgumentNullException.ThrowIfNull(diagram);
        var all = diagram.Count;
        return all == 0 ? null : diagram.Bins.Sum(bin => Gap(bin) * bin.Count / all);
    }

    /// <summary>The maximum error of a diagram, its widest gap (Naeini et al. 2015); one image can make it.</summary>
    /// <param name="diagram">With bins of any kind.</param>
    public static double? Maximum(ReliabilityDiagram diagram)
    {
        ArgumentNullException.ThrowIfNull(diagram);
        return diagram.Count == 0 ? null : diagram.Bins.Max(Gap);
    }

    private static double Gap(ReliabilityBin bin) =>
        bin is { ObservedRate: { } rate, MeanProbability: { } mean } ? Math.Abs(rate - mean) : 0;
}
