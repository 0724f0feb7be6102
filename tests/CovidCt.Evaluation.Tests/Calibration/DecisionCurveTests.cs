using CovidCt.Calibration;
using CovidCt.Evaluation.Tests.Statistics;

namespace CovidCt.Evaluation.Tests.Calibration;

public sealed class DecisionCurveTests
{
    [Fact]
    public void Equals_the_definition_in_NumPy()
    {
        foreach (var (outcomes, golden) in GoldenCalibration.Cases())
        {
            double[][] expected = [.. golden.GetProperty("decision").EnumerateArray().Select(row => row.Numbers())];
            var curve = DecisionCurve.Of(outcomes, [.. expected.Select(row => row[0])]);
            foreach (var (row, point) in expected.Zip(curve))
            {
                Assert.Equal(row[1], point.NetBenefit, GoldenCalibration.Tolerance);
                Assert.Equal(row[2], point.TreatAll, GoldenCalibration.Tolerance);
            }
        }
    }

    [Fact]
    public void Acting_on_everyone_is_worth_nothing_at_the_share_of_positives()
    {
        (bool, double)[] outcomes = [(true, 0.9), (true, 0.8), (false, 0.7), (false, 0.1), (false, 0.2)];
        Assert.Equal(0, DecisionCurve.Of(outcomes, [0.4])[0].TreatAll, 15);
        Assert.Equal(0.4, DecisionCurve.Of(outcomes, [0.75])[0].NetBenefit, 15);
    }

    [Fact]
    public void Has_99_thresholds_unless_told_and_no_points_without_images()
    {
        Assert.Equal(99, DecisionCurve.Of([(true, 0.5)]).Count);
        Assert.Empty(DecisionCurve.Of([]));
    }

    [Fact]
    public void Refuses_thresholds_at_the_ends()
    {
        Assert.Throws<ArgumentException>(() => DecisionCurve.Of([(true, 0.5)], [0]));
        Assert.Throws<ArgumentException>(() => DecisionCurve.Of([(true, 0.5)], [1]));
        Assert.Throws<ArgumentException>(() => DecisionCurve.Of([(true, 1.5)]));
    }
}
