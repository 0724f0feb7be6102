using CovidCt.Calibration;
using CovidCt.Evaluation.Tests.Statistics;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Calibration;

public sealed class WeightedCalibrationTests
{
    private static readonly Gen<(bool, double)[]> Outcomes = Gen.Select(Gen.Bool, Gen.Int[0, 40].Select(v => v / 40.0)).Array[1, 50];

    [Fact]
    public void Figures_of_weights_are_those_of_repeated_images() =>
        Gen.Select(Outcomes, Gen.Int[0, 3].Array[50], Gen.Int[0, 9].Array[50]).Sample((outcomes, draws, clusters) =>
        {
            int[] weights = [.. draws.Take(10)];
            int[] ofRow = [.. clusters.Take(outcomes.Length)];
            (bool, double)[] repeated = [.. outcomes.SelectMany((o, i) => Enumerable.Repeat(o, weights[ofRow[i]]))];
            var calibration = new WeightedCalibration(outcomes, ofRow);
            var figures = new double?[calibration.Count];
            calibration.Compute(weights, figures);
            Close(BrierScore.Of(repeated), figures[WeightedCalibration.Brier]);
            if (repeated.Length == 0)
            {
                Assert.All(figures, figure => Assert.Null(figure));
                return;
            }

            Close(CalibrationError.Binary(repeated), Sum(figures[WeightedCalibration.Gaps]));
            Close(CalibrationError.TopLabel(repeated), Sum(figures[WeightedCalibration.TopLabelGaps]));
            Assert.Equal(DecisionCurve.Of(repeated).Select(point => (double?)point.NetBenefit), figures[calibration.NetBenefits]);
            double expected = repeated.Sum(o => o.Item2);
            Close(expected > 0 ? repeated.Count(o => o.Item1) / expected : null, figures[WeightedCalibration.ObservedToExpected]);
        });

    [Fact]
    public void Observed_to_expected_is_that_of_NumPy()
    {
        foreach (var (outcomes, golden) in GoldenCalibration.Cases())
        {
            var calibration = new WeightedCalibration(outcomes, [.. Enumerable.Range(0, outcomes.Length)]);
            foreach (var expected in golden.GetProperty("regressions").EnumerateArray())
            {
                var figures = new double?[calibration.Count];
                calibration.Compute(expected.Integers("weights"), figures);
                Assert.Equal(expected.Number("observedToExpected"), figures[WeightedCalibration.ObservedToExpected]!.Value, GoldenCalibration.Tolerance);
                Assert.Equal(expected.Number("slope"), figures[WeightedCalibration.Slope]!.Value, GoldenCalibration.Tolerance);
                Assert.Equal(expected.Number("inTheLarge"), figures[WeightedCalibration.Intercept]!.Value, GoldenCalibration.Tolerance);
            }
        }
    }

    [Fact]
    public void Refuses_what_is_no_probability() => Assert.Throws<ArgumentException>(() => new WeightedCalibration([(true, 1.5)], [0]));

    private static double? Sum(double?[] gaps) => gaps.Sum(gap => Math.Abs(gap!.Value));

    private static void Close(double? expected, double? actual)
    {
        Assert.Equal(expected is null, actual is null);
        Assert.Equal(expected ?? 0, actual ?? 0, 1e-12);
    }
}
