namespace CovidCt.Embedding;

/// <summary>A place in the plane of an embedding; only distances between places mean something.</summary>
/// <param name="X">The first coordinate.</param>
/// <param name="Y">The second coordinate.</param>
public readonly record struct EmbeddedPoint(double X, double Y);
