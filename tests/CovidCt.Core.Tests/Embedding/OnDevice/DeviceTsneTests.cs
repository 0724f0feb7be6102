using System.Diagnostics;
using CovidCt.Compute;
using CovidCt.Embedding;
using CovidCt.Recipes;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Embedding.OnDevice;

/// <summary>A card's way, on the processor, and on a card where there is one.</summary>
[Collection(NativeMemory.Name)]
public class DeviceTsneTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(TsneMethod.Exact)]
    [InlineData(TsneMethod.Interpolation, Traits = ["Category", "Long"])]
    public void An_embedding_is_as_good_as_the_processors(TsneMethod method)
    {
        using var features = Clouds.Sheet(500);
        var options = new TsneOptions { Method = method, EarlyIterations = 60, Iterations = 60 };
        var expected = new Tsne(options).Embed(features, cancellationToken: TestContext.Current.CancellationToken);
        var embedding = new Tsne(options) { OnDevice = true }.Embed(features, cancellationToken: TestContext.Current.CancellationToken);
        output.WriteLine($"{expected.Quality}\n{embedding.Quality}");
        Assert.Equal((method, 30, 10), (embedding.Method, embedding.Perplexity, embedding.Quality.Neighbours));
        Assert.Equal(1, embedding.Quality.KlDivergence / expected.Quality.KlDivergence, 0.002);
        Assert.Equal(1, embedding.Quality.Trustworthiness / expected.Quality.Trustworthiness, 0.002);
        Assert.Equal(EmbeddingMeasures.Trustworthiness(features, embedding.Points, 10), embedding.Quality.Trustworthiness, 1e-6);
        Assert.Equal(EmbeddingMeasures.NeighbourRecall(features, embedding.Points, 10), embedding.Quality.NeighbourRecall, 1e-6);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Embeddings_that_rounding_drives_apart_are_as_good_on_average()
    {
        var (divergence, trustworthiness) = (0.0, 0.0);
        for (var seed = 1UL; seed <= 6; seed++)
        {
            using var features = Clouds.Mixture(300, 20, 4, 12, seed);
            var options = new TsneOptions { Perplexity = 15, EarlyIterations = 100, Iterations = 200 };
            var expected = new Tsne(options).Embed(features, cancellationToken: TestContext.Current.CancellationToken).Quality;
            var quality = new Tsne(options) { OnDevice = true }.Embed(features, cancellationToken: TestContext.Current.CancellationToken).Quality;
            divergence += quality.KlDivergence / expected.KlDivergence / 6;
            trustworthiness += quality.Trustworthiness / expected.Trustworthiness / 6;
        }

        output.WriteLine($"{divergence}, {trustworthiness}");
        Assert.Equal(1, divergence, 0.01);
        Assert.Equal(1, trustworthiness, 0.01);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits()
    {
        using var features = Clouds.Mixture(300, 8, 5, 3);
        TsneEmbedding Embed() => new Tsne(new() { Method = TsneMethod.Interpolation, EarlyIterations = 10, Iterations = 10 }) { OnDevice = true }
            .Embed(features, cancellationToken: TestContext.Current.CancellationToken);
        var first = Embed();
        Assert.Equal(first.Points, Embed().Points);
        Assert.Equal(first.Quality, Embed().Quality);
    }

    [Fact]
    public void Equal_points_are_embedded_too()
    {
        using var features = cat([zeros(80, 3), randn(20, 3)]);
        var points = new Tsne(new() { Perplexity = 10, Iterations = 50, EarlyIterations = 50 }) { OnDevice = true }.Embed(features, cancellationToken: TestContext.Current.CancellationToken).Points;
        Assert.All(points, point => Assert.True(double.IsFinite(point.X) && double.IsFinite(point.Y)));
    }

    [Fact]
    public void Stages_and_iterations_are_told_and_it_stops_when_it_is_cancelled()
    {
        using var features = Clouds.Mixture(200, 8, 5, 3);
        var seen = new List<TsneProgress>();
        Assert.Throws<OperationCanceledException>(() => Run(at => at.Iteration == 5));
        Assert.Equal([new(TsneStage.Affinities, 0, 30), .. Enumerable.Range(1, 5).Select(i => new TsneProgress(TsneStage.Descent, i, 30))], seen);

        foreach (var stage in new[] { TsneStage.Affinities, TsneStage.Quality })
        {
            Assert.ThrowsAny<OperationCanceledException>(() => Run(at => at.Stage == stage));
            Assert.Equal(stage, seen[^1].Stage);
        }

        void Run(Func<TsneProgress, bool> isEnough)
        {
            seen.Clear();
            using var own = new CancellationTokenSource();
            new Tsne(new() { EarlyIterations = 10, Iterations = 20 }) { OnDevice = true }.Embed(features, new Relay<TsneProgress>(at =>
            {
                seen.Add(at);
                if (isEnough(at))
                {
                    own.Cancel();
                }
            }), own.Token);
        }
    }

    [Theory]
    [InlineData(TsneMethod.Exact)]
    [InlineData(TsneMethod.Interpolation, Traits = ["Category", "Long"])]
    public void It_ends_with_as_many_native_tensors_as_it_began_with(TsneMethod method)
    {
        using var features = Clouds.Mixture(200, 8, 5, 3);
        using var source = new CancellationTokenSource();
        var tsne = new Tsne(new() { Method = method, EarlyIterations = 20, Iterations = 20 }) { OnDevice = true };
        NativeTensors.Settle();
        var before = Tensor.TotalCount;
        tsne.Embed(features, cancellationToken: TestContext.Current.CancellationToken);
        Assert.ThrowsAny<OperationCanceledException>(() => tsne.Embed(features, new Relay<TsneProgress>(at =>
        {
            if (at.Iteration == 25)
            {
                source.Cancel();
            }
        }), source.Token));
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    [Trait("Category", "Card")]
    public void A_card_embeds_20_000_points_as_well_as_the_processor()
    {
        CardTests.Require();
        using var features = Clouds.Mixture(20_000, 50, 40, 6);
        var expected = new Tsne().Embed(features, cancellationToken: TestContext.Current.CancellationToken);
        var embedding = new Tsne(new() { Device = ComputeDevice.Cuda }).Embed(features, cancellationToken: TestContext.Current.CancellationToken);
        output.WriteLine($"{expected.Quality}\n{embedding.Quality}");
        Assert.Equal(1, embedding.Quality.KlDivergence / expected.Quality.KlDivergence, 0.01);
        Assert.Equal(1, embedding.Quality.Trustworthiness / expected.Quality.Trustworthiness, 0.01);
    }

    [Fact]
    [Trait("Category", "Card")]
    public void A_card_gives_the_same_bits_again()
    {
        CardTests.Require();
        using var features = Clouds.Mixture(6_000, 50, 40, 6);
        TsneEmbedding Embed() => new Tsne(new() { Device = ComputeDevice.Cuda, Iterations = 100 }).Embed(features, cancellationToken: TestContext.Current.CancellationToken);
        var first = Embed();
        Assert.Equal(first.Points, Embed().Points);
    }

    [Fact]
    [Trait("Category", "Card")]
    [Trait("Category", "Long")]
    public void A_card_embeds_a_million_points()
    {
        CardTests.Require();
        using var features = Clouds.Mixture(1_000_000, 50, 200, 6);
        using var work = zeros(1, device: CUDA);
        var before = CudaDriver.FreeMemory();
        var watch = Stopwatch.StartNew();
        var stages = new Dictionary<TsneStage, TimeSpan>();
        var embedding = new Tsne(new() { Device = ComputeDevice.Cuda }).Embed(
            features, new Relay<TsneProgress>(at => stages.TryAdd(at.Stage, watch.Elapsed)), TestContext.Current.CancellationToken);

        // What libtorch has once taken it keeps, so that what is gone is the peak.
        output.WriteLine($"{watch.Elapsed.TotalSeconds:0.0} s, {(before - CudaDriver.FreeMemory()) / Math.ScaleB(1, 30):0.0} GiB at the peak");
        output.WriteLine($"Descent from {stages[TsneStage.Descent].TotalSeconds:0.0} s on, quality from {stages[TsneStage.Quality].TotalSeconds:0.0} s on; {embedding.Quality}");
        Assert.InRange(embedding.Quality.Trustworthiness, 0.5, 1);
        Assert.All(embedding.Points, point => Assert.True(double.IsFinite(point.X) && double.IsFinite(point.Y)));
    }
}
