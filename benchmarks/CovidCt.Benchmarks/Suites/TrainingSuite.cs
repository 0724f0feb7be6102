using BenchmarkDotNet.Attributes;
using CovidCt.Benchmarks.Kit;
using CovidCt.Canvases;
using CovidCt.Models;
using CovidCt.Recipes;

namespace CovidCt.Benchmarks.Suites;

/// <summary>Forward, cross entropy, backward and LAMB on a batch of canvases, as the trainer does them.</summary>
public class TrainingSuite
{
    private IBackbone _backbone = null!;
    private CanvasStore _canvases = null!;
    private PausedTraining _training = null!;

    public static IEnumerable<NetworkBatch> Batches => NetworkBatch.All;

    [ParamsSource(nameof(Batches))]
    public NetworkBatch Batch { get; set; } = null!;

    [GlobalSetup]
    public void Setup()
    {
        var network = Batch.Find();
        _backbone = network.Create(Card.Device);
        _canvases = RandomCanvases.Store(network.Canvas, Batch.Images);
        _training = PausedTraining.BySteps(_backbone, _canvases, TimedRecipe.Training(Batch.Images, AugmentationOptions.None));
    }

    [Benchmark]
    public void Step() => _training.Next();

    [GlobalCleanup]
    public void Cleanup()
    {
        _training.Dispose();
        _canvases.Dispose();
        _backbone.Dispose();
    }
}
