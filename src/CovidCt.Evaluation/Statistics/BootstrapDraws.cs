namespace CovidCt.Statistics;

/// <summary>Figures on the data, without each cluster in turn, and on resamples: all that intervals are made of.</summary>
internal sealed class BootstrapDraws
{
    /// <summary>The share of resamples that may leave a figure undefined before it gets no interval.</summary>
    private const double MostUndefined = 0.1;

    private readonly BootstrapOptions _options;
    private readonly double?[][][] _jackknife;

    /// <param name="values">The figures on the data.</param>
    /// <param name="jackknife">By figure and stratum, the figure without each of the stratum's clusters.</param>
    /// <param name="replicates">By figure, its values on the resamples where it is defined.</param>
    /// <param name="options">How they were drawn.</param>
    public BootstrapDraws(
        IReadOnlyList<double?> values, double?[][][] jackknife, IReadOnlyList<IReadOnlyList<double>> replicates, BootstrapOptions options)
    {
        (Values, Replicates, _jackknife, _options) = (values, replicates, jackknife, options);
    }

    /// <summary>The figures on the data.</summary>
    public IReadOnlyList<double?> Values { get; }

    /// <summary>By figure, its values on the resamples where it is defined, in the order of the draws.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Replicates { get; }

    /// <summary>The confidence level of the intervals.</summary>
    public double Level => _options.Level;

    /// <summary>The figures from one place on, with BCa intervals.</summary>
    public IEnumerable<EstimatedFigure> Bca(Range figures)
    {
        var (first, count) = figures.GetOffsetAndLength(Values.Count);
        return Enumerable.Range(first, count).Select(Bca);
    }

    /// <summary>A figure with its BCa interval, by <see cref="BcaInterval.Of"/>.</summary>
    /// <returns>
    /// The interval is null where the figure is undefined, where it hangs on one cluster (without that one it is undefined, or that one
    /// is alone in its class and changes the figure), where more than a tenth of the resamples leave it undefined, and where all
    /// resamples, or all but those beyond the ends, give the same value: such an interval would claim certainty.
    /// </returns>
    public EstimatedFigure Bca(int figure) => new(
        Values[figure],
        Samples(figure) is { } samples
            && BcaInterval.Of(Values[figure]!.Value, Replicates[figure], samples, _options.Level, _options.SmallSample) is { } interval
            && !BcaInterval.AreOne(interval.Low, interval.High)
                ? interval
                : null);

    /// <summary>The two-sided p-value of a figure against 0: 1 less the level at which its BCa interval ends there.</summary>
    /// <returns>
    /// Null where <see cref="Bca(int)"/> gives no interval; where all resamples give the same value, 1 if that is 0.
    /// </returns>
    public double? PValue(int figure) => Samples(figure) is not { } samples
        ? null
        : BcaInterval.PValue(Values[figure]!.Value, Replicates[figure], samples, _options.SmallSample);

    /// <summary>The mean of a figure over the resamples where it is defined, with their percentiles as its interval.</summary>
    /// <returns>
    /// No value where it is defined in none; no interval where more than a tenth leave it undefined, or all give the same value.
    /// </returns>
    public EstimatedFigure Percentiles(int figure)
    {
        double[] ascending = [.. Replicates[figure].Order()];
        if (ascending.Length == 0)
        {
            return new(null, null);
        }

        var one = BcaInterval.AreOne(ascending[0], ascending[^1]);
        return new(one ? ascending[0] : ascending.Average(), one || IsTooOftenUndefined(figure) ? null : new(End(-1), End(1), Level));

        double End(int side) => Distributions.Quantile(ascending, (1 + side * Level) / 2);
    }

    private bool IsTooOftenUndefined(int figure) => Replicates[figure].Count < (1 - MostUndefined) * _options.Resamples;

    /// <summary>The figure's jackknife values of the strata that were resampled; null where it can have no interval.</summary>
    private IReadOnlyList<double>[]? Samples(int figure)
    {
        var jackknife = _jackknife[figure];
        if (Values[figure] is not { } estimate || HangsOnOneCluster(estimate, jackknife)
            || IsTooOftenUndefined(figure))
        {
            return null;
        }

        // A cluster alone in its class is in every resample as it is; here it doesn't matter to the figure.
        IReadOnlyList<double>[] samples =
        [
            .. jackknife.Where(stratum => stratum.Length > 1).Select(stratum => stratum.Select(v => v!.Value).ToArray()),
        ];
        return samples.Length == 0 ? null : samples;
    }

    private static bool HangsOnOneCluster(double estimate, double?[][] jackknife) => jackknife.Any(
        stratum => stratum.Any(value => value is null) || (stratum.Length == 1 && stratum[0] != estimate));
}
