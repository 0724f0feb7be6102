namespace CovidCt.Statistics;

/// <summary>Several sets of figures that are computed on the same resamples, so that clusters are drawn once for all of them.</summary>
/// <param name="clusters">What is drawn.</param>
internal sealed class BootstrapPass(Clusters clusters)
{
    private readonly List<(int First, int Count, WeightedFigures Figures)> _sets = [];
    private int _count;

    /// <summary>Adds figures.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="figures">Computes them.</param>
    /// <returns>The place of the first one.</returns>
    public int Add(int count, WeightedFigures figures)
    {
        var first = _count;
        _sets.Add((first, count, figures));
        _count += count;
        return first;
    }

    /// <summary>Computes all figures on the data and on the resamples.</summary>
    /// <param name="options">Null takes the defaults.</param>
    /// <param name="progress">Told which share is done, in [0, 1].</param>
    /// <param name="cancellationToken">Looked at before each resample.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public BootstrapDraws Draw(BootstrapOptions? options, Action<double>? progress, CancellationToken cancellationToken) =>
        ClusterBootstrap.Draw(clusters, _count, Compute, options, progress, cancellationToken);

    private void Compute(ReadOnlySpan<int> weights, Span<double?> figures)
    {
        foreach (var (first, count, compute) in _sets)
        {
            compute(weights, figures.Slice(first, count));
        }
    }
}
