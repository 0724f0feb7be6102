using static TorchSharp.torch;

namespace CovidCt.Embedding;

/// <summary>What can be measured of any embedding, whoever made it.</summary>
internal static class EmbeddingMeasures
{
    /// <summary>
    /// The Kullback-Leibler divergence that t-SNE minimises, Σ p log(p / q) over all pairs of points (van der Maaten and Hinton, JMLR 2008,
    /// 9,
    /// equation 2), with dense affinities, in double precision. Time and memory grow with N²; N is at most 32,000.
    /// </summary>
    /// <param name="features">[N, D], finite, on any device.</param>
    /// <param name="points">N points.</param>
    /// <param name="perplexity">The perplexity of the affinities, from 1 to (N - 1) / 3.</param>
    /// <returns>From 0, in nats.</returns>
    /// <exception cref="ArgumentException">
    /// The features are no matrix of finite numbers, or the numbers of rows, points and perplexity don't fit.
    /// </exception>
    public static double KlDivergence(Tensor features, IReadOnlyList<(double X, double Y)> points, double perplexity)
    {
        using var scope = NewDisposeScope();
        var rows = Checked(features, points);
        Tsne.CheckPerplexity(perplexity, points.Count, nameof(perplexity));
        DenseAffinities.CheckCount(points.Count, "Measure a sample of them.", nameof(points));
        var (x, y) = Coordinates(points);
        return new DenseAffinities(DenseAffinities.Distances(rows), points.Count, perplexity).KlDivergence(x, y);
    }

    /// <summary>
    /// The trustworthiness of Venna and Kaski ("Neighborhood preservation in nonlinear projection methods", ICANN 2001): 1 - 2 / (N k (2N -
    /// 3k - 1)) ·
    /// Σ max(0, r(i, j) - k) over each point's k nearest neighbours in the plane, r(i, j) the rank of j among the features' neighbours of
    /// i.
    /// </summary>
    /// <param name="features">[N, D], finite, on any device.</param>
    /// <param name="points">N points.</param>
    /// <param name="neighbours">k, from 1 to below N / 2.</param>
    /// <returns>In [0, 1].</returns>
    /// <exception cref="ArgumentException">
    /// The features are no matrix of finite numbers, or the numbers of rows, points and neighbours don't fit.
    /// </exception>
    public static double Trustworthiness(Tensor features, IReadOnlyList<(double X, double Y)> points, int neighbours) =>
        Ranks(features, points, neighbours).Trustworthiness;

    /// <summary>The share of each point's k nearest neighbours among the features that are among its k nearest in the plane.</summary>
    /// <returns>In [0, 1].</returns>
    /// <inheritdoc cref="Trustworthiness"/>
    public static double NeighbourRecall(Tensor features, IReadOnlyList<(double X, double Y)> points, int neighbours) =>
        Ranks(features, points, neighbours).Recall;

    internal static (double[] X, double[] Y) Coordinates(IReadOnlyList<(double X, double Y)> points) =>
        ([.. points.Select(point => point.X)], [.. points.Select(point => point.Y)]);

    private static NeighbourRanks Ranks(Tensor features, IReadOnlyList<(double X, double Y)> points, int neighbours)
    {
        using var scope = NewDisposeScope();
        var rows = Checked(features, points);
        if (neighbours < 1 || 2 * neighbours >= points.Count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(neighbours),
                neighbours,
                $"Of {points.Count} points, the number of neighbours must be from 1 to {(points.Count - 1) / 2}.");
        }

        var (x, y) = Coordinates(points);
        return NeighbourRanks.Of(new DistanceBlocks(rows), x, y, neighbours);
    }

    private static Tensor Checked(Tensor features, IReadOnlyList<(double X, double Y)> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        var rows = Features.Centred(features, CPU, nameof(features));
        if (rows.shape[0] != points.Count)
        {
            throw new ArgumentException($"There are {rows.shape[0]} rows of features and {points.Count} points.", nameof(points));
        }

        return points.All(point => double.IsFinite(point.X) && double.IsFinite(point.Y))
            ? rows
            : throw new ArgumentException("A point's coordinate is NaN or infinite.", nameof(points));
    }
}
