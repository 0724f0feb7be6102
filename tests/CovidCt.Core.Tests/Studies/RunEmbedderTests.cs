using System.Text.Json.Nodes;
using CovidCt.Canvases;
using CovidCt.Embedding;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Progress;
using TorchSharp;

namespace CovidCt.Core.Tests.Studies;

[Collection(OneFinishedStudy.Name)]
public sealed class RunEmbedderTests(FinishedStudy study)
{
    [Fact]
    public void Every_image_has_a_point_and_its_part_and_the_quality_is_beside_them()
    {
        var run = study.Run(0);
        var steps = new List<StepProgress>();

        var embedding = run.Embed(run.OpenData(), progress: new Relay<StepProgress>(steps.Add), cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(run.HasEmbedding);
        var lines = File.ReadAllLines(Path.Combine(run.FullPath, "embedding.csv"));
        Assert.Equal("path,label,part,x,y", lines[0]);
        var rows = lines.Skip(1).Select(line => line.Split(',')).ToList();
        Assert.Equal(study.Result.Dataset.Samples.Select(sample => sample.Path), rows.Select(row => row[0]).Order(StringComparer.Ordinal));
        Assert.Equal(run.Predictions.Select(prediction => prediction.Path), rows.Where(row => row[2] == "test").Select(row => row[0]));
        var quality = JsonNode.Parse(File.ReadAllText(Path.Combine(run.FullPath, "embedding.json")))!;
        Assert.Equal(embedding.Quality.KlDivergence, quality["klDivergence"]!.GetValue<double>());
        Assert.InRange(quality["perplexity"]!.GetValue<double>(), 1, (rows.Count - 1) / 3.0);
        Assert.Equal("exact", quality["method"]!.GetValue<string>());
        Assert.Contains(new StepProgress(StepKind.Features, rows.Count, rows.Count), steps);
        Assert.Contains(steps, step => step.Kind == StepKind.Embedding && step.Done == step.Total);
    }

    [Fact]
    public void A_perplexity_that_is_too_large_is_told_and_nothing_is_written()
    {
        var run = study.Run(1);

        Assert.Throws<ArgumentException>(() => run.Embed(run.OpenData(), new TsneOptions { Perplexity = 5000 }, cancellationToken: TestContext.Current.CancellationToken));

        Assert.False(run.HasEmbedding);
        Assert.False(File.Exists(Path.Combine(run.FullPath, "embedding.csv")));
    }

    [Fact]
    public void A_cancelled_embedding_leaves_nothing()
    {
        var run = study.Run(1);
        using var stop = new CancellationTokenSource();

        Assert.Throws<OperationCanceledException>(() => run.Embed(run.OpenData(), progress: new Relay<StepProgress>(_ => stop.Cancel()), cancellationToken: stop.Token));

        Assert.False(File.Exists(Path.Combine(run.FullPath, "embedding.csv")));
    }

    [Fact]
    public void Features_are_those_of_the_network_whatever_mode_it_is_in()
    {
        using var scope = torch.NewDisposeScope();
        var run = study.Run(0);
        var (model, backbone) = run.LoadNetwork();
        using (backbone)
        {
            using var decoded = CanvasDecoding.Decode(run.OpenData(), [model.Input], new CanvasTransform(new CanvasOptions()), new SkiaImageDecoder(), cancellationToken: TestContext.Current.CancellationToken);
            backbone.Network.train();

            var some = PooledFeatures.Of(backbone, model, decoded.Stores[model.Input], [5, 3], cancellationToken: TestContext.Current.CancellationToken);
            var all = PooledFeatures.Of(backbone, model, decoded.Stores[model.Input], [.. Enumerable.Range(0, 20)], cancellationToken: TestContext.Current.CancellationToken);

            Assert.True(backbone.Network.training);
            Assert.Equal([2, backbone.Spec.FeatureWidth], some.shape);
            Assert.True(some[0].allclose(all[5], rtol: 1e-4, atol: 1e-5) && some[1].allclose(all[3], rtol: 1e-4, atol: 1e-5));
            Assert.False(all[5].allclose(all[3]));
        }
    }
}
