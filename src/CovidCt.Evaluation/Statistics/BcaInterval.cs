namespace CovidCt.Statistics;

/// <summary>
/// The bias-corrected and accelerated interval of bootstrap replicates: Efron, "Better bootstrap confidence intervals",
/// JASA 1987, 82, 171-185; DiCiccio and Efron, "Bootstrap confidence intervals", Statistical Science 1996, 11, 189-228;
/// the acceleration of several samples as Davison and Hinkley, "Bootstrap methods and their application", 1997, §5.3.2.
/// </summary>
internal static class BcaInterval
{
    private const double Rounding = 1e-12;

    /// <summary>The interval.</summary>
    /// <param name="estimate">The figure on the data itself.</param>
    /// <param name="replicates">The figure on each resample.</param>
    /// <param name="jackknife">
    /// For each sample that was resampled on its own (a stratum), the figure without each of its clusters in turn; at
    /// least two a sample.
    /// </param>
    /// <param name="level">The confidence level, in (0, 1).</param>
    /// <param name="smallSample">
    /// Whether the normal quantile z is replaced by √(v̂ / v) t: a resample's variance v is too small by (n - 1) / n in
    /// each stratum of n clusters, v̂ is the unbiased one, and t is Student's quantile at Satterthwaite's degrees of
    /// freedom. With one stratum these are the expanded percentiles of Hesterberg, "What teachers should know about the
    /// bootstrap", The American Statistician 2015, 69(4), 371-386.
    /// </param>
    /// <returns>
    /// Null when all replicates are the same but for rounding, for then they say nothing of the spread. Replicates equal to the estimate
    /// count half in the bias correction; where all lie on one side of it, half a replicate is put on the other.
    /// </returns>
    /// <exception cref="ArgumentException">There are no replicates, no samples, or a sample has fewer than two values.</exception>
    public static Interval? Of(
        double estimate,
        IReadOnlyList<double> replicates,
        IReadOnlyList<IReadOnlyList<double>> jackknife,
        double level = 0.95,
        bool smallSample = false)
    {
        Interval.RequireLevel(level);
        Require(replicates, jackknife);
        double[] ascending = [.. replicates];
        Array.Sort(ascending);
        if (AreOne(ascending[0], ascending[^1]))
        {
            return null;
        }

        var strata = jackknife.Select(Influence.Of).ToArray();
        var (variance, acceleration) = Acceleration(strata);
        var z = smallSample && variance > 0 ? ExpandedQuantile(strata, variance, level) : Distributions.TwoSidedNormal(level);
        var bias = Bias(estimate, replicates);

        var low = Distributions.Quantile(ascending, Level(-z));
        var high = Distributions.Quantile(ascending, Level(z));
        return new(Math.Min(low, high), Math.Max(low, high), level);

        double Level(double quantile)
        {
            var shifted = bias + quantile;
            var divisor = 1 - acceleration * shifted;
            return divisor <= 0 ? (shifted < 0 ? 0 : 1) : Distributions.NormalCdf(bias + shifted / divisor);
        }
    }

