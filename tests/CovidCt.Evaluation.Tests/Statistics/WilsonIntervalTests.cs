using CovidCt.Statistics;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Statistics;

public sealed class WilsonIntervalTests
{
    [Fact]
    public void Equals_SciPy()
    {
        foreach (var golden in GoldenStatistics.Cases("wilson"))
        {
            var interval = WilsonInterval.Of((int)golden.Number("successes"), (int)golden.Number("trials"), golden.Number("level"))!;
            Assert.Equal(golden.Number("low"), interval.Low, GoldenStatistics.Tolerance);
            Assert.Equal(golden.Number("high"), interval.High, GoldenStatistics.Tolerance);
        }
    }

    // Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 1998, 17, table I, method 3.
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void Equals_the_published_example(int successes, int trials, double low, double high)
    {
        var interval = WilsonInterval.Of(successes, trials)!;
        Assert.Equal(low, interval.Low, 5e-5);
        Assert.Equal(high, interval.High, 5e-5);
    }

    [Fact]
    public void Lies_in_the_unit_interval_around_the_share_and_turns_over_with_it() =>
        Gen.Select(Gen.Int[1, 500], Gen.Double[0, 1], Gen.Double[0.5, 0.999]).Sample((trials, share, level) =>
        {
            int successes = (int)(share * trials);
            var interval = WilsonInterval.Of(successes, trials, level)!;
            var turned = WilsonInterval.Of(trials - successes, trials, level)!;
            Assert.True(interval.Low >= 0 && interval.High <= 1 && interval.Contains((double)successes / trials));
            Assert.Equal(1 - interval.Low, turned.High, 12);
        });

    /// <summary>Coverage by exact summation over the binomial distribution, averaged over 199 shares.</summary>
    [Theory]
    [InlineData(10, 0.954)]
    [InlineData(30, 0.952)]
    [InlineData(149, 0.951)]
    public void Covers_at_its_level_on_average(int trials, double expected)
    {
        var intervals = Enumerable.Range(0, trials + 1).Select(s => WilsonInterval.Of(s, trials)!).ToArray();
        double[] coverage = [.. Enumerable.Range(1, 199).Select(i => Coverage(i / 200.0))];
        Assert.Equal(expected, coverage.Average(), 0.002);
        Assert.True(coverage.Min() > 0.83, $"The least coverage is {coverage.Min()}.");

        double Coverage(double p)
        {
            double logFactor = 0, sum = 0;
            for (int s = 0; s <= trials; s++)
            {
                if (intervals[s].Contains(p))
                    sum += Math.Exp(logFactor + s * Math.Log(p) + (trials - s) * Math.Log(1 - p));
                logFactor += Math.Log((double)(trials - s) / (s + 1));
            }

            return sum;
        }
    }

    [Fact]
    public void There_is_none_without_trials() => Assert.Null(WilsonInterval.Of(0, 0));

    [Fact]
    public void Refuses_counts_and_levels_out_of_range()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => WilsonInterval.Of(2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => WilsonInterval.Of(-1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => WilsonInterval.Of(0, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => WilsonInterval.Of(1, 2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => WilsonInterval.Of(1, 2, double.NaN));
    }
}
