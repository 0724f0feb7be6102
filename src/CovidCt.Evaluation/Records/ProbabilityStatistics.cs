using CovidCt.Calibration;

namespace CovidCt.Records;

/// <summary>How far probabilities can be taken at their word.</summary>
/// <param name="Brier">The mean squared error of the probabilities, in [0, 1].</param>
/// <param name="CalibrationError">The expected calibration error of the positive class over fifteen bins, in [0, 1].</param>
/// <param name="TopLabelError">That of the called class, in [0, 1].</param>
/// <param name="Reliability">Ten bins of equal width.</param>
/// <param name="Decisions">The decision curve.</param>
public sealed record ProbabilityStatistics(
    double? Brier, double? CalibrationError, double? TopLabelError,
    IReadOnlyList<ReliabilityBin> Reliability, IReadOnlyList<DecisionPoint> Decisions)
{
    /// <summary>The statistics of probabilities and what they were of.</summary>
    /// <param name="outcomes">Whether each image is of the positive class, and the probability in [0, 1] that it is.</param>
    /// <exception cref="ArgumentException">A probability is not in [0, 1].</exception>
    public static ProbabilityStatistics Of(IReadOnlyCollection<(bool Actual, double Probability)> outcomes) => new(
        BrierScore.Of(outcomes),
        Calibration.CalibrationError.Binary(outcomes),
        Calibration.CalibrationError.TopLabel(outcomes),
        ReliabilityDiagram.EqualWidth(outcomes).Bins,
        DecisionCurve.Of(outcomes));
}
