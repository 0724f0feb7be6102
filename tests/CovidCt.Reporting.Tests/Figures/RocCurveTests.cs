using CovidCt.Evaluation;
using CovidCt.Reporting.Figures;
using CsCheck;

namespace CovidCt.Reporting.Tests.Figures;

public sealed class RocCurveTests
{
    /// <summary>Outcomes with both classes, and probabilities of which many are equal.</summary>
    private static readonly Gen<(bool Actual, double Probability)[]> Outcomes =
        Gen.Select(Gen.Bool, Gen.Int[0, 12].Select(tenth => tenth / 12.0)).Array[2, 30]
            .Where(outcomes => outcomes.Select(o => o.Item1).Distinct().Count() == 2);

    [Fact]
    public void The_area_is_the_one_of_the_results() => Outcomes.Sample(outcomes =>
        Assert.Equal(FiguresOfMerit.AreaUnderCurve(outcomes)!.Value, RocCurve.Area(RocCurve.Of(outcomes)), 1e-12));

    [Fact]
    public void The_area_under_the_mean_curve_is_the_mean_of_the_areas() => Outcomes.Array[1, 6].Sample(folds =>
    {
        var curves = folds.Select(RocCurve.Of).ToList();
        var mean = RocCurve.Mean(curves);
        Assert.Equal(curves.Average(RocCurve.Area), RocCurve.Area(mean), 1e-12);
        Assert.Equal((0.0, 0.0), (mean[0].X, mean[0].Y));
        Assert.Equal((1.0, 1.0), (mean[^1].X, mean[^1].Y));
        Assert.All(mean.Zip(mean.Skip(1)), step => Assert.True(step.Second.X >= step.First.X && step.Second.Y >= step.First.Y - 1e-12));
        Assert.All(mean, point => Assert.InRange(point.Deviation, 0, 0.75));
    });

    [Fact]
    public void The_mean_of_one_curve_is_that_curve_without_a_band() => Outcomes.Sample(outcomes =>
    {
        var mean = RocCurve.Mean([RocCurve.Of(outcomes)]);
        Assert.Equal(RocCurve.Area(RocCurve.Of(outcomes)), RocCurve.Area(mean), 1e-12);
        Assert.All(mean, point => Assert.Equal(0, point.Deviation));
    });

    [Fact]
    public void The_spread_is_the_sample_standard_deviation_at_each_rate()
    {
        // One curve rises at once, the other along the diagonal: at a rate of one half they are at 1 and 1/2.
        var best = RocCurve.Of([(true, 0.9), (false, 0.1), (false, 0.2)]);
        var chance = RocCurve.Of([(true, 0.5), (false, 0.5)]);

        var middle = RocCurve.Mean([best, chance]).Single(point => point.X == 0.5);

        Assert.Equal(0.75, middle.Y, 1e-12);
        Assert.Equal(0.5 / Math.Sqrt(2), middle.Deviation, 1e-12);
    }

    [Fact]
    public void Without_both_classes_there_is_no_curve()
    {
        Assert.Empty(RocCurve.Of([(true, 0.4), (true, 0.6)]));
        Assert.Empty(RocCurve.Mean([]));
    }
}
