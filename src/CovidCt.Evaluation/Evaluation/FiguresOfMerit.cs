namespace CovidCt.Evaluation;

/// <summary>
/// The figures of the paper's Table 2, and the area under the ROC curve: fractions in [0, 1], null where undefined.
/// </summary>
/// <param name="Accuracy">Share of images that were classified rightly.</param>
/// <param name="Precision">Share of the images called positive that are.</param>
/// <param name="Sensitivity">Share of the positive images that were called so.</param>
/// <param name="Specificity">Share of the negative images that were called so.</param>
/// <param name="F1">Harmonic mean of precision and sensitivity.</param>
/// <param name="Auc">
/// Chance that a positive image gets a higher probability than a negative one, ties counted half.
/// </param>
public sealed record FiguresOfMerit(
    double? Accuracy, double? Precision, double? Sensitivity, double? Specificity, double? F1, double? Auc)
{
    /// <summary>The figures of one test.</summary>
    /// <inheritdoc cref="ConfusionMatrix.From" path="/param|/exception"/>
    public static FiguresOfMerit From(
        IReadOnlyCollection<(bool Actual, double Probability)> outcomes, double threshold = DecisionThreshold.Value)
    {
        var matrix = ConfusionMatrix.From(outcomes, threshold);
        return new(
            matrix.Accuracy, matrix.Precision, matrix.Sensitivity, matrix.Specificity, matrix.F1, AreaUnderCurve(outcomes));
    }

    /// <summary>
    /// Area under the ROC curve as the Mann-Whitney statistic with midranks for ties: (R − p(p + 1)/2) / (p n), with R
    /// the rank sum of the p positives among p + n images. Null where one of the classes is missing.
    /// </summary>
    /// <param name="outcomes">Whether an image is positive, and its probability or any other score.</param>
    /// <exception cref="ArgumentException">A score is not a finite number.</exception>
    public static double? AreaUnderCurve(IEnumerable<(bool Actual, double Probability)> outcomes)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        var ordered = outcomes.OrderBy(o => o.Probability).ToArray();
        foreach (var (_, probability) in ordered)
        {
            RequireFinite(probability, nameof(outcomes));
        }

        // Twice the ranks are whole numbers, so the sum is exact.
        long twiceRankSum = 0, positives = 0;
        for (int start = 0, end; start < ordered.Length; start = end)
        {
            var tiedPositives = 0;
            for (end = start; end < ordered.Length && ordered[end].Probability == ordered[start].Probability; end++)
            {
                tiedPositives += ordered[end].Actual ? 1 : 0;
            }

            twiceRankSum += (long)tiedPositives * (start + 1 + end);
            positives += tiedPositives;
        }

        var negatives = ordered.Length - positives;
        return positives == 0 || negatives == 0
            ? null
            : (twiceRankSum - positives * (positives + 1)) / (2.0 * positives * negatives);
    }

    /// <summary>Each figure's mean over the folds where it is defined; null where it is in none.</summary>
    /// <param name="folds">The figures of each fold.</param>
    public static FiguresOfMerit Mean(IReadOnlyCollection<FiguresOfMerit> folds) => Summarise(folds, Mean);

    /// <summary>
    /// Each figure's sample standard deviation (n − 1) over the folds where it is defined; null where it is in fewer
    /// than two.
    /// </summary>
    /// <param name="folds">The figures of each fold.</param>
    public static FiguresOfMerit StandardDeviation(IReadOnlyCollection<FiguresOfMerit> folds) =>
        Summarise(folds, StandardDeviation);

    internal static void RequireFinite(double probability, string parameter)
    {
        if (!double.IsFinite(probability))
        {
            throw new ArgumentException($"A probability is {probability}, not a finite number.", parameter);
        }
    }

    private static FiguresOfMerit Summarise(
        IReadOnlyCollection<FiguresOfMerit> folds, Func<IReadOnlyList<double>, double?> summary)
    {
        ArgumentNullException.ThrowIfNull(folds);
        return new(
            Over(f => f.Accuracy), Over(f => f.Precision), Over(f => f.Sensitivity), Over(f => f.Specificity),
            Over(f => f.F1), Over(f => f.Auc));

        double? Over(Func<FiguresOfMerit, double?> figure) => summary([.. folds.Select(figure).OfType<double>()]);
    }

    private static double? Mean(IReadOnlyList<double> values) => values.Count == 0 ? null : values.Average();

    private static double? StandardDeviation(IReadOnlyList<double> values)
    {
        if (values.Count < 2)
        {
            return null;
        }

        var mean = values.Average();
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1));
    }
}
