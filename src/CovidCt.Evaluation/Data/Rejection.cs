namespace CovidCt.Data;

/// <summary>An image that a study leaves out, and why.</summary>
/// <param name="Path">Relative to the root of the data set, with <c>/</c>.</param>
/// <param name="Reason">One sentence, for people.</param>
public sealed record Rejection(string Path, string Reason);
