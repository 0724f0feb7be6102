using CovidCt.Calibration;
using CovidCt.Records;
using CovidCt.Statistics;

namespace CovidCt.Evaluation.Tests.Records;

public sealed class StudyStatisticsTests
{
    /// <summary>One network's, bootstrapped once for all tests.</summary>
    private static readonly Lazy<NetworkStatistics> Usual = new(() => Assert.Single(Of([.. Predictions("a")]).Networks));

    [Fact]
    public void Figures_are_those_of_the_results_and_of_patients()
    {
        var predictions = Predictions("a").ToList();
        var results = Results(predictions);

        var network = Usual.Value;

        Assert.Equal(results.Networks[0].Mean, network.Images.Values);
        var expected = FiguresOfMerit.Mean([.. predictions.GroupBy(p => p.Fold).OrderBy(fold => fold.Key).Select(OfPatients)]);
        Assert.Equal(expected, network.Patients!.Values);
        Assert.True(network.Patients.Auc.Interval!.Contains(expected.Auc!.Value));
        Assert.True(network.Images.Accuracy.Interval!.Contains(results.Networks[0].Mean.Accuracy!.Value));
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Patients_whose_images_lie_in_several_folds_are_pooled()
    {
        var predictions = Predictions("a").Select((p, row) => p with { Fold = row % 3 }).ToList();

        Assert.Equal(OfPatients(predictions), Assert.Single(Of(predictions).Networks).Patients!.Values);
    }

    [Fact]
    public void Intervals_of_images_are_those_by_themselves_to_the_bit()
    {
        var predictions = Predictions("a", noise: 3).ToList();

        var network = Assert.Single(Of(predictions).Networks);

        Assert.Equal(FigureIntervals.Of(predictions, "COVID", cancellationToken: TestContext.Current.CancellationToken), network.Images);
    }

    [Fact]
    public void Whatever_probabilities_are_judged_by_has_an_interval_that_holds_it()
    {
        var network = Assert.Single(Of([.. Predictions("a", sureness: 2)]).Networks);
        var of = network.Probabilities;

        Assert.All([of.Brier, of.Slope, of.Intercept, of.ObservedToExpected, of.UnbiasedError, of.UnbiasedTopLabelError], Holds);
        Assert.All(network.OperatingPoints, point => Assert.All([point.Sensitivity, point.Specificity, point.Precision, point.SpecificityAnew], Holds));
        Assert.All(of.Decisions.Where(point => point.Interval is not null), point => Assert.True(point.Interval!.Contains(point.NetBenefit)));
        Assert.All(of.Reliability.Where(bin => bin.Count > 0), bin => Assert.True(bin.Interval!.Contains(bin.ObservedRate!.Value)));
        Assert.Equal(0.5, of.Slope.Value!.Value, 0.1);
        Assert.True(of.UnbiasedError.Value < of.CalibrationError);
        Assert.Equal(1, network.Calibrated!.Slope.Value!.Value, 0.1);
        Assert.True(network.Calibrated.Intercept.Interval!.Contains(0));

        static void Holds(EstimatedFigure figure) => Assert.True(figure.Interval!.Contains(figure.Value!.Value));
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Intervals_of_patients_slices_are_wider_than_those_of_as_many_patients()
    {
        var slices = Predictions("a").ToList();
        var (kept, apart) = (Usual.Value, Assert.Single(Of([.. slices.Select(p => p with { Patient = null })]).Networks));

        Assert.True(kept.Probabilities.Brier.Interval!.Width > 1.2 * apart.Probabilities.Brier.Interval!.Width);
        Assert.True(kept.OperatingPoints[0].Sensitivity.Interval!.Width > 1.2 * apart.OperatingPoints[0].Sensitivity.Interval!.Width);
        Assert.True(kept.Probabilities.Reliability[4].Interval!.Width > 1.1 * apart.Probabilities.Reliability[4].Interval!.Width);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void A_folds_calibration_and_thresholds_come_from_the_other_folds_alone()
    {
        var predictions = Predictions("a").ToList();
        var changed = predictions.Select(p => p.Fold == 1 ? p with { Probability = Math.Pow(p.Probability, 3) } : p).ToList();

        var (one, other) = (Usual.Value, Assert.Single(Of(changed).Networks));

        Assert.Equal(one.Calibrations[1], other.Calibrations[1]);
        Assert.NotEqual(one.Calibrations[0], other.Calibrations[0]);
        Assert.All(one.OperatingPoints.Zip(other.OperatingPoints), pair => Assert.Equal(pair.First.Thresholds[1], pair.Second.Thresholds[1]));
        var others = predictions.Where(p => p.Fold != 1).OrderBy(p => p.Path, StringComparer.Ordinal).Select(p => (p.Label == "COVID", p.Probability)).ToList();
        Assert.Equal(NetworkCalibration.Fit(others), one.Calibrations[1]);
        Assert.Equal(OperatingPoint.ForSensitivity(others, 0.9)!.Threshold, one.OperatingPoints[0].Thresholds[1]);
        Assert.All(one.OperatingPoints, point => Assert.Equal(predictions.Count, point.Counts.Total));
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Calibration_helps_where_a_network_is_too_sure()
    {
        var network = Assert.Single(Of([.. Predictions("a", sureness: 3)]).Networks);

        Assert.All(network.Calibrations.Values, calibration => Assert.InRange(calibration!.Temperature, 2, 4.5));
        Assert.True(network.Calibrated!.CalibrationError < network.Probabilities.CalibrationError);
        Assert.True(network.Calibrated.Brier.Value < network.Probabilities.Brier.Value);
        Assert.Equal(network.Calibrated.Brier.Value!.Value - network.Probabilities.Brier.Value!.Value, network.BrierChange!.Value!.Value, 1e-12);
        Assert.True(network.BrierChange.Interval!.High < 0);
        Assert.True(network.BrierChange.Interval.Width < network.Probabilities.Brier.Interval!.Width);
    }

    [Fact]
    public void Calibration_mends_a_shift_to_one_class_which_no_temperature_can()
    {
        var network = Assert.Single(Of([.. Predictions("a").Select(p => p with { Probability = Shifted(p.Probability, 1.5) })]).Networks);

        Assert.All(network.Calibrations.Values, calibration => Assert.Equal(-1.5, calibration!.Intercept, 0.4));
        Assert.False(network.Probabilities.Intercept.Interval!.Contains(0));
        Assert.True(network.Calibrated!.Intercept.Interval!.Contains(0));
        Assert.Equal(network.Probabilities.Slope.Value!.Value, network.Calibrated.Slope.Value!.Value, 0.1);

        static double Shifted(double probability, double by) => 1 / (1 + (((1 - probability) / probability) * Math.Exp(-by)));
    }

    [Fact]
    public void A_fold_without_a_calibration_is_judged_by_its_networks_own_probabilities()
    {
        // Fold 0 has all the errors: the others of it are told apart without one.
        List<Prediction> predictions =
        [
            .. Predictions("a").Select(p => p.Fold == 0 ? p : p with { Probability = p.Label == "COVID" ? 0.6 + (p.Probability / 3) : p.Probability / 3 }),
        ];

        var network = Assert.Single(Of(predictions).Networks);

        Assert.Null(network.Calibrations[0]);
        Assert.All([1, 2], fold => Assert.NotNull(network.Calibrations[fold]));
        var brier = predictions.Average(p => Math.Pow((network.Calibrations[p.Fold]?.Apply(p.Probability) ?? p.Probability) - (p.Label == "COVID" ? 1 : 0), 2));
        Assert.Equal(brier, network.Calibrated!.Brier.Value!.Value, 1e-12);
        Assert.NotEmpty(network.OperatingPoints);
    }

    [Fact]
    public void With_one_fold_or_unknown_patients_what_takes_more_is_left_out()
    {
        var predictions = Predictions("a").Select(p => p with { Fold = 0, Patient = null }).ToList();

        var network = Assert.Single(Of(predictions).Networks);

        Assert.Null(network.Calibrated);
        Assert.Null(network.Patients);
        Assert.Null(Assert.Single(network.Calibrations).Value);
        Assert.Empty(network.OperatingPoints);
        Assert.NotNull(network.Images.Auc.Interval);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Two_networks_are_compared_by_accuracy_and_by_area()
    {
        var predictions = Predictions("a").Concat(Predictions("b", noise: 9)).ToList();

        var comparisons = Of(predictions).Comparisons;

        Assert.Equal(["accuracy", "AUC"], comparisons.Select(comparison => comparison.Figure));
        Assert.All(comparisons, comparison => Assert.Equal(("a", "b", true), (comparison.Pairs[0].Better, comparison.Pairs[0].Worse, comparison.Pairs[0].ToldApart)));
        Assert.Empty(Of([.. Predictions("a")]).Comparisons);
    }

    private static FiguresOfMerit OfPatients(IEnumerable<Prediction> predictions) => FiguresOfMerit.From(
        [.. PatientPrediction.From(predictions).Select(patient => (patient.Label == "COVID", patient.Probability))]);

    private static StudyStatistics Of(List<Prediction> predictions) => StudyStatistics.Of(predictions, Results(predictions), 3, cancellationToken: TestContext.Current.CancellationToken);

    private static CrossValidationReport Results(List<Prediction> predictions) => CrossValidationReport.From(
        predictions, "made", "patient", 0, ["non-COVID", "COVID"], "COVID", [], predictions.Select(p => p.Network).Distinct().ToDictionary(name => name, _ => "random"));

    /// <summary>Three folds of a hundred patients with two images each; at sureness 1 the probabilities are what they say.</summary>
    private static IEnumerable<Prediction> Predictions(string network, double noise = 0, double sureness = 1)
    {
        var (truth, random) = (new Random(3), new Random(4));
        for (var patient = 0; patient < 300; patient++)
        {
            var logit = 6 * (truth.NextDouble() - 0.5);
            var label = truth.NextDouble() < 1 / (1 + Math.Exp(-logit)) ? "COVID" : "non-COVID";
            for (var image = 0; image < 2; image++)
            {
                var stated = sureness * (logit + (noise * (random.NextDouble() - 0.5)));
                yield return new($"{patient:000}-{image}.png", label, $"p{patient}", network, patient % 3, 1 / (1 + Math.Exp(-stated)));
            }
        }
    }
}
