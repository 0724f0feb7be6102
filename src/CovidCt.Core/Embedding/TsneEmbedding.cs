namespace CovidCt.Embedding;

/// <summary>A finished embedding.</summary>
/// <param name="Points">
/// One a row of the features, in their order; only distances between them mean something, and their mean is the origin.
/// </param>
/// <param name="Perplexity">The perplexity that its affinities were made with.</param>
/// <param name="Method">How it was computed: <see cref="TsneMethod.Exact"/> or <see cref="TsneMethod.Interpolation"/>.</param>
/// <param name="Quality">How well it shows the features.</param>
public sealed record TsneEmbedding(
    IReadOnlyList<(double X, double Y)> Points, double Perplexity, TsneMethod Method, EmbeddingQuality Quality);
