namespace CovidCt.Statistics;

/// <summary>
/// The corrected resampled t-test: Nadeau and Bengio, "Inference for the generalization error", Machine Learning 2003,
/// 52, 239-281. Folds share training images, so that their differences vary less than fresh ones would; the variance of
/// the mean is (1 / k + test / train) s² in the place of s² / k.
/// </summary>
internal static class CorrectedResampledTTest
{
    /// <summary>Tests whether the mean difference is 0.</summary>
    /// <param name="differences">One a fold, finite.</param>
    /// <param name="testToTrain">
    /// Images tested for each one trained on, from 0: 1 / (k - 1) for k folds. With 0 this is the ordinary paired t-test.
    /// </param>
    /// <param name="level">The confidence level of the interval, in (0, 1).</param>
    /// <returns>Null with fewer than two folds.</returns>
    /// <exception cref="ArgumentException">A difference is not a finite number.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The ratio is negative or not finite, or the level is out of its range.</exception>
    public static ResampledTTest? Of(IReadOnlyList<double> differences, double testToTrain, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(differences);
        Interval.RequireLevel(level);
        if (!(testToTrain >= 0 && double.IsFinite(testToTrain)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(testToTrain), testToTrain, "The ratio of test to training images is a number from 0.");
        }

        if (differences.FirstOrDefault(d => !double.IsFinite(d)) is not 0 and var wrong)
        {
            throw new ArgumentException($"A difference is {wrong}, not a finite number.", nameof(differences));
        }

        if (differences.Count < 2)
        {
            return null;
        }

        var degreesOfFreedom = differences.Count - 1;

        // Equal differences have no spread, whatever rounding makes of their mean.
        var spread = differences.Any(d => d != differences[0]);
        var mean = spread ? differences.Average() : differences[0];
        if (!spread)
        {
            return new(mean, 0, null, degreesOfFreedom, mean == 0 ? 1 : null, null);
        }

        var variance = differences.Sum(d => (d - mean) * (d - mean)) / degreesOfFreedom;
        var error = Math.Sqrt((1.0 / differences.Count + testToTrain) * variance);
        var half = Distributions.TwoSidedStudent(level, degreesOfFreedom) * error;
        return new(
            mean, error, mean / error, degreesOfFreedom,
            Distributions.TwoSidedStudentP(mean / error, degreesOfFreedom), new(mean - half, mean + half, level));
    }
}
