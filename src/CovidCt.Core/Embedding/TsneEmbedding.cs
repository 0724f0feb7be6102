namespace CovidCt.Embedding;

/// <summary>A finished embedding, and how well it shows its features.</summary>
public sealed record TsneEmbedding
{
    internal TsneEmbedding(IReadOnlyList<(double X, double Y)> points, double perplexity, TsneMethod method, EmbeddingQuality quality) =>
        (Points, Perplexity, Method, Quality) = (points, perplexity, method, quality);

    /// <summary>
    /// One a row of the features, in their order; only distances between them mean something, and their mean is the origin.
    /// </summary>
    public IReadOnlyList<(double X, double Y)> Points { get; }

    /// <summary>The perplexity that its affinities were made with.</summary>
    public double Perplexity { get; }

    /// <summary>How it was computed: <see cref="TsneMethod.Exact"/> or <see cref="TsneMethod.Interpolation"/>.</summary>
    public TsneMethod Method { get; }

    /// <summary>
    /// The Kullback-Leibler divergence that the descent minimised, without exaggeration, in nats: with affinities between the
    /// 3 · perplexity nearest neighbours, and the exact sum over all pairs of points.
    /// </summary>
    public double KlDivergence => Quality.KlDivergence;

    /// <summary>In [0, 1]; 1 where no neighbour in the plane is a stranger among the features (Venna and Kaski 2001).</summary>
    public double Trustworthiness => Quality.Trustworthiness;

    /// <summary>The share, in [0, 1], of the nearest neighbours among the features that are nearest neighbours in the plane.</summary>
    public double NeighbourRecall => Quality.NeighbourRecall;

    /// <summary>The number of neighbours that the last two look at.</summary>
    public int Neighbours => Quality.Neighbours;

    internal EmbeddingQuality Quality { get; }
}
