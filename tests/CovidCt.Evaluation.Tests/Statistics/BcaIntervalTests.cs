using CovidCt.Statistics;
using CsCheck;

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

            foreach (double[] against in golden.GetProperty("against").EnumerateArray().Select(p => p.Numbers()))
            {
                double Less(double value) => value - against[0];
                double[][] less = [.. jackknife.Select(sample => sample.Select(Less).ToArray())];
                double[] moved = [.. replicates.Select(Less)];
                Assert.Equal(against[1], BcaInterval.PValue(Less(golden.Number("estimate")), moved, less)!.Value, GoldenStatistics.Tolerance);
                Assert.Equal(
                    against[2], BcaInterval.PValue(Less(golden.Number("estimate")), moved, less, smallSample: true)!.Value, GoldenStatistics.Tolerance);
            }
        }
    }

    [Fact]
    public void An_interval_at_the_level_of_the_p_value_ends_at_zero() =>
        Gen.Select(Gen.Double[-1, 1].Array[20, 60], Gen.Double[-0.5, 0.5], Gen.Bool).Sample((values, shift, smallSample) =>
        {
            double[] replicates = [.. Enumerable.Range(0, 400).Select(i => shift + values[i % values.Length] * Math.Sin(i))];
            double[][] jackknife = [[.. values.Select(value => shift - value / (values.Length - 1))]];
            var p = BcaInterval.PValue(shift, replicates, jackknife, smallSample)!.Value;
            Assert.InRange(p, 0, 1);
            if (p is < 0.001 or > 0.999)
                return;
            var wider = BcaInterval.Of(shift, replicates, jackknife, 1 - 0.9 * p, smallSample)!;
            var narrower = BcaInterval.Of(shift, replicates, jackknife, Math.Max(1e-9, 1 - Math.Min(1.1 * p, 0.9999)), smallSample)!;
            double step = 0.02;
            Assert.True(wider.Low <= step && wider.High >= -step, $"{p}: {wider}");
            Assert.False(narrower.Low < -step && narrower.High > step, $"{p}: {narrower}");
        }, iter: 200);

    [Fact]
    public void Replicates_without_spread_have_a_p_value_only_where_they_are_zero()
    {
        Assert.Equal(1, BcaInterval.PValue(0, [0.0, 0.0], Even));
        Assert.Null(BcaInterval.PValue(1, [1.0, 1.0], Even));
    }

    [Fact]
    public void A_mean_of_folds_that_never_moves_has_no_interval_however_it_is_rounded()
    {
        double mean = 2.0 / 3, rounded = Math.BitIncrement(mean);

        Assert.Null(BcaInterval.Of(mean, [mean, rounded, mean], [[mean, rounded, mean]]));
        Assert.Null(BcaInterval.PValue(mean, [mean, rounded, mean], [[mean, rounded, mean]]));
        Assert.Equal(1, BcaInterval.PValue(0, [0, double.Epsilon, 0], Even));
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
