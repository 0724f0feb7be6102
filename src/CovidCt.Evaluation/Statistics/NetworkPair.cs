namespace CovidCt.Statistics;

/// <summary>Two networks, compared over the folds where both have the figure.</summary>
/// <param name="Better">The network with the higher mean; of equals, the first by name.</param>
/// <param name="Worse">The other one.</param>
/// <param name="Test">Of better less worse; null with fewer than two folds.</param>
/// <param name="AdjustedPValue">By Holm's correction over all pairs; a pair without a p-value counts as 1.</param>
/// <param name="ToldApart">Whether the adjusted p-value is at most the significance level.</param>
internal sealed record NetworkPair(string Better, string Worse, ResampledTTest? Test, double AdjustedPValue, bool ToldApart);
