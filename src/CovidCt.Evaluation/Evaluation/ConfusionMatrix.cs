namespace CovidCt.Evaluation;

/// <summary>Counts of a two-class test by actual and predicted class.</summary>
/// <param name="TruePositives">Positive images that were called positive.</param>
/// <param name="FalsePositives">Negative images that were called positive.</param>
/// <param name="TrueNegatives">Negative images that were called negative.</param>
/// <param name="FalseNegatives">Positive images that were called negative.</param>
public sealed record ConfusionMatrix(int TruePositives, int FalsePositives, int TrueNegatives, int FalseNegatives)
{
    /// <summary>All images.</summary>
    public int Total => TruePositives + FalsePositives + TrueNegatives + FalseNegatives;

    /// <summary>(TP + TN) / all; null when there are no images.</summary>
    public double? Accuracy => Ratio(TruePositives + TrueNegatives, Total);

    /// <summary>TP / (TP + FP); null when nothing was called positive.</summary>
    public double? Precision => Ratio(TruePositives, TruePositives + FalsePositives);

    /// <summary>TP / (TP + FN), the recall of the positive class; null when nothing is positive.</summary>
    public double? Sensitivity => Ratio(TruePositives, TruePositives + FalseNegatives);

    /// <summary>TN / (TN + FP), the recall of the negative class; null when nothing is negative.</summary>
    public double? Specificity => Ratio(TrueNegatives, TrueNegatives + FalsePositives);

    /// <summary>
    /// 2 TP / (2 TP + FP + FN), the harmonic mean of precision and sensitivity where both are defined; null when
    /// nothing is positive and nothing was called so.
    /// </summary>
    public double? F1 => Ratio(2 * TruePositives, 2 * TruePositives + FalsePositives + FalseNegatives);

    /// <summary>Counts the outcomes at a threshold.</summary>
    /// <param name="outcomes">Whether an image is positive, and the probability, in [0, 1], that it is.</param>
    /// <param name="threshold">Probabilities from here on are called positive.</param>
    /// <exception cref="ArgumentException">A probability is not a finite number.</exception>
    public static ConfusionMatrix From(IEnumerable<(bool Actual, double Probability)> outcomes, double threshold = DecisionThreshold.Value)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        int truePositives = 0, falsePositives = 0, trueNegatives = 0, falseNegatives = 0;
        foreach (var (actual, probability) in outcomes)
        {
            FiguresOfMerit.RequireFinite(probability, nameof(outcomes));
            switch (actual, probability >= threshold)
            {
                case (true, true): truePositives++; break;
                case (false, true): falsePositives++; break;
                case (false, false): trueNegatives++; break;
                case (true, false): falseNegatives++; break;
            }
        }

        return new(truePositives, falsePositives, trueNegatives, falseNegatives);
    }

    /// <summary>The counts of two tests together.</summary>
    public static ConfusionMatrix operator +(ConfusionMatrix left, ConfusionMatrix right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return left.Add(right);
    }

    /// <summary>The counts of two tests together.</summary>
    public ConfusionMatrix Add(ConfusionMatrix other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new(
            TruePositives + other.TruePositives,
            FalsePositives + other.FalsePositives,
            TrueNegatives + other.TrueNegatives,
            FalseNegatives + other.FalseNegatives);
    }

    private static double? Ratio(int numerator, int denominator) =>
        denominator == 0 ? null : (double)numerator / denominator;
}
