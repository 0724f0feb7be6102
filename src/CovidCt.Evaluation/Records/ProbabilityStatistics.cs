using CovidCt.Calibration;

namespace CovidCt.Records;

/// <summary>How far probabilities can be taken at their word.</summary>
/// <param name="Brier">The mean squared error of the probabilities, in [0, 1].</param>
/// <param name="CalibrationError">The expected calibration error of the positive class (<see cref="Calibration.CalibrationError.Binary"/>), in [0, 1].</param>
/// <param name="TopLabelError">That of the called class (<see cref="Calibration.CalibrationError.TopLabel"/>), in [0, 1].</param>
/// <param name="Reliability">Ten bins of equal width.</param>
/// <param name="Decisions">The decision curve.</param>
public sealed record ProbabilityStatistics(
    double? Brier, double? CalibrationError, double? TopLabelError, ReliabilityDiagram Reliability, IReadOnlyList<DecisionPoint> Decisions)
{
    internal static ProbabilityStatistics Of(IReadOnlyCollection<(bool Actual, double Probability)> outcomes) => new(
        BrierScore.Of(outcomes),
        Calibration.CalibrationError.Binary(outcomes),
        Calibration.CalibrationError.TopLabel(outcomes),
        ReliabilityDiagram.EqualWidth(outcomes),
        DecisionCurve.Of(outcomes));
}
