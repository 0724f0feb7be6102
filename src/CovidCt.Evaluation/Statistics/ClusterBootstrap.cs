namespace CovidCt.Statistics;

/// <summary>
/// BCa intervals of any figures by drawing whole clusters with replacement, the clusters of each class among themselves:
/// resampling repeats what was sampled (Davison and Hinkley, "Bootstrap methods and their application", 1997, §3.2, §3.8;
/// Field and Welsh, "Bootstrapping clustered data", JRSS B 2007, 69, 369-390), which was patients, so many of each class.
/// </summary>
internal static class ClusterBootstrap
{
    /// <summary>The share of resamples that may leave a figure undefined before it gets no interval.</summary>
    private const double MostUndefined = 0.1;

    /// <summary>The figures with their intervals, the same for the same seed, clusters and figures, to the bit.</summary>
    /// <param name="clusters">What is drawn.</param>
    /// <param name="count">The number of figures.</param>
    /// <param name="figures">Computes the figures; called once a resample and once a cluster.</param>
    /// <param name="options">Null takes the defaults.</param>
    /// <param name="cancellation">Looked at before each resample.</param>
    /// <returns>
    /// In the order of the figures. An interval is null where the figure is undefined, where it hangs on one cluster
    /// (without that one it is undefined, or that one is alone in its class and changes the figure), where more than a
    /// tenth of the resamples leave it undefined, and where all resamples give the same value.
    /// </returns>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static IReadOnlyList<EstimatedFigure> Of(
        Clusters clusters,
        int count,
        WeightedFigures figures,
        BootstrapOptions? options = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(clusters);
        ArgumentNullException.ThrowIfNull(figures);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        options ??= new();
        options.ThrowIfInvalid();

        var values = Whole(clusters, count, figures);
        var jackknife = Jackknife(clusters, count, figures, cancellation);
        var replicates = Replicates(clusters, count, figures, options, cancellation);
        return [.. Enumerable.Range(0, count).Select(figure => new EstimatedFigure(
            values[figure], IntervalOf(values[figure], replicates[figure], jackknife[figure], options)))];
    }

    private static double?[] Whole(Clusters clusters, int count, WeightedFigures figures)
    {
        var weights = new int[clusters.Count];
        Array.Fill(weights, 1);
        var values = new double?[count];
        figures(weights, values);
        return values;
    }

    /// <summary>By figure and stratum, the figure without each of the stratum's clusters.</summary>
    private static double?[][][] Jackknife(
        Clusters clusters, int count, WeightedFigures figures, CancellationToken cancellation)
    {
        var without = Enumerable.Range(0, count)
            .Select(_ => clusters.Strata.Select(stratum => new double?[stratum.Count]).ToArray()).ToArray();
        var weights = new int[clusters.Count];
        Array.Fill(weights, 1);
        var values = new double?[count];
        for (var s = 0; s < clusters.Strata.Count; s++)
        {
            for (var i = 0; i < clusters.Strata[s].Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                var cluster = clusters.Strata[s][i];
                weights[cluster] = 0;
                figures(weights, values);
                weights[cluster] = 1;
                for (var figure = 0; figure < count; figure++)
                {
                    without[figure][s][i] = values[figure];
                }
            }
        }

        return without;
    }

    /// <summary>By figure, its values on the resamples where it is defined.</summary>
    private static List<double>[] Replicates(
        Clusters clusters, int count, WeightedFigures figures, BootstrapOptions options, CancellationToken cancellation)
    {
        var replicates = Enumerable.Range(0, count).Select(_ => new List<double>(options.Resamples)).ToArray();
        var weights = new int[clusters.Count];
        var values = new double?[count];
        for (var resample = 0; resample < options.Resamples; resample++)
        {
            cancellation.ThrowIfCancellationRequested();
            Draw(clusters, new CounterRandom(options.Seed, resample), weights);
            figures(weights, values);
            for (var figure = 0; figure < count; figure++)
            {
                if (values[figure] is { } value)
                {
                    replicates[figure].Add(value);
                }
            }
        }

        return replicates;
    }

    private static void Draw(Clusters clusters, CounterRandom random, int[] weights)
    {
        Array.Clear(weights);
        foreach (var stratum in clusters.Strata)
        {
            for (var draw = 0; draw < stratum.Count; draw++)
            {
                weights[stratum[random.NextBelow(stratum.Count)]]++;
            }
        }
    }

    private static Interval? IntervalOf(
        double? value, List<double> replicates, double?[][] jackknife, BootstrapOptions options)
    {
        if (value is not { } estimate || HangsOnOneCluster(estimate, jackknife)
            || replicates.Count < (1 - MostUndefined) * options.Resamples)
        {
            return null;
        }

        // A cluster alone in its class is in every resample as it is; here it doesn't matter to the figure.
        IReadOnlyList<double>[] samples =
        [
            .. jackknife.Where(stratum => stratum.Length > 1).Select(stratum => stratum.Select(v => v!.Value).ToArray()),
        ];
        return samples.Length == 0
            ? null
            : BcaInterval.Of(estimate, replicates, samples, options.Level, options.SmallSample);
    }

    private static bool HangsOnOneCluster(double estimate, double?[][] jackknife) => jackknife.Any(
        stratum => stratum.Any(value => value is null) || (stratum.Length == 1 && stratum[0] != estimate));
}
