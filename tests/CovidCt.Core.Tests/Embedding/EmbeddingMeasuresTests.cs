using CovidCt.Embedding;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Embedding;

public class EmbeddingMeasuresTests
{
    private readonly TsneGolden _golden = TsneGolden.Read();

    [Fact]
    public void Trustworthiness_equals_scikit_learn()
    {
        using var features = _golden.FeatureTensor();
        Assert.All(_golden.Trustworthiness, golden =>
            Assert.Equal(golden.Value, EmbeddingMeasures.Trustworthiness(features, _golden.Embedded(), golden.Neighbours), 1e-9));
    }

    [Fact]
    public void The_divergence_equals_scipy()
    {
        using var features = _golden.FeatureTensor();
        Assert.Equal(_golden.KlDivergence, EmbeddingMeasures.KlDivergence(features, _golden.Embedded(), _golden.Perplexity), 1e-10);
    }

    [Fact]
    public void Features_that_are_a_plane_already_are_shown_perfectly()
    {
        var points = _golden.Embedded();
        using var features = tensor(points.SelectMany(point => new[] { point.X, point.Y }).ToArray(), [points.Length, 2]);
        Assert.Equal(1, EmbeddingMeasures.Trustworthiness(features, points, 10));
        Assert.Equal(1, EmbeddingMeasures.NeighbourRecall(features, points, 10));
    }

    [Fact]
    public void Recall_is_the_share_of_common_neighbours()
    {
        using var features = _golden.FeatureTensor();
        var points = _golden.Embedded();
        const int k = 7;
        var common = 0;
        for (var i = 0; i < points.Length; i++)
        {
            var own = i;
            int[] Least(Func<int, double> distance) => [.. Enumerable.Range(0, points.Length).Where(j => j != own).OrderBy(distance).Take(k)];
            common += Least(j => _golden.Features[j].Zip(_golden.Features[own], (a, b) => (a - b) * (a - b)).Sum())
                .Intersect(Least(j => Math.Pow(points[j].X - points[own].X, 2) + Math.Pow(points[j].Y - points[own].Y, 2))).Count();
        }

        Assert.Equal(common / (double)(k * points.Length), EmbeddingMeasures.NeighbourRecall(features, points, k), 1e-12);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        using var features = _golden.FeatureTensor();
        var points = _golden.Embedded();
        Assert.Contains("from 1 to 119", Assert.Throws<ArgumentOutOfRangeException>(() => EmbeddingMeasures.Trustworthiness(features, points, 120)).Message, StringComparison.Ordinal);
        Assert.Contains("239 points", Assert.Throws<ArgumentException>(() => EmbeddingMeasures.NeighbourRecall(features, points[1..], 5)).Message, StringComparison.Ordinal);
        points[3] = new(double.NaN, 0);
        Assert.Throws<ArgumentException>(() => EmbeddingMeasures.KlDivergence(features, points, 20));
    }
}
