namespace CovidCt.Evaluation;

/// <summary>One network's test on one fold.</summary>
/// <param name="Fold">From 0.</param>
/// <param name="Matrix">Counts over the fold's test images, at threshold 0.5.</param>
/// <param name="Figures">Figures of merit over the same images.</param>
public sealed record FoldResult(int Fold, ConfusionMatrix Matrix, FiguresOfMerit Figures)
{
    /// <summary>The figures of one network on one fold.</summary>
    /// <param name="fold">From 0.</param>
    /// <param name="predictions">In any order.</param>
    /// <param name="positive">The name of the positive class.</param>
    /// <exception cref="ArgumentException">A probability is not a finite number.</exception>
    public static FoldResult From(int fold, IEnumerable<Prediction> predictions, string positive)
    {
        // In the order of their paths, so that the sums don't depend on the order of the predictions.
        (bool, double)[] outcomes =
            [.. predictions.OrderBy(p => p.Path, StringComparer.Ordinal).Select(p => (p.Label == positive, p.Probability))];
        return new(fold, ConfusionMatrix.From(outcomes), FiguresOfMerit.From(outcomes));
    }
}
