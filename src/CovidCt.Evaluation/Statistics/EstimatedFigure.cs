namespace CovidCt.Statistics;

/// <summary>A figure on the data, and its interval.</summary>
/// <param name="Value">The figure; null where it is undefined.</param>
/// <param name="Interval">Null where none can be computed; the method that made it says when.</param>
public sealed record EstimatedFigure(double? Value, Interval? Interval);
