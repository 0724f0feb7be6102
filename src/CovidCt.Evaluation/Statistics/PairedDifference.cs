namespace CovidCt.Statistics;

/// <summary>How two networks differ in one figure on the same images.</summary>
/// <param name="First">The first network, by name.</param>
/// <param name="Second">The second one.</param>
/// <param name="Difference">First less second, with its BCa interval.</param>
/// <param name="PValue">Two-sided, of the same resamples; null where there is no interval, but 1 where all resamples differ by 0.</param>
internal sealed record PairedDifference(string First, string Second, EstimatedFigure Difference, double? PValue);
