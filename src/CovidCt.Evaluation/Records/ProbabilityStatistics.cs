using CovidCt.Calibration;
using CovidCt.Statistics;

namespace CovidCt.Records;

/// <summary>
/// How far probabilities can be taken at their word: of all folds' images together, with intervals by drawing whole patients.
/// </summary>
/// <param name="Brier">The mean squared error of the probabilities, in [0, 1].</param>
/// <param name="Slope">
/// The calibration slope, of a logistic regression of the outcome on the logit of the probability: 1 is right, below it the network is
/// too sure; null where the classes don't overlap.
/// </param>
/// <param name="Intercept">
/// The calibration in the large, in logits: the intercept of such a regression whose slope is held at 1; 0 is right, above it more are
/// positive than was stated.
/// </param>
/// <param name="ObservedToExpected">Positive images for each one that the probabilities add up to, from 0; 1 is right.</param>
/// <param name="CalibrationError">
/// The expected calibration error of the positive class over fifteen bins, in [0, 1]; above 0 even of right probabilities.
/// </param>
/// <param name="UnbiasedError">The same freed of what chance adds to it, with an interval.</param>
/// <param name="TopLabelError">The expected calibration error of the called class, in [0, 1].</param>
/// <param name="UnbiasedTopLabelError">The same freed of what chance adds to it.</param>
/// <param name="Reliability">Ten bins of equal width.</param>
/// <param name="Decisions">The decision curve.</param>
public sealed record ProbabilityStatistics(
    EstimatedFigure Brier,
    EstimatedFigure Slope,
    EstimatedFigure Intercept,
    EstimatedFigure ObservedToExpected,
    double? CalibrationError,
    EstimatedFigure UnbiasedError,
    double? TopLabelError,
    EstimatedFigure UnbiasedTopLabelError,
    IReadOnlyList<ReliabilityBin> Reliability,
    IReadOnlyList<DecisionPoint> Decisions)
{
    /// <summary>The statistics of probabilities that were drawn together with other figures.</summary>
    /// <param name="outcomes">Whether each image is of the positive class, and the probability in [0, 1] that it is.</param>
    /// <param name="clusters">The cluster of each image.</param>
    /// <param name="calibration">What computed the figures of the same outcomes.</param>
    /// <param name="draws">What was drawn.</param>
    /// <param name="first">The place of the first figure in it.</param>
    internal static ProbabilityStatistics Of(
        IReadOnlyList<(bool Actual, double Probability)> outcomes,
        IReadOnlyList<int> clusters,
        WeightedCalibration calibration,
        BootstrapDraws draws,
        int first)
    {
        return new(
            draws.Bca(first + WeightedCalibration.Brier),
            draws.Bca(first + WeightedCalibration.Slope),
            draws.Bca(first + WeightedCalibration.Intercept),
            draws.Bca(first + WeightedCalibration.ObservedToExpected),
            Calibration.CalibrationError.Binary(outcomes),
            SumOfSizes.Of(draws, From(WeightedCalibration.Gaps)),
            Calibration.CalibrationError.TopLabel(outcomes),
            SumOfSizes.Of(draws, From(WeightedCalibration.TopLabelGaps)),
            ReliabilityDiagram.EqualWidth(outcomes, clusters: clusters).Bins,
            [
                .. DecisionCurve.Of(outcomes).Zip(
                    draws.Bca(From(calibration.NetBenefits)), (point, figure) => point with { Interval = figure.Interval }),
            ]);

        Range From(Range figures) => (first + figures.Start.Value)..(first + figures.End.Value);
    }
}
