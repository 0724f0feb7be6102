using CovidCt.Statistics;

namespace CovidCt.Evaluation.Tests.Statistics;

public sealed class SumOfSizesTests
{
    [Fact]
    public void Far_from_zero_it_is_the_sum_and_its_percentiles()
    {
        var draws = Draws([5, -7, 9], spread: 0.1);
        var figure = SumOfSizes.Of(draws, ..);
        double[] sums = [.. Enumerable.Range(0, 2000).Select(i => draws.Replicates.Sum(r => Math.Abs(r[i]))).Order()];
        Assert.Equal(21, figure.Value!.Value, 0.01);

        // Inverting a test turns the percentiles about the estimate.
        Assert.Equal(42 - sums[1950], figure.Interval!.Low, 0.02);
        Assert.Equal(42 - sums[50], figure.Interval.High, 0.02);
    }

    [Fact]
    public void Of_figures_that_are_but_noise_the_interval_begins_at_zero_and_the_estimate_is_below_the_sum()
    {
        var figure = SumOfSizes.Of(Draws([0.1, -0.08, 0.05, 0.1, -0.12], spread: 0.1), ..);
        Assert.Equal(0, figure.Interval!.Low);
        Assert.InRange(figure.Value!.Value, 0, 0.3);
        Assert.InRange(figure.Interval.High, 0.4, 1);
    }

    [Fact]
    public void Without_noise_there_is_no_interval()
    {
        Assert.Equal(new EstimatedFigure(3, null), SumOfSizes.Of(Draws([1, -2], spread: 0), ..));
        Assert.Equal(new EstimatedFigure(0, null), SumOfSizes.Of(Draws([0, 0], spread: 0), ..));
    }

    [Fact]
    public void Takes_the_figures_of_its_range_alone()
    {
        var draws = Draws([100, 1, 2, 100], spread: 0.1);
        Assert.Equal(3, SumOfSizes.Of(draws, 1..3).Value!.Value, 0.05);
    }

    private static BootstrapDraws Draws(double[] values, double spread)
    {
        var random = new CounterRandom(6);
        List<double>[] replicates = [.. values.Select(_ => new List<double>())];
        for (int i = 0; i < 2000; i++)
        {
            for (int figure = 0; figure < values.Length; figure++)
                replicates[figure].Add(values[figure] + spread * SimulatedPatients.Normal(ref random));
        }

        return new([.. values.Select(v => (double?)v)], [.. values.Select(v => (double?[][])[[v, v]])], replicates, new());
    }
}
