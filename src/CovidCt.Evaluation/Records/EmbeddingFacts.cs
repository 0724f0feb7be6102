namespace CovidCt.Records;

/// <summary>How an embedding was made and how good it is: <c>embedding.json</c>. What an older version left no word of is null.</summary>
public sealed record EmbeddingFacts
{
    /// <summary>How the repulsion between points was computed: <c>exact</c> or <c>interpolation</c>.</summary>
    public string? Method { get; init; }

    /// <summary>The perplexity of t-SNE, above 0.</summary>
    public double? Perplexity { get; init; }

    /// <summary>The iterations, those with exaggeration too.</summary>
    public int? Iterations { get; init; }

    /// <summary>Where the points began: <c>pca</c> or <c>random</c>.</summary>
    public string? Initialisation { get; init; }

    /// <summary>The seed of what was drawn.</summary>
    public long? Seed { get; init; }

    /// <summary>The Kullback-Leibler divergence that was minimised, in nats.</summary>
    public double? KlDivergence { get; init; }

    /// <summary>In [0, 1]; 1 where no neighbour in the plane is a stranger among the features.</summary>
    public double? Trustworthiness { get; init; }

    /// <summary>The share, in [0, 1], of the nearest neighbours among the features that are nearest in the plane too.</summary>
    public double? NeighbourRecall { get; init; }

    /// <summary>The number of neighbours that the last two look at.</summary>
    public int? Neighbours { get; init; }

    /// <summary>Reads <c>embedding.json</c>.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is no such file, or damaged.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static EmbeddingFacts Read(string path) => JsonFiles.Read<EmbeddingFacts>(path, "holds no facts of an embedding");

    /// <summary>Writes the file, which is whole or not there.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It can't be written.</exception>
    public void Write(string path) => JsonFiles.Write(path, this);
}