    /// <summary>
    /// The two-sided p-value of the estimate against 0, in (0, 1]: 1 less the level at which an end of <see cref="Of"/>'s interval is 0.
    /// </summary>
    /// <param name="estimate">The figure on the data itself.</param>
    /// <param name="replicates">The figure on each resample; those that are 0 count half on either side.</param>
    /// <param name="jackknife">As of <see cref="Of"/>.</param>
    /// <param name="smallSample">As of <see cref="Of"/>.</param>
    /// <returns>Where all replicates are the same: 1 if they are 0, else null.</returns>
    /// <exception cref="ArgumentException">There are no replicates, no samples, or a sample has fewer than two values.</exception>
    public static double? PValue(
        double estimate, IReadOnlyList<double> replicates, IReadOnlyList<IReadOnlyList<double>> jackknife, bool smallSample = false)
    {
        Require(replicates, jackknife);
        if (AreOne(replicates.Min(), replicates.Max()))
        {
            return Math.Abs(replicates[0]) <= Rounding ? 1 : null;
        }

        var strata = jackknife.Select(Influence.Of).ToArray();
        var (variance, acceleration) = Acceleration(strata);
        var bias = Bias(estimate, replicates);
        var shifted = Bias(0, replicates) - bias;

        // The inverse of the interval's Level, which beyond this point is an end of all replicates.
        var divisor = 1 + acceleration * shifted;
        if (divisor <= 0)
        {
            return Distributions.TwoSidedNormalP(Bias(double.PositiveInfinity, replicates));
        }

        var quantile = shifted / divisor - bias;
        if (!smallSample || variance == 0)
        {
            return Distributions.TwoSidedNormalP(quantile);
        }

        var (scale, degreesOfFreedom) = Expansion(strata, variance);
        return Distributions.TwoSidedStudentP(quantile / scale, degreesOfFreedom);
    }

    /// <summary>Whether values differ by rounding alone: a mean of folds that never move is rounded in several ways.</summary>
    internal static bool AreOne(double least, double most) => most - least <= Rounding * Math.Max(1, Math.Abs(most));

    private static void Require(IReadOnlyList<double> replicates, IReadOnlyList<IReadOnlyList<double>> jackknife)
    {
        ArgumentNullException.ThrowIfNull(replicates);
        ArgumentNullException.ThrowIfNull(jackknife);
        if (replicates.Count == 0)
        {
            throw new ArgumentException("There are no replicates.", nameof(replicates));
        }

        if (jackknife.Count == 0 || jackknife.Any(sample => sample.Count < 2))
        {
            throw new ArgumentException("Every sample needs at least two jackknife values.", nameof(jackknife));
        }
    }

    private static (double Variance, double Acceleration) Acceleration(Influence[] strata)
    {
        var variance = strata.Sum(stratum => stratum.Plugin);
        return (variance, variance == 0 ? 0 : strata.Sum(stratum => stratum.Third) / (6 * Math.Pow(variance, 1.5)));
    }

    /// <summary>The normal quantile of the share of replicates below a value.</summary>
    private static double Bias(double estimate, IReadOnlyList<double> replicates)
    {
        int below = 0, equal = 0;
        foreach (var replicate in replicates)
        {
            below += replicate < estimate ? 1 : 0;
            equal += replicate == estimate ? 1 : 0;
        }

        var share = (below + equal / 2.0) / replicates.Count;
        var least = 0.5 / replicates.Count;
        return Distributions.NormalQuantile(Math.Clamp(share, least, 1 - least));
    }

    private static double ExpandedQuantile(Influence[] strata, double variance, double level)
    {
        var (scale, degreesOfFreedom) = Expansion(strata, variance);
        return scale * Distributions.TwoSidedStudent(level, degreesOfFreedom);
    }

    private static (double Scale, double DegreesOfFreedom) Expansion(Influence[] strata, double variance)
    {
        var unbiased = strata.Sum(stratum => stratum.Unbiased);
        var degreesOfFreedom = unbiased * unbiased
            / strata.Sum(stratum => stratum.Unbiased * stratum.Unbiased / (stratum.Count - 1));
        return (Math.Sqrt(unbiased / variance), degreesOfFreedom);
    }

    /// <summary>What a stratum's clusters do to the figure: sums over their empirical influence values.</summary>
    private readonly record struct Influence(int Count, double Plugin, double Third)
    {
        public double Unbiased => Plugin * Count / (Count - 1);

        public static Influence Of(IReadOnlyList<double> jackknife)
        {
            double n = jackknife.Count, mean = jackknife.Average(), squares = 0, cubes = 0;
            foreach (var value in jackknife)
            {
                var influence = (n - 1) * (mean - value) / n;
                squares += influence * influence;
                cubes += influence * influence * influence;
            }

            return new(jackknife.Count, squares, cubes);
        }
    }
}
