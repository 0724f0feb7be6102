using CovidCt.Calibration;
using CovidCt.Records;
using CovidCt.Statistics;

namespace CovidCt.Evaluation.Tests.Statistics;

/// <summary>What the figures of a report are worth in <see cref="SimulatedFolds"/>: by formula, or from 400,000 patients.</summary>
internal sealed class ReportTruth
{
    private const int Wanted = 2;

    private readonly SimulatedFolds _world;
    private readonly FiguresOfMerit _images, _patients;
    private readonly ReliabilityBin[] _bins;
    private readonly double _brier, _slope, _intercept, _ratio, _error, _topLabelError;
    private readonly double[] _anew, _benefits;

    private ReportTruth(SimulatedFolds world)
    {
        _world = world;
        var large = world.Large(400_000 / (5 * (world.Positives + world.Negatives))).Draw(1L << 40);
        (bool Actual, double Probability)[] outcomes = [.. large.Select(p => (p.Label == "COVID", p.Probability))];
        var one = new CalibrationRegression(outcomes, new int[outcomes.Length]);
        _images = world.Truth;
        _patients = FiguresOfMerit.Mean(
        [
            .. large.GroupBy(p => p.Fold).Select(fold => FiguresOfMerit.From(
                [.. PatientPrediction.From(fold).Select(p => (p.Label == "COVID", p.Probability))])),
        ]);
        _brier = BrierScore.Of(outcomes)!.Value;
        _slope = one.Slope([1])!.Value;
        _intercept = one.InTheLarge([1])!.Value;
        _ratio = outcomes.Count(o => o.Actual) / outcomes.Sum(o => o.Probability);
        _error = CalibrationError.Binary(outcomes)!.Value;
        _topLabelError = CalibrationError.TopLabel(outcomes)!.Value;
        _bins = [.. ReliabilityDiagram.EqualWidth(outcomes).Bins];
        _benefits = [.. DecisionCurve.Of(outcomes).Select(point => point.NetBenefit)];
        _anew = [world.SpecificityAt(0.9), world.SpecificityAt(0.95)];
    }

    public static ReportTruth Of(SimulatedFolds world) => new(world);

    /// <summary>Whether a figure's interval is known to hold the truth less often than it says.</summary>
    public static bool IsHard(string figure) => figure.Contains("calibration error", StringComparison.Ordinal);

    public void Count(Coverage coverage, NetworkStatistics found)
    {
        Figures(coverage, "mean of five folds", found.Images, _images);
        Figures(coverage, "mean of five folds, patients", found.Patients!, _patients);
        for (int i = 0; i < Wanted; i++)
            Point(coverage, found.OperatingPoints[i], _anew[i]);
        var of = found.Probabilities;
        coverage.Count("Brier score", of.Brier.Interval, _brier);
        coverage.Count("slope", of.Slope.Interval, _slope);
        coverage.Count("in the large", of.Intercept.Interval, _intercept);
        coverage.Count("observed to expected", of.ObservedToExpected.Interval, _ratio);
        coverage.Count("calibration error", of.UnbiasedError.Interval, _error);
        coverage.Count("calibration error of the called class", of.UnbiasedTopLabelError.Interval, _topLabelError);
        foreach (int threshold in (int[])[10, 25, 50, 75])
            coverage.Count($"net benefit at {threshold} %", of.Decisions[threshold - 1].Interval, _benefits[threshold - 1]);
        for (int bin = 0; bin < _bins.Length; bin++)
            coverage.Count($"reliability, bin {bin}", of.Reliability[bin].Interval, _bins[bin].ObservedRate);
    }

    private static void Figures(Coverage coverage, string of, FigureIntervals found, FiguresOfMerit truth)
    {
        coverage.Count($"accuracy, {of}", found.Accuracy.Interval, truth.Accuracy);
        coverage.Count($"precision, {of}", found.Precision.Interval, truth.Precision);
        coverage.Count($"sensitivity, {of}", found.Sensitivity.Interval, truth.Sensitivity);
        coverage.Count($"specificity, {of}", found.Specificity.Interval, truth.Specificity);
        coverage.Count($"F1, {of}", found.F1.Interval, truth.F1);
        coverage.Count($"AUC, {of}", found.Auc.Interval, truth.Auc);
    }

    /// <summary>Of other patients, whose slices are as many on average: what is drawn has by chance more of one class than they.</summary>
    private void Point(Coverage coverage, CrossFittedPoint point, double anew)
    {
        double called = 0, right = 0;
        for (int fold = 0; fold < point.Thresholds.Count; fold++)
        {
            var (sensitivity, specificity) = _world.At(fold, point.Thresholds[fold]);
            (called, right) = (called + _world.Positives * sensitivity, right + _world.Negatives * specificity);
        }

        int positives = point.Thresholds.Count * _world.Positives, negatives = point.Thresholds.Count * _world.Negatives;
        string at = $"at {100 * point.Wanted:0} %";
        coverage.Count($"sensitivity {at}", point.Sensitivity.Interval, called / positives);
        coverage.Count($"specificity {at}", point.Specificity.Interval, right / negatives);
        coverage.Count($"precision {at}", point.Precision.Interval, called / (called + negatives - right));
        coverage.Count($"specificity {at}, chosen anew", point.SpecificityAnew.Interval, anew);
    }
}
