namespace CovidCt.Statistics;

/// <summary>Computes figures on a resample.</summary>
/// <param name="weights">How many times each cluster was drawn, from 0.</param>
/// <param name="figures">Where the figures go; null for an undefined one.</param>
internal delegate void WeightedFigures(ReadOnlySpan<int> weights, Span<double?> figures);
