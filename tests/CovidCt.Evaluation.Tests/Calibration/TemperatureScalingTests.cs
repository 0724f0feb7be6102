using CovidCt.Calibration;
using CovidCt.Evaluation.Tests.Statistics;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Calibration;

public sealed class TemperatureScalingTests
{
    [Fact]
    public void Equals_SciPy()
    {
        foreach (var (outcomes, golden) in GoldenCalibration.Cases())
        {
            var expected = golden.GetProperty("temperature");
            var scaling = TemperatureScaling.Fit(outcomes);
            Assert.Equal(expected.Number("temperature"), scaling.Temperature, GoldenCalibration.Tolerance);
            (bool, double)[] scaled = [.. outcomes.Select(o => (o.Item1, scaling.Apply(o.Item2)))];
            Assert.All(expected.Numbers("scaled").Zip(scaled), p => Assert.Equal(p.First, p.Second.Item2, GoldenCalibration.Tolerance));
            Assert.Equal(expected.Number("before"), TemperatureScaling.NegativeLogLikelihood(outcomes)!.Value, GoldenCalibration.Tolerance);
            Assert.Equal(expected.Number("after"), TemperatureScaling.NegativeLogLikelihood(scaled)!.Value, GoldenCalibration.Tolerance);
        }
    }

    [Fact]
    public void No_other_temperature_is_likelier() =>
        Gen.Select(Gen.Bool, Gen.Double[-8, 8]).Array[2, 60].Where(o => o.Any(x => x.Item1) && o.Any(x => !x.Item1)).Sample(outcomes =>
        {
            var scaling = TemperatureScaling.FitLogits(outcomes);
            double least = Loss(scaling.Temperature);
            foreach (double other in (double[])[0.01, 0.1, 0.9 * scaling.Temperature, 1.1 * scaling.Temperature, 1, 10, 100])
                Assert.True(other is < 0.01 or > 100 || Loss(other) >= least - 1e-12, $"{other} beats {scaling.Temperature}.");

            double Loss(double t) => outcomes.Average(o => Math.Log(1 + Math.Exp(Math.Min(700, (o.Item1 ? -1 : 1) * o.Item2 / t))));
        });

    [Fact]
    public void Changes_no_order_and_no_call() => Gen.Select(Gen.Double[0, 1], Gen.Double[0, 1], Gen.Double[0.1, 10]).Sample((a, b, t) =>
    {
        var scaling = new TemperatureScaling(t);
        Assert.Equal(a >= 0.5, scaling.Apply(a) >= 0.5);
        Assert.True(a == b || a < b == scaling.Apply(a) < scaling.Apply(b) || Math.Abs(a - b) < 1e-9);
        Assert.Equal(a, new TemperatureScaling(1).Apply(a), 12);
    });

    [Fact]
    public void A_perfect_separation_ends_at_the_least_temperature()
    {
        var scaling = TemperatureScaling.Fit([(true, 0.9), (false, 0.2)]);
        Assert.Equal((TemperatureScaling.Least, true), (scaling.Temperature, scaling.AtBound));
    }

    [Fact]
    public void Probabilities_that_say_the_opposite_or_nothing_end_at_the_highest()
    {
        Assert.Equal(TemperatureScaling.Most, TemperatureScaling.Fit([(true, 0.1), (false, 0.8)]).Temperature);
        Assert.Equal(TemperatureScaling.Most, TemperatureScaling.Fit([(true, 0.5), (false, 0.5)]).Temperature);
    }

    [Fact]
    public void Probabilities_of_0_and_1_are_finite()
    {
        var scaling = TemperatureScaling.Fit([(true, 1), (false, 0), (true, 0), (true, 1), (false, 0.5)]);
        Assert.True(double.IsFinite(scaling.Temperature) && !scaling.AtBound);
        Assert.InRange(scaling.Apply(1), 0.5, 1);
        Assert.True(double.IsFinite(TemperatureScaling.NegativeLogLikelihood([(true, 0)])!.Value));
    }

    [Fact]
    public void Refuses_one_class_and_no_images()
    {
        Assert.Contains("0 positive and 0 negative", Assert.Throws<ArgumentException>(() => TemperatureScaling.Fit([])).Message, StringComparison.Ordinal);
        Assert.Contains("2 positive and 0 negative", Assert.Throws<ArgumentException>(() => TemperatureScaling.Fit([(true, 0.1), (true, 0.9)])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => TemperatureScaling.Fit([(true, 2), (false, 0.5)]));
        Assert.Throws<ArgumentException>(() => TemperatureScaling.FitLogits([(true, double.NaN), (false, 0.5)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TemperatureScaling(1).Apply(1.1));
        Assert.Null(TemperatureScaling.NegativeLogLikelihood([]));
    }
}
