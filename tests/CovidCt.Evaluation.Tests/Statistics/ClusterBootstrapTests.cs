using CovidCt.Statistics;

namespace CovidCt.Evaluation.Tests.Statistics;

public sealed class ClusterBootstrapTests
{
    private static readonly Clusters Ten =
        Clusters.Of(Enumerable.Range(0, 10).Select(i => ((string?)null, i < 6)));

    [Fact]
    public void Draws_as_many_clusters_of_each_class_as_there_are()
    {
        int calls = 0;
        ClusterBootstrap.Of(Ten, 1, Figures, new() { Resamples = 100 }, TestContext.Current.CancellationToken);
        Assert.Equal(1 + 10 + 100, calls);

        void Figures(ReadOnlySpan<int> weights, Span<double?> figures)
        {
            int positives = Sum(weights[..6]), negatives = Sum(weights[6..]);
            if (calls++ is 0 or > 10)
                Assert.Equal((6, 4), (positives, negatives));
            else
                Assert.Equal(9, positives + negatives);
            figures[0] = positives;
        }
    }

    [Fact]
    public void Of_very_many_clusters_each_is_left_out_once_in_a_group_of_its_class()
    {
        const int many = ClusterBootstrap.MostAlone + 1, few = 20, parts = 1000;
        var clusters = Clusters.Of(Enumerable.Range(0, many + few).Select(i => ((string?)null, i < many)));
        var (call, left) = (0, new int[many + few]);

        var draws = ClusterBootstrap.Draw(clusters, 1, Figures, new() { Resamples = 100 }, TestContext.Current.CancellationToken);

        Assert.Equal(1 + parts + few + 100, call);
        Assert.All(left, times => Assert.Equal(1, times));

        // The share of even clusters, whose standard error is known.
        var interval = draws.Bca(0).Interval!;
        Assert.InRange(interval.High - interval.Low, 2 * 1.6 * Math.Sqrt(0.25 / many), 2 * 2.4 * Math.Sqrt(0.25 / many));

        void Figures(ReadOnlySpan<int> weights, Span<double?> figures)
        {
            long even = 0, all = 0, without = 0;
            for (var i = 0; i < weights.Length; i++)
            {
                without += weights[i] == 0 ? 1 : 0;
                (even, all) = i < many ? (even + (i % 2 == 0 ? weights[i] : 0), all + weights[i]) : (even, all);
                left[i] += call is > 0 and <= parts + few && weights[i] == 0 ? 1 : 0;
            }

            Assert.True(call++ is 0 or > parts + few || without is 1 or (many / parts) or (many / parts) + 1);
            figures[0] = (double)even / all;
        }
    }

    [Fact]
    public void Every_cluster_is_drawn_as_often_as_chance_has_it()
    {
        const int resamples = 20_000;
        var sums = new long[10];
        int call = 0;
        ClusterBootstrap.Of(Ten, 0, Count, new() { Resamples = resamples }, TestContext.Current.CancellationToken);

        // A count is binomial with mean 1 a resample; 5 standard errors.
        Assert.All(sums, sum => Assert.Equal(1, (double)sum / resamples, 5 / Math.Sqrt(resamples)));

        void Count(ReadOnlySpan<int> weights, Span<double?> figures)
        {
            for (int i = 0; call > 10 && i < 10; i++)
                sums[i] += weights[i];
            call++;
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_and_another_one_does_not()
    {
        double[] values = [.. Enumerable.Range(0, 10).Select(i => Math.Sin(i * 12.9))];
        var first = Of(0);
        Assert.Equal(first, Of(0));
        Assert.NotEqual(first, Of(1));
        Assert.NotNull(first[0].Interval);

        IReadOnlyList<EstimatedFigure> Of(long seed) =>
            ClusterBootstrap.Of(Ten, 1, Mean(values), new() { Seed = seed }, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void The_interval_of_a_mean_is_about_that_of_Student()
    {
        var random = new CounterRandom(3);
        double[] values = new double[40];
        foreach (ref double value in values.AsSpan())
            value = random.NextUniform() + random.NextUniform() + random.NextUniform();
        var clusters = Clusters.Of(values.Select(_ => ((string?)null, true)));
        var interval = ClusterBootstrap.Of(
            clusters, 1, Mean(values), new() { Resamples = 20_000 }, TestContext.Current.CancellationToken)[0].Interval!;

        double mean = values.Average();
        double error = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (39 * 40));
        Assert.Equal(mean - 2.0227 * error, interval.Low, 0.1 * error);
        Assert.Equal(mean + 2.0227 * error, interval.High, 0.1 * error);
    }

    [Fact]
    public void A_figure_that_is_undefined_or_hangs_on_one_cluster_has_no_interval()
    {
        var figures = ClusterBootstrap.Of(
            Ten, 3, Figures, new() { Resamples = 100 }, TestContext.Current.CancellationToken);
        Assert.Equal(new(null, null), figures[0]);
        Assert.Equal(new(1, null), figures[1]);
        Assert.Equal(new(0.1, null), figures[2]);

        static void Figures(ReadOnlySpan<int> weights, Span<double?> figures)
        {
            figures[0] = null;
            figures[1] = weights[3] > 0 ? 1 : null;
            figures[2] = 0.1;
        }
    }

    [Fact]
    public void A_cluster_alone_in_its_class_leaves_intervals_only_to_figures_that_do_without_it()
    {
        var clusters = Clusters.Of([(null, true), (null, false), (null, false), (null, false)]);
        var figures = ClusterBootstrap.Of(
            clusters,
            2,
            (weights, figures) =>
            {
                figures[0] = (weights[1] + 2.0 * weights[2]) / (weights[1] + weights[2] + weights[3] + 1);
                figures[1] = figures[0] + weights[0];
            },
            new() { Resamples = 200 },
            TestContext.Current.CancellationToken);
        Assert.NotNull(figures[0].Interval);
        Assert.Null(figures[1].Interval);
    }

    [Fact]
    public void Without_clusters_there_is_nothing()
    {
        var figures = ClusterBootstrap.Of(
            Clusters.Of([]), 1, (_, figures) => figures[0] = null, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal([new(null, null)], figures);
    }

    [Fact]
    public void Can_be_cancelled()
    {
        using var source = new CancellationTokenSource();
        int calls = 0;
        Assert.Throws<OperationCanceledException>(() => ClusterBootstrap.Of(Ten, 1, Figures, null, source.Token));
        Assert.Equal(50, calls);

        void Figures(ReadOnlySpan<int> weights, Span<double?> figures)
        {
            if (++calls == 50)
                source.Cancel();
            figures[0] = weights[0];
        }
    }

    [Fact]
    public void Names_every_option_that_is_out_of_range()
    {
        var message = Assert.Throws<ArgumentException>(
            () => ClusterBootstrap.Of(Ten, 0, (_, _) => { }, new() { Resamples = 3, Level = 95 }, TestContext.Current.CancellationToken)).Message;
        Assert.Contains("Resamples", message, StringComparison.Ordinal);
        Assert.Contains("Level", message, StringComparison.Ordinal);
    }

    private static WeightedFigures Mean(double[] values) => (weights, figures) =>
    {
        double sum = 0;
        for (int i = 0; i < values.Length; i++)
            sum += weights[i] * values[i];
        figures[0] = Sum(weights) == 0 ? null : sum / Sum(weights);
    };

    private static int Sum(ReadOnlySpan<int> weights)
    {
        int sum = 0;
        foreach (int weight in weights)
            sum += weight;
        return sum;
    }
}
