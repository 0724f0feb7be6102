namespace CovidCt.Evaluation;

/// <summary>One network's test on one fold.</summary>
/// <param name="Fold">From 0.</param>
/// <param name="Matrix">Counts over the fold's test images, at threshold 0.5.</param>
/// <param name="Figures">Figures of merit over the same images.</param>
public sealed record FoldResult(int Fold, ConfusionMatrix Matrix, FiguresOfMerit Figures);
