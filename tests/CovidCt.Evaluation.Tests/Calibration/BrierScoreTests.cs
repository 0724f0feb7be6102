using CovidCt.Calibration;
using CovidCt.Evaluation.Tests.Statistics;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Calibration;

public sealed class BrierScoreTests
{
    [Fact]
    public void Equals_scikit_learn()
    {
        foreach (var (outcomes, golden) in GoldenCalibration.Cases())
            Assert.Equal(golden.Number("brier"), BrierScore.Of(outcomes)!.Value, GoldenCalibration.Tolerance);
    }

    [Fact]
    public void Is_what_its_parts_come_to_and_what_bins_hide_is_their_own_spread() =>
        Gen.Select(Gen.Bool, Gen.Double[0, 1]).Array[1, 80].Sample(outcomes =>
        {
            var parts = BrierScore.Decompose(outcomes, 6)!;
            double hidden = 0;
            foreach (var bin in outcomes.GroupBy(o => Math.Max(0, (int)Math.Ceiling(o.Item2 * 6) - 1)))
            {
                double mean = bin.Average(o => o.Item2), rate = bin.Average(o => o.Item1 ? 1.0 : 0);
                hidden += bin.Sum(o => (o.Item2 - mean) * (o.Item2 - mean) - 2 * (o.Item2 - mean) * ((o.Item1 ? 1 : 0) - rate));
            }

            Assert.Equal(hidden / outcomes.Length, parts.WithinBins, 1e-9);
            Assert.Equal(BrierScore.Of(outcomes)!.Value, parts.Reliability - parts.Resolution + parts.Uncertainty + parts.WithinBins, 1e-12);
        });

    [Fact]
    public void With_one_probability_a_bin_the_parts_are_those_of_Murphy()
    {
        (bool, double)[] outcomes = [(true, 0.75), (true, 0.75), (false, 0.75), (false, 0.25), (true, 0.25)];
        var parts = BrierScore.Decompose(outcomes, 2)!;
        Assert.Equal(0.6 * Math.Pow(0.75 - 2.0 / 3, 2) + 0.4 * Math.Pow(0.25 - 0.5, 2), parts.Reliability, 12);
        Assert.Equal(0.6 * Math.Pow(2.0 / 3 - 0.6, 2) + 0.4 * Math.Pow(0.5 - 0.6, 2), parts.Resolution, 12);
        Assert.Equal(0.24, parts.Uncertainty, 12);
        Assert.Equal(0, parts.WithinBins, 12);
    }

    [Fact]
    public void Is_undefined_without_images()
    {
        Assert.Null(BrierScore.Of([]));
        Assert.Null(BrierScore.Decompose([]));
    }

    [Fact]
    public void Refuses_what_is_no_probability() => Assert.Throws<ArgumentException>(() => BrierScore.Of([(true, -0.1)]));
}
