namespace CovidCt.Statistics;

/// <summary>A confidence interval, ends included.</summary>
/// <param name="Low">The lower end, in the unit of the figure; of a figure of merit, a fraction.</param>
/// <param name="High">The upper end, at least the lower one.</param>
/// <param name="Level">The nominal level, in (0, 1), such as 0.95.</param>
public sealed record Interval(double Low, double High, double Level)
{
    /// <summary>High less low, from 0.</summary>
    public double Width => High - Low;

    /// <summary>Whether a value lies in the interval, ends included.</summary>
    /// <param name="value">The value.</param>
    public bool Contains(double value) => Low <= value && value <= High;

    internal static void RequireLevel(double level)
    {
        if (level is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(level), level, "A confidence level lies between 0 and 1, such as 0.95.");
        }
    }

    /// <summary>
    /// Wilson's score interval of a share of independent trials: Wilson, "Probable inference, the law of succession, and statistical
    /// inference", Journal of the American Statistical Association 1927, 22, 209-212.
    /// </summary>
    /// <param name="successes">How many trials succeeded, 0 to <paramref name="trials"/>.</param>
    /// <param name="trials">How many there were.</param>
    /// <param name="level">The level of confidence, in (0, 1).</param>
    /// <returns>Null without trials.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static Interval? OfShare(int successes, int trials, double level = 0.95) => WilsonInterval.Of(successes, trials, level);
}
