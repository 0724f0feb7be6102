namespace CovidCt.Reporting.Figures;

/// <summary>Figures of one kind.</summary>
/// <param name="Name">The name of the sheet's files, without an extension.</param>
/// <param name="Title">What they are.</param>
/// <param name="Caption">How to read them.</param>
/// <param name="Panels">A small figure each, for the screen.</param>
/// <param name="Sheets">The same on as few pictures as can be printed, for a paper.</param>
/// <param name="WhyMissing">A sentence about those that can't be drawn; null where all are there.</param>
internal sealed record FigureGroup(
    string Name, string Title, string Caption, IReadOnlyList<Figure> Panels, IReadOnlyList<Figure> Sheets, string? WhyMissing);
