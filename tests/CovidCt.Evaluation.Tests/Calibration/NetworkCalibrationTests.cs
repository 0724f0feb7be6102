using CovidCt.Calibration;
using CovidCt.Evaluation.Tests.Statistics;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Calibration;

public sealed class NetworkCalibrationTests
{
    private static readonly NetworkCalibration None = new(0, 1, 1, 1);

    /// <summary>Of up to four folds, with ties, so that some have no calibration.</summary>
    private static readonly Gen<Prediction[]> Predictions = Gen.Select(Gen.Bool, Gen.Int[0, 3], Gen.Int[1, 39]).Array[1, 80].Select(images =>
        images.Select((image, i) => Of($"{i:00}.png", image.Item2, image.Item1, image.Item3 / 40.0)).ToArray());

    private static readonly Gen<NetworkCalibration> Calibrations = Gen.Select(
        Gen.Double[-5, 5], Gen.Double[0.01, 20], (intercept, slope) => new NetworkCalibration(intercept, slope, 2, 1));

    [Fact]
    public void Equals_scikit_learn_and_SciPy()
    {
        foreach (var (outcomes, golden) in GoldenCalibration.Cases())
        {
            var expected = golden.GetProperty("regressions")[0];
            Assert.All(expected.Integers("weights"), weight => Assert.Equal(1, weight));

            var calibration = NetworkCalibration.Fit(outcomes)!;

            Assert.Equal(expected.Number("intercept"), calibration.Intercept, GoldenCalibration.Tolerance);
            Assert.Equal(expected.Number("slope"), calibration.Slope, GoldenCalibration.Tolerance);
            Assert.Equal(1 / calibration.Slope, calibration.Temperature);
            Assert.Equal((outcomes.Length, outcomes.Count(o => o.Item1)), (calibration.Images, calibration.Positives));
            Assert.All(expected.Numbers("calibrated").Zip(outcomes), pair =>
                Assert.Equal(pair.First, calibration.Apply(pair.Second.Item2), GoldenCalibration.Tolerance));
        }
    }

    [Fact]
    public void Changes_no_order_and_stays_a_probability() => Gen.Select(Calibrations, Gen.Double[0, 1], Gen.Double[0, 1]).Sample((calibration, a, b) =>
    {
        var (low, high) = (calibration.Apply(Math.Min(a, b)), calibration.Apply(Math.Max(a, b)));
        Assert.InRange(low, 0, high);
        Assert.InRange(high, low, 1);
    });

    [Fact]
    public void Without_shift_and_slope_nothing_changes() => Gen.Double[0, 1].Sample(p => Assert.Equal(p, None.Apply(p), 1e-14));

    [Fact]
    public void What_is_calibrated_asks_for_no_other_calibration() => Predictions.Sample(predictions =>
    {
        (bool Actual, double Probability)[] outcomes = [.. predictions.Select(p => (p.Label == "COVID", p.Probability))];
        if (NetworkCalibration.Fit(outcomes) is not { Slope: > 0.01 and < 100 } calibration)
        {
            return;
        }

        (bool Actual, double Probability)[] calibrated = [.. outcomes.Select(o => (o.Actual, calibration.Apply(o.Probability)))];
        Assert.Equal(calibrated.Count(o => o.Actual), calibrated.Sum(o => o.Probability), 1e-6);
        var again = NetworkCalibration.Fit(calibrated)!;
        Assert.Equal(0, again.Intercept, 1e-6);
        Assert.Equal(1, again.Slope, 1e-6);
    });

    [Fact]
    public void No_other_calibration_is_likelier() => Gen.Select(Predictions, Gen.Double[-0.3, 0.3], Gen.Double[0.8, 1.2]).Sample((predictions, shift, stretch) =>
    {
        (bool Actual, double Probability)[] outcomes = [.. predictions.Select(p => (p.Label == "COVID", p.Probability))];
        if (NetworkCalibration.Fit(outcomes) is { } best)
        {
            Assert.True(Loss(best with { Intercept = best.Intercept + shift, Slope = best.Slope * stretch }) >= Loss(best) - 1e-10);
        }

        double Loss(NetworkCalibration of) => outcomes.Average(o => -Math.Log(o.Actual ? of.Apply(o.Probability) : 1 - of.Apply(o.Probability)));
    });

