using CovidCt.Evaluation;

namespace CovidCt.Calibration;

/// <summary>
/// A threshold that was chosen for a wanted sensitivity, on images that are not those it is judged on: choosing on the test
/// part would flatter.
/// </summary>
/// <param name="Threshold">Probabilities from here on are called positive.</param>
/// <param name="Wanted">The wanted sensitivity, in (0, 1].</param>
/// <param name="Sensitivity">
/// Reached where it was chosen, at least the wanted one; above it where that takes a whole image or a tie.
/// </param>
/// <param name="Specificity">
/// Where it was chosen; null without negative images, and 0 when the wanted sensitivity could be had only by calling
/// everything positive.
/// </param>
internal sealed record OperatingPoint(double Threshold, double Wanted, double Sensitivity, double? Specificity)
{
    /// <summary>
    /// The highest threshold whose sensitivity is at least the wanted one, which is the one of highest specificity: the
    /// k-th highest probability among the P positive images, k the least with k / P at least the wanted sensitivity. Images
    /// tied with it are called positive too.
    /// </summary>
    /// <param name="outcomes">Images of the training side: whether one is positive, and the probability that it is.</param>
    /// <param name="wanted">The wanted sensitivity, in (0, 1].</param>
    /// <returns>Null when there are no positive images; else every sensitivity up to 1 can be reached.</returns>
    /// <exception cref="ArgumentException">A probability is not in [0, 1].</exception>
    /// <exception cref="ArgumentOutOfRangeException">The wanted sensitivity is not in (0, 1].</exception>
    public static OperatingPoint? ForSensitivity(
        IReadOnlyCollection<(bool Actual, double Probability)> outcomes, double wanted)
    {
        Outcomes.RequireProbabilities(outcomes, nameof(outcomes));
        if (wanted is not (> 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(wanted), wanted, "A wanted sensitivity lies above 0 and at most at 1.");
        }

        double[] positives = [.. outcomes.Where(o => o.Actual).Select(o => o.Probability).OrderDescending()];
        if (positives.Length == 0)
        {
            return null;
        }

        var threshold = positives[Needed(wanted, positives.Length) - 1];
        var matrix = ConfusionMatrix.From(outcomes, threshold);
        return new(threshold, wanted, matrix.Sensitivity!.Value, matrix.Specificity);
    }

    /// <summary>The least number of so many positive images that is at least the wanted share of them, from 1.</summary>
    internal static long Needed(double wanted, long positives)
    {
        var needed = (long)Math.Ceiling(wanted * positives);

        // 0.7 · 10 is above 7 by rounding alone.
        return Math.Max(1, (needed - 1.0) / positives >= wanted ? needed - 1 : needed);
    }

    /// <summary>Counts at the threshold on other images, such as the test part.</summary>
    /// <param name="outcomes">Whether an image is positive, and the probability, in [0, 1], that it is.</param>
    /// <exception cref="ArgumentException">A probability is not in [0, 1].</exception>
    public ConfusionMatrix On(IReadOnlyCollection<(bool Actual, double Probability)> outcomes)
    {
        Outcomes.RequireProbabilities(outcomes, nameof(outcomes));
        return ConfusionMatrix.From(outcomes, Threshold);
    }
}
