using CovidCt.Calibration;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Calibration;

public sealed class OperatingPointTests
{
    private static readonly (bool, double)[] Ten =
        [.. Enumerable.Range(1, 10).Select(i => (true, i / 10.0)), .. Enumerable.Range(1, 10).Select(i => (false, i / 10.0 - 0.45 < 0 ? 0.0 : i / 10.0 - 0.45))];

    [Theory]
    [InlineData(0.7, 0.4, 0.7)]
    [InlineData(0.65, 0.4, 0.7)]
    [InlineData(1, 0.1, 1)]
    [InlineData(0.01, 1, 0.1)]
    [InlineData(0.3, 0.8, 0.3)]
    public void Is_the_highest_threshold_that_reaches_the_wanted_sensitivity(double wanted, double threshold, double reached)
    {
        var point = OperatingPoint.ForSensitivity(Ten, wanted)!;
        Assert.Equal((threshold, wanted, reached), (point.Threshold, point.Wanted, point.Sensitivity));
        Assert.Equal(ConfusionMatrix.From(Ten, threshold).Specificity, point.Specificity);
    }

    [Fact]
    public void No_threshold_that_reaches_it_is_more_specific() =>
        Gen.Select(Gen.Select(Gen.Bool, Gen.Int[0, 20].Select(v => v / 20.0)).Array[1, 60], Gen.Double[0.01, 1]).Sample((outcomes, wanted) =>
        {
            if (OperatingPoint.ForSensitivity(outcomes, wanted) is not { } point)
            {
                Assert.DoesNotContain(outcomes, o => o.Item1);
                return;
            }

            Assert.True(point.Sensitivity >= wanted);
            Assert.All(outcomes.Where(o => o.Item2 > point.Threshold).Select(o => o.Item2).Distinct(),
                higher => Assert.True(ConfusionMatrix.From(outcomes, higher).Sensitivity < wanted));
        });

    [Fact]
    public void Ties_at_the_threshold_are_called_positive_together()
    {
        var point = OperatingPoint.ForSensitivity([(true, 0.6), (true, 0.6), (true, 0.6), (true, 0.1), (false, 0.6), (false, 0.2)], 0.25)!;
        Assert.Equal((0.6, 0.75, 0.5), (point.Threshold, point.Sensitivity, point.Specificity!.Value));
    }

    [Fact]
    public void Counts_other_images_at_the_threshold() => Assert.Equal(
        new ConfusionMatrix(1, 1, 0, 1), new OperatingPoint(0.4, 0.9, 0.9, 0.5).On([(true, 0.4), (false, 0.8), (true, 0.3)]));

    [Fact]
    public void One_class_leaves_the_other_figure_undefined()
    {
        Assert.Null(OperatingPoint.ForSensitivity([(false, 0.3)], 0.9));
        Assert.Null(OperatingPoint.ForSensitivity([], 0.9));
        Assert.Null(OperatingPoint.ForSensitivity([(true, 0.3)], 0.9)!.Specificity);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void Refuses_a_sensitivity_that_is_none(double wanted) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => OperatingPoint.ForSensitivity(Ten, wanted));
}
