using BenchmarkDotNet.Attributes;
using CovidCt.Augmentation;
using CovidCt.Benchmarks.Kit;
using CovidCt.Imaging;
using CovidCt.Models;
using CovidCt.Training;

namespace CovidCt.Benchmarks.Suites;

/// <summary>The probabilities of a batch of canvases.</summary>
public class InferenceSuite
{
    private IBackbone _backbone = null!;
    private CanvasStore _canvases = null!;
    private Trainer _trainer = null!;
    private int[] _rows = [];

    public static IEnumerable<NetworkBatch> Batches => NetworkBatch.All;

    [ParamsSource(nameof(Batches))]
    public NetworkBatch Batch { get; set; } = null!;

    [GlobalSetup]
    public void Setup()
    {
        var network = Batch.Find();
        _backbone = network.Create(BenchCommand.Device);
        _canvases = RandomCanvases.Store(network.Canvas, Batch.Images);
        _trainer = new(Recipe.Training(Batch.Images, AugmentationOptions.None), seed: 0);
        _rows = [.. Enumerable.Range(0, Batch.Images)];
    }

    [Benchmark]
    public double[,] Forward() => _trainer.Predict(_backbone, _canvases, _rows, RandomCanvases.Fill);

    [GlobalCleanup]
    public void Cleanup()
    {
        _canvases.Dispose();
        _backbone.Dispose();
    }
}
