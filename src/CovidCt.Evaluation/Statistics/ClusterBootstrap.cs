namespace CovidCt.Statistics;

/// <summary>
/// BCa intervals of any figures by drawing whole clusters with replacement, the clusters of each class among themselves:
/// resampling repeats what was sampled (Davison and Hinkley, "Bootstrap methods and their application", 1997, §3.2, §3.8;
/// Field and Welsh, "Bootstrapping clustered data", JRSS B 2007, 69, 369-390), which was patients, so many of each class.
/// </summary>
internal static class ClusterBootstrap
{
    /// <summary>The most clusters of a stratum that are each left out alone: of n clusters that takes n passes over all images.</summary>
    public const int MostAlone = 5000;

    private const int Parts = 1000;

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
        CancellationToken cancellationToken = default) =>
        Draw(clusters, count, figures, options, progress: null, cancellationToken);

    /// <inheritdoc cref="Of"/>
    /// <param name="progress">Told which share is done, in [0, 1].</param>
    /// <returns>What was drawn.</returns>
    public static BootstrapDraws Draw(
        Clusters clusters,
        int count,
        WeightedFigures figures,
        BootstrapOptions? options,
        Action<double>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(clusters);
        ArgumentNullException.ThrowIfNull(figures);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        options ??= new();
        options.ThrowIfInvalid();
        int[][][] left = [.. clusters.Strata.Select(LeftOut)];
        var (passes, all) = (0, left.Sum(stratum => stratum.Length) + options.Resamples);
        return new(
            Whole(clusters, count, figures),
            Jackknife(clusters, left, count, Counted, cancellationToken),
            Replicates(clusters, count, Counted, options, cancellationToken),
            options);

        void Counted(ReadOnlySpan<int> weights, Span<double?> values)
        {
            figures(weights, values);
            progress?.Invoke((double)++passes / all);
        }
    }

    private static double?[] Whole(Clusters clusters, int count, WeightedFigures figures)
    {
        var weights = new int[clusters.Count];
        Array.Fill(weights, 1);
        var values = new double?[count];
        figures(weights, values);
        return values;
    }

    /// <summary>
    /// By figure and stratum, the figure without each of the stratum's clusters; where those are more than <see cref="MostAlone"/>, without
    /// each of <see cref="Parts"/> parts of them, every so many-th cluster being of one: the delete-a-group jackknife, whose influences sum
    /// up those of their clusters (Davison and Hinkley 1997, §3.2.1; Kott, "The delete-a-group jackknife", Journal of Official Statistics
    /// 2001, 17(4), 521-526).
    /// </summary>
    private static double?[][][] Jackknife(
        Clusters clusters, int[][][] left, int count, WeightedFigures figures, CancellationToken cancellationToken)
    {
        var without = Enumerable.Range(0, count)
            .Select(_ => left.Select(stratum => new double?[stratum.Length]).ToArray()).ToArray();
        var weights = new int[clusters.Count];
        Array.Fill(weights, 1);
        var values = new double?[count];
        for (var s = 0; s < left.Length; s++)
        {
            for (var i = 0; i < left[s].Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Weigh(left[s][i], 0);
                figures(weights, values);
                Weigh(left[s][i], 1);
                for (var figure = 0; figure < count; figure++)
                {
                    without[figure][s][i] = values[figure];
                }
            }
        }

        return without;

        void Weigh(int[] some, int weight) => Array.ForEach(some, cluster => weights[cluster] = weight);
    }

    private static int[][] LeftOut(IReadOnlyList<int> stratum) => stratum.Count <= MostAlone
        ? [.. stratum.Select(cluster => (int[])[cluster])]
        : [.. stratum.Index().GroupBy(cluster => cluster.Index % Parts, cluster => cluster.Item).Select(part => part.ToArray())];

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
