namespace CovidCt.Statistics;

/// <summary>
/// BCa intervals of any figures by drawing whole clusters with replacement, the clusters of each class among themselves:
/// resampling repeats what was sampled (Davison and Hinkley, "Bootstrap methods and their application", 1997, §3.2, §3.8;
/// Field and Welsh, "Bootstrapping clustered data", JRSS B 2007, 69, 369-390), which was patients, so many of each class.
/// </summary>
internal static class ClusterBootstrap
{
    /// <summary>The figures with their intervals, the same for the same seed, clusters and figures, to the bit.</summary>
    /// <param name="clusters">What is drawn.</param>
    /// <param name="count">The number of figures.</param>
    /// <param name="figures">Computes the figures; called once a resample and once a cluster.</param>
    /// <param name="options">Null takes the defaults.</param>
    /// <param name="cancellationToken">Looked at before each resample.</param>
    /// <returns>In the order of the figures; <see cref="BootstrapDraws.Bca(int)"/> says when there is no interval.</returns>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static IReadOnlyList<EstimatedFigure> Of(
        Clusters clusters,
        int count,
        WeightedFigures figures,
        BootstrapOptions? options = null,
        CancellationToken cancellationToken = default) =>
        [.. Draw(clusters, count, figures, options, cancellationToken).Bca(..)];

    /// <summary>The figures on the data, without each cluster, and on each resample, from which intervals of any kind are made.</summary>
    /// <inheritdoc cref="Of"/>
    /// <returns>What was drawn.</returns>
    public static BootstrapDraws Draw(
        Clusters clusters,
        int count,
        WeightedFigures figures,
        BootstrapOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(clusters);
        ArgumentNullException.ThrowIfNull(figures);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        options ??= new();
        options.ThrowIfInvalid();

        return new(
            Whole(clusters, count, figures),
            Jackknife(clusters, count, figures, cancellationToken),
            Replicates(clusters, count, figures, options, cancellationToken),
            options);
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
        Clusters clusters, int count, WeightedFigures figures, CancellationToken cancellationToken)
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
                cancellationToken.ThrowIfCancellationRequested();
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
        Clusters clusters, int count, WeightedFigures figures, BootstrapOptions options, CancellationToken cancellationToken)
    {
        var replicates = Enumerable.Range(0, count).Select(_ => new List<double>(options.Resamples)).ToArray();
        var weights = new int[clusters.Count];
        var values = new double?[count];
        for (var resample = 0; resample < options.Resamples; resample++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Weigh(clusters, new CounterRandom(options.Seed, resample), weights);
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

    private static void Weigh(Clusters clusters, CounterRandom random, int[] weights)
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
}
