using CovidCt.Statistics;

namespace CovidCt.Evaluation.Tests.Statistics;

public sealed class BcaIntervalTests
{
    private static readonly double[][] Even = [[-1, 0, 1]];

    [Fact]
    public void Equals_SciPy_on_the_same_replicates()
    {
        foreach (var golden in GoldenStatistics.Cases("bca"))
        {
            double[][] jackknife = [.. golden.GetProperty("jackknife").EnumerateArray().Select(s => s.Numbers())];
            double[] replicates = golden.Numbers("replicates");
            var interval = BcaInterval.Of(golden.Number("estimate"), replicates, jackknife, golden.Number("level"))!;
            Assert.Equal(golden.Number("low"), interval.Low, GoldenStatistics.Tolerance);
            Assert.Equal(golden.Number("high"), interval.High, GoldenStatistics.Tolerance);

            var expanded = BcaInterval.Of(golden.Number("estimate"), replicates, jackknife, golden.Number("level"), smallSample: true)!;
            double[] ends = golden.Numbers("expanded");
            Assert.Equal(ends[0], expanded.Low, GoldenStatistics.Tolerance);
            Assert.Equal(ends[1], expanded.High, GoldenStatistics.Tolerance);
            Assert.True(expanded.Low <= interval.Low && expanded.High >= interval.High);
        }
    }

    [Fact]
    public void Equal_replicates_make_none() => Assert.Null(BcaInterval.Of(1, [1.0, 1.0, 1.0], Even));

    [Theory]
    [InlineData(-5)]
    [InlineData(5)]
    public void An_estimate_beyond_all_replicates_makes_an_interval_at_their_end(double estimate)
    {
        double[] replicates = [.. Enumerable.Range(0, 200).Select(i => i / 200.0)];
        var interval = BcaInterval.Of(estimate, replicates, Even)!;
        Assert.True(double.IsFinite(interval.Low) && double.IsFinite(interval.High) && interval.Low <= interval.High);
        Assert.True(estimate < 0 ? interval.High < 0.1 : interval.Low > 0.9);
    }

    [Fact]
    public void Without_influence_it_is_the_bias_corrected_percentile_interval()
    {
        double[] replicates = [.. Enumerable.Range(0, 1001).Select(i => i / 1000.0)];
        var interval = BcaInterval.Of(0.5, replicates, [[0.5, 0.5]])!;
        Assert.Equal(0.025, interval.Low, 1e-9);
        Assert.Equal(0.975, interval.High, 1e-9);
    }

    [Fact]
    public void Refuses_what_it_cannot_be_computed_from()
    {
        Assert.Throws<ArgumentException>(() => BcaInterval.Of(0, [], Even));
        Assert.Throws<ArgumentException>(() => BcaInterval.Of(0, [0.0, 1.0], []));
        Assert.Throws<ArgumentException>(() => BcaInterval.Of(0, [0.0, 1.0], [[1.0]]));
    }
}
