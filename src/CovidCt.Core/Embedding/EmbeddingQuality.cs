namespace CovidCt.Embedding;

/// <summary>How well an embedding shows its features.</summary>
/// <param name="KlDivergence">
/// The Kullback-Leibler divergence that the descent minimised, without exaggeration, in nats: with affinities between the 3 · perplexity
/// nearest
/// neighbours, and the exact sum over all pairs of points. <see cref="EmbeddingMeasures.KlDivergence"/> has it with affinities between all
/// pairs.
/// </param>
/// <param name="Trustworthiness">
/// In [0, 1]; 1 where no neighbour in the plane is a stranger among the features: <see cref="EmbeddingMeasures.Trustworthiness"/>.
/// </param>
/// <param name="NeighbourRecall">
/// The share, in [0, 1], of the nearest neighbours among the features that are nearest neighbours in the plane:
/// <see cref="EmbeddingMeasures.NeighbourRecall"/>.
/// </param>
/// <param name="Neighbours">The number of neighbours that the last two look at.</param>
internal sealed record EmbeddingQuality(double KlDivergence, double Trustworthiness, double NeighbourRecall, int Neighbours);
