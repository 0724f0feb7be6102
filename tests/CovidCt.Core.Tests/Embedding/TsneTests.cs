using CovidCt.Embedding;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Embedding;

[Collection(NativeMemory.Name)]
public class TsneTests
{
    private const int Blobs = 5;

    [Theory]
    [InlineData(TsneMethod.Exact, TsneInitialization.Pca)]
    [InlineData(TsneMethod.Exact, TsneInitialization.Random)]
    [InlineData(TsneMethod.Interpolation, TsneInitialization.Pca, Traits = ["Category", "Long"])]
    public void Separated_blobs_stay_separated(TsneMethod method, TsneInitialization initialization)
    {
        using var features = Mixture(400, 20, separation: 12);
        var embedding = new Tsne(new() { Method = method, Initialization = initialization, EarlyIterations = 150, Iterations = 150 })
            .Embed(features, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(method, embedding.Method);
        Assert.All(Enumerable.Range(0, 400), i => Assert.Equal(i % Blobs, Closest(embedding.Points, embedding.Points[i], i) % Blobs));
        Assert.InRange(embedding.Quality.Trustworthiness, 0.9, 1);
        Assert.InRange(embedding.Quality.KlDivergence, 0, 1.5);
        Assert.InRange(embedding.Quality.NeighbourRecall, 0.2, 1);
        Assert.Equal(0, embedding.Points.Average(point => point.X), 1e-4);
    }

    [Theory]
    [InlineData(TsneMethod.Exact)]
    [InlineData(TsneMethod.Interpolation)]
    public void The_same_seed_gives_the_same_bits_and_another_seed_others(TsneMethod method)
    {
        using var features = Mixture(150, 8, separation: 3);
        TsneEmbedding Embed(long seed) => new Tsne(new() { Method = method, Initialization = TsneInitialization.Random, Seed = seed, EarlyIterations = 10, Iterations = 10 })
            .Embed(features, cancellationToken: TestContext.Current.CancellationToken);
        var first = Embed(1);
        var again = Embed(1);
        Assert.Equal(first.Points, again.Points);
        Assert.Equal(first.Quality, again.Quality);
        Assert.NotEqual(first.Points, Embed(2).Points);
    }

    [Fact]
    public void The_divergence_with_affinities_between_all_pairs_falls_as_the_descent_goes_on()
    {
        using var features = Mixture(200, 10, separation: 3);
        double Divergence(int iterations) => EmbeddingMeasures.KlDivergence(
            features, new Tsne(new() { Iterations = iterations, EarlyIterations = 0 }).Embed(features, cancellationToken: TestContext.Current.CancellationToken).Points, 30);
        var (none, some, many) = (Divergence(0), Divergence(30), Divergence(300));
        Assert.True(none > some && some > many, $"{none}, {some}, {many}");
    }

    [Fact]
    public void Positions_by_PCA_are_the_first_two_components()
    {
        using var scope = NewDisposeScope();
        var features = Mixture(200, 10, separation: 3).to(ScalarType.Float64);
        features -= features.mean([0], keepdim: true);
        var (x, y) = InitialPositions.Pca(features, 0);
        var (u, s, _) = linalg.svd(features, fullMatrices: false);
        foreach (var (own, column) in new[] { (x, 0), (y, 1) })
        {
            var expected = (u.select(1, column) * s[column] / (s[0] / Math.Sqrt(200)) * 1e-4).data<double>().ToArray();
            var sign = Math.Sign(own.Zip(expected, (a, b) => a * b).Sum());
            Assert.All(own.Zip(expected), pair => Assert.Equal(sign * pair.Second, pair.First, 5e-6));
        }
    }

    [Fact]
    public void Training_and_test_rows_share_a_plane()
    {
        using var features = Mixture(100, 8, separation: 8);
        using var train = features.narrow(0, 0, 70);
        using var test = features.narrow(0, 70, 30);
        var tsne = new Tsne(new() { Perplexity = 10, EarlyIterations = 50, Iterations = 50 });
        var joint = tsne.EmbedTogether(train, test, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((70, 30), (joint.Train.Count, joint.Test.Count));
        Assert.Equal(tsne.Embed(features, cancellationToken: TestContext.Current.CancellationToken).Points, joint.Train.Concat(joint.Test));
    }

    [Fact]
    public void New_points_find_their_blob_each_on_its_own()
    {
        using var features = Mixture(300, 20, separation: 12);
        using var known = features.narrow(0, 0, 250);
        using var added = features.narrow(0, 250, 50);
        using var last = features.narrow(0, 290, 10);
        var tsne = new Tsne(new() { EarlyIterations = 150, Iterations = 150 });
        var token = TestContext.Current.CancellationToken;
        var embedding = tsne.Embed(known, cancellationToken: token);
        var placed = tsne.Place(embedding, known, added, cancellationToken: token);
        Assert.All(Enumerable.Range(0, 50), i => Assert.Equal((250 + i) % Blobs, Closest(embedding.Points, placed[i], -1) % Blobs));
        var alone = tsne.Place(embedding, known, last, cancellationToken: token);
        Assert.All(Enumerable.Range(0, 10), i =>
        {
            Assert.Equal(placed[40 + i].X, alone[i].X, 1e-3);
            Assert.Equal(placed[40 + i].Y, alone[i].Y, 1e-3);
        });
        using var narrow = zeros(3, 19);
        Assert.Contains("[3, 19]", Assert.Throws<ArgumentException>(() => tsne.Place(embedding, known, narrow, cancellationToken: token)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Duplicated_points_are_embedded_side_by_side()
    {
        using var once = Mixture(60, 8, separation: 8);
        using var twice = cat([once, once]);
        var points = new Tsne(new() { Perplexity = 10 }).Embed(twice, cancellationToken: TestContext.Current.CancellationToken).Points;
        Assert.All(points, point => Assert.True(double.IsFinite(point.X) && double.IsFinite(point.Y)));
        var extent = points.Max(point => point.X) - points.Min(point => point.X);
        Assert.All(Enumerable.Range(0, 60), i => Assert.InRange(Distance(points[i], points[i + 60]), 0, extent / 5));
    }

    [Fact]
    public void More_equal_points_than_the_perplexity_are_embedded_too()
    {
        using var features = cat([zeros(80, 3), Mixture(20, 3, separation: 5)]);
        var points = new Tsne(new() { Perplexity = 10 }).Embed(features, cancellationToken: TestContext.Current.CancellationToken).Points;
        Assert.All(points, point => Assert.True(double.IsFinite(point.X) && double.IsFinite(point.Y)));
    }

    [Fact]
    public void Unusable_features_are_refused_by_name()
    {
        using var scope = NewDisposeScope();
        using var features = Mixture(100, 4, separation: 3);
        var bad = features.clone();
        bad[7, 2] = float.NaN;
        bad[3, 1] = float.PositiveInfinity;
        Assert.Contains("Row 3 ", Refusal(bad), StringComparison.Ordinal);
        Assert.Contains("All 100 rows", Refusal(ones(100, 4) * 0.1f), StringComparison.Ordinal);
        Assert.Contains("the greatest that goes is 29.667", Refusal(features.narrow(0, 0, 90), new() { Perplexity = 30 }), StringComparison.Ordinal);
        Assert.Contains("at least 4 points; there are 3", Refusal(features.narrow(0, 0, 3)), StringComparison.Ordinal);
        Assert.Contains("[4]", Refusal(ones(4)), StringComparison.Ordinal);
        Assert.Contains("Perplexity", Assert.Throws<ArgumentException>(() => new Tsne(new() { Perplexity = 0.5 })).Message, StringComparison.Ordinal);
        using var four = features.narrow(0, 0, 4);
        Assert.Equal(1, new Tsne(new() { Perplexity = 1 }).Embed(four, cancellationToken: TestContext.Current.CancellationToken).Quality.Neighbours);

        static string Refusal(Tensor features, TsneOptions? options = null) =>
            Assert.Throws<ArgumentException>(() => new Tsne(options).Embed(features, cancellationToken: TestContext.Current.CancellationToken)).Message;
    }

    [Fact]
    public void Without_a_perplexity_it_takes_what_the_points_allow()
    {
        using var features = Mixture(100, 4, separation: 3);
        foreach (var (points, perplexity) in new[] { (4, 1.0), (5, 4 / 3.0), (90, 89 / 3.0), (91, 30), (100, 30) })
        {
            using var few = features.narrow(0, 0, points);
            var options = new TsneOptions { EarlyIterations = 1, Iterations = 1 };
            Assert.Equal(perplexity, new Tsne(options).Embed(few, cancellationToken: TestContext.Current.CancellationToken).Perplexity);
            Assert.Equal(perplexity, new Tsne(options) { OnDevice = true }.Embed(few, cancellationToken: TestContext.Current.CancellationToken).Perplexity);
        }
    }

    [Fact]
    public void It_stops_when_it_is_cancelled()
    {
        using var features = Mixture(200, 8, separation: 3);
        using var source = new CancellationTokenSource();
        var seen = new Seen(progress =>
        {
            if (progress.Iteration == 5)
            {
                source.Cancel();
            }
        });
        Assert.Throws<OperationCanceledException>(() => new Tsne().Embed(features, seen, source.Token));
        Assert.Equal(5, seen.Last.Iteration);
        Assert.Throws<OperationCanceledException>(() => new Tsne().Embed(features, null, source.Token));

        using var late = new CancellationTokenSource();
        var atQuality = new Seen(progress =>
        {
            if (progress.Stage == TsneStage.Quality)
            {
                late.Cancel();
            }
        });
        Assert.ThrowsAny<OperationCanceledException>(() => new Tsne(new() { Iterations = 1 }).Embed(features, atQuality, late.Token));
    }

    [Theory]
    [InlineData(TsneMethod.Exact)]
    [InlineData(TsneMethod.Interpolation)]
    public void It_ends_with_as_many_native_tensors_as_it_began_with(TsneMethod method)
    {
        using var features = Mixture(200, 8, separation: 3);
        using var few = zeros(3, 2);
        var tsne = new Tsne(new() { Method = method, EarlyIterations = 20, Iterations = 20 });
        NativeTensors.Settle();
        var before = Tensor.TotalCount;
        var embedding = tsne.Embed(features, cancellationToken: TestContext.Current.CancellationToken);
        tsne.Place(embedding, features, features, cancellationToken: TestContext.Current.CancellationToken);
        EmbeddingMeasures.Trustworthiness(features, embedding.Points, 5);
        EmbeddingMeasures.KlDivergence(features, embedding.Points, 30);
        Assert.Throws<ArgumentException>(() => tsne.Place(embedding, features, few, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(before, Tensor.TotalCount);
    }

    private static Tensor Mixture(int rows, int columns, double separation)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        var centres = randn([Blobs, columns], generator: generator) * separation / Math.Sqrt(2);
        return (centres.index_select(0, arange(rows) % Blobs) + randn([rows, columns], generator: generator)).MoveToOuterDisposeScope();
    }

    private static int Closest(IReadOnlyList<(double X, double Y)> points, (double X, double Y) to, int skip) =>
        Enumerable.Range(0, points.Count).Where(j => j != skip).MinBy(j => Distance(points[j], to));

    private static double Distance((double X, double Y) a, (double X, double Y) b) => Math.Sqrt(Math.Pow(a.X - b.X, 2) + Math.Pow(a.Y - b.Y, 2));

    private sealed class Seen(Action<TsneProgress> look) : IProgress<TsneProgress>
    {
        public TsneProgress Last { get; private set; }

        public void Report(TsneProgress value)
        {
            Last = value;
            look(value);
        }
    }
}
