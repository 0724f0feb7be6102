namespace CovidCt.Evaluation;

/// <summary>Figures that a publication states for a data set: fractions in [0, 1], null where it doesn't say.</summary>
/// <param name="Dataset">The name of the data set.</param>
/// <param name="Network">The published name of the network; null where the publication names none.</param>
/// <param name="What">What the figures are of, for people.</param>
/// <param name="GroupBy">What the publication's folds keep together: <c>image</c> or <c>patient</c>.</param>
/// <param name="Figures">Means over the folds.</param>
/// <param name="Source">Where they were published.</param>
public sealed record PublishedFigures(
    string Dataset, string? Network, string What, string GroupBy, FiguresOfMerit Figures, string Source);
