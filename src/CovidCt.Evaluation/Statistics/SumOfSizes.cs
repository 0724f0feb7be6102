namespace CovidCt.Statistics;

/// <summary>
/// A sum of absolute values of figures, such as a calibration error of its bins' gaps, freed of its bias: noise makes it too large, the
/// more so the nearer the figures are to 0, and a resample has that noise twice.
/// </summary>
/// <remarks>
/// Resamples tell how figures scatter about their values, e. If the true ones were λ times those that were found, g, the sum would be
/// distributed as Σ |λ g + e|. The λ whose median is the sum that was found gives the estimate, and those that have it at the ends of
/// their middle 95 % give the interval: a test inversion bootstrap, as in Garthwaite and Buckland, "Generating Monte Carlo confidence
/// intervals by the Robbins-Monro process", Applied Statistics 1992, 41, 159-171, along one ray.
/// </remarks>
internal static class SumOfSizes
{
    private const int Halvings = 40;

    /// <summary>
    /// The estimate and its interval, from 0; the interval is null where resamples don't scatter, or leave a figure undefined.
    /// </summary>
    /// <param name="draws">What was drawn.</param>
    /// <param name="figures">The figures that are summed.</param>
    public static EstimatedFigure Of(BootstrapDraws draws, Range figures)
    {
        var (first, count) = figures.GetOffsetAndLength(draws.Values.Count);
        if (draws.Values.Skip(first).Take(count).Any(value => value is null))
        {
            return new(null, null);
        }

        double[] found = [.. draws.Values.Skip(first).Take(count).Select(value => value!.Value)];
        var sum = found.Sum(Math.Abs);
        var resamples = draws.Replicates[first].Count;
        var errors = new double[resamples * count];
        for (var figure = 0; figure < count; figure++)
        {
            var replicates = draws.Replicates[first + figure];
            if (replicates.Count != resamples)
            {
                return new(sum, null);
            }

            for (var i = 0; i < resamples; i++)
            {
                errors[(i * count) + figure] = replicates[i] - found[figure];
            }
        }

        if (sum == 0 || Array.TrueForAll(errors, error => error == 0))
        {
            return new(sum, null);
        }

        var tail = (1 - draws.Level) / 2;
        return new(sum * Factor(0.5), new(sum * Factor(tail), sum * Factor(1 - tail), draws.Level));

        // The least λ from which on at most so large a share of sums lies below the one that was found.
        double Factor(double quantile)
        {
            double low = 0, high = 1;
            if (ShareBelow(0) < 1 - quantile)
            {
                return 0;
            }

            while (ShareBelow(high) >= 1 - quantile)
            {
                high *= 2;
            }

            for (var i = 0; i < Halvings; i++)
            {
                var middle = (low + high) / 2;
                (low, high) = ShareBelow(middle) >= 1 - quantile ? (middle, high) : (low, middle);
            }

            return (low + high) / 2;
        }

        double ShareBelow(double factor)
        {
            var below = 0;
            for (var i = 0; i < resamples; i++)
            {
                double size = 0;
                for (var figure = 0; figure < count; figure++)
                {
                    size += Math.Abs((factor * found[figure]) + errors[(i * count) + figure]);
                }

                below += size < sum ? 1 : 0;
            }

            return (double)below / resamples;
        }
    }
}