    [Fact]
    public void A_folds_own_predictions_have_no_part_in_its_calibration_and_their_order_none_in_any() =>
        Gen.Select(Predictions, Gen.Int[0, 3], Gen.Int[1, 39], Gen.Bool).Sample((predictions, fold, probability, isPositive) =>
        {
            var before = NetworkCalibration.CrossFitted(predictions, "COVID");

            var others = NetworkCalibration.CrossFitted(
                predictions.Select(p => p.Fold == fold ? Of(p.Path, fold, isPositive, probability / 40.0) : p), "COVID");

            Assert.Equal(predictions.Select(p => p.Fold).Distinct().Order(), before.Keys);
            Assert.Equal(before.GetValueOrDefault(fold), others.GetValueOrDefault(fold));
            Assert.Equal(before, NetworkCalibration.CrossFitted(predictions.Reverse(), "COVID"));
        });

    [Fact]
    public void Images_count_once_each_whoever_they_are_of()
    {
        Prediction[] images = [Of("a", 0, true, 0.9), Of("b", 0, false, 0.6), Of("c", 0, true, 0.3), Of("d", 0, false, 0.2), Of("e", 1, true, 0.5)];

        Assert.Equal(
            NetworkCalibration.CrossFitted(images, "COVID")[1],
            NetworkCalibration.CrossFitted(images.Select(p => p with { Patient = "P", Source = "S" }), "COVID")[1]);
    }

    [Fact]
    public void Where_nothing_is_the_likeliest_there_is_none()
    {
        Assert.Null(NetworkCalibration.Fit([]));
        Assert.Null(NetworkCalibration.Fit([(true, 0.3), (true, 0.9)]));
        Assert.Null(NetworkCalibration.Fit([(false, 0.3), (false, 0.9)]));
        Assert.Null(NetworkCalibration.Fit([(true, 0.9), (false, 0.2)]));
        Assert.Null(NetworkCalibration.Fit([(true, 0.5), (false, 0.5)]));
        Assert.Null(NetworkCalibration.Fit([(true, 0.9), (true, 0.5), (false, 0.5), (false, 0.2)]));
        Assert.Null(NetworkCalibration.Fit([(true, 0.1), (false, 0.8)]));
        Assert.Null(NetworkCalibration.Fit([(true, 0.1), (true, 0.4), (false, 0.3), (false, 0.8)]));
        Assert.Null(NetworkCalibration.CrossFitted([Of("a", 0, true, 0.6), Of("b", 0, false, 0.7), Of("c", 0, true, 0.8)], "COVID")[0]);
        Assert.Empty(NetworkCalibration.CrossFitted([], "COVID"));
    }

    [Fact]
    public void Certain_answers_are_finite()
    {
        var calibration = NetworkCalibration.Fit([(true, 1), (false, 0), (true, 0), (true, 1), (false, 0.5)])!;

        Assert.True(double.IsFinite(calibration.Intercept) && calibration.Slope > 0);
        Assert.InRange(calibration.Apply(1), 0.5, 1);
        Assert.InRange(calibration.Apply(0), 0, 0.5);
    }

    [Fact]
    public void What_is_no_probability_and_no_calibration_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => None.Apply(1.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => None.Apply(double.NaN));
        Assert.Throws<ArgumentException>(() => NetworkCalibration.Fit([(true, 2), (false, 0.5)]));
        Assert.All((double[])[0, -1, double.NaN, double.PositiveInfinity], slope => Assert.Throws<ArgumentException>(() => new NetworkCalibration(0, slope, 1, 1)));
        Assert.Throws<ArgumentException>(() => new NetworkCalibration(double.NaN, 1, 1, 1));
    }

    private static Prediction Of(string path, int fold, bool isPositive, double probability) =>
        new(path, isPositive ? "COVID" : "non-COVID", null, "a", fold, probability);
}
