using CovidCt.Evaluation;

namespace CovidCt.Calibration;

/// <summary>
/// Net benefit over threshold probabilities: Vickers and Elkin, "Decision curve analysis: a novel method for evaluating
/// prediction models", Medical Decision Making 2006, 26, 565-574. A test is of use where it lies above both acting on
/// everyone and acting on nobody. It holds for the share of positives in the data.
/// </summary>
internal static class DecisionCurve
{
    /// <summary>The threshold probabilities where none are given: 0.01, 0.02, …, 0.99.</summary>
    public static IReadOnlyList<double> Thresholds { get; } = [.. Enumerable.Range(1, 99).Select(i => i / 100.0)];

    /// <summary>The curve.</summary>
    /// <param name="outcomes">Whether an image is positive, and the probability, in [0, 1], that it is.</param>
    /// <param name="thresholds">In (0, 1); null takes <see cref="Thresholds"/>.</param>
    /// <returns>One point a threshold, in their order; none without images.</returns>
    /// <exception cref="ArgumentException">A probability is not in [0, 1], or a threshold not in (0, 1).</exception>
    public static IReadOnlyList<DecisionPoint> Of(
        IReadOnlyCollection<(bool Actual, double Probability)> outcomes, IReadOnlyList<double>? thresholds = null)
    {
        Outcomes.RequireProbabilities(outcomes, nameof(outcomes));
        thresholds ??= Thresholds;
        foreach (var threshold in thresholds)
        {
            if (threshold is not (> 0 and < 1))
            {
                throw new ArgumentException($"A threshold probability is {threshold}, not between 0 and 1.", nameof(thresholds));
            }
        }

        if (outcomes.Count == 0)
        {
            return [];
        }

        var rate = (double)outcomes.Count(o => o.Actual) / outcomes.Count;
        return
        [
            .. thresholds.Select(threshold =>
            {
                var matrix = ConfusionMatrix.From(outcomes, threshold);
                return new DecisionPoint(
                    threshold,
                    NetBenefit(matrix.TruePositives, matrix.FalsePositives, outcomes.Count, threshold),
                    rate - (1 - rate) * Odds(threshold));
            }),
        ];
    }

    /// <summary>TP / n - FP / n · t / (1 - t).</summary>
    internal static double NetBenefit(long truePositives, long falsePositives, double images, double threshold) =>
        truePositives / images - falsePositives / images * Odds(threshold);

    private static double Odds(double threshold) => threshold / (1 - threshold);
}
