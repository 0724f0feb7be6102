namespace CovidCt.Statistics;

/// <summary>
/// The score interval of a share: Wilson, "Probable inference, the law of succession, and statistical inference", JASA
/// 1927, 22, 209-212, without continuity correction. It takes trials for independent: where a patient has several
/// images, <see cref="FigureIntervals"/> is the honest one.
/// </summary>
internal static class WilsonInterval
{
    /// <summary>The interval of successes / trials.</summary>
    /// <param name="successes">From 0 to the number of trials.</param>
    /// <param name="trials">From 0.</param>
    /// <param name="level">The confidence level, in (0, 1).</param>
    /// <returns>Within [0, 1]; null when there are no trials.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A count is out of its range, or the level is.</exception>
    public static Interval? Of(int successes, int trials, double level = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(trials);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        Interval.RequireLevel(level);
        if (trials == 0)
        {
            return null;
        }

        // Rounding would leave 1e-17 where the ends are exactly 0 and 1.
        var interval = OfShare((double)successes / trials, trials, level);
        return interval with { Low = successes == 0 ? 0 : interval.Low, High = successes == trials ? 1 : interval.High };
    }

    /// <summary>The interval of a share of so many independent trials, which need not be a whole number.</summary>
    internal static Interval OfShare(double share, double trials, double level = 0.95)
    {
        var z = Distributions.TwoSidedNormal(level);
        var scale = 1 + z * z / trials;
        var centre = (share + z * z / (2.0 * trials)) / scale;
        var half = z / scale * Math.Sqrt(share * (1 - share) / trials + z * z / (4.0 * trials * trials));
        return new(Math.Max(0, centre - half), Math.Min(1, centre + half), level);
    }
}
