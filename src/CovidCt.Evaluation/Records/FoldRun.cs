using CovidCt.Evaluation;

namespace CovidCt.Records;

/// <summary>One run: a network trained on one fold's training rows and asked about its test rows.</summary>
/// <param name="Fold">The fold, from 0.</param>
/// <param name="History">One record an epoch.</param>
/// <param name="Predictions">One prediction a test row.</param>
public sealed record FoldRun(int Fold, IReadOnlyList<HistoryEntry> History, IReadOnlyList<Prediction> Predictions)
{
    /// <summary>The figures on the test rows.</summary>
    /// <param name="positive">The name of the positive class.</param>
    public FoldResult Figures(string positive) => FoldResult.From(Fold, Predictions, positive);
}
