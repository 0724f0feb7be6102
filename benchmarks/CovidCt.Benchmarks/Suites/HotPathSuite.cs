using BenchmarkDotNet.Attributes;
using CovidCt.Benchmarks.Kit;
using CovidCt.Compute;
using CovidCt.Models;
using CovidCt.Optimisation;
using CovidCt.Training;
using static TorchSharp.torch;

namespace CovidCt.Benchmarks.Suites;

/// <summary>
/// What a training step consists of, on a batch that lies ready: forward, forward and backward, and the optimiser's step. On a card in
/// bfloat16, and waited for each time; on the processor in float32.
/// </summary>
#pragma warning disable CA1001 // BenchmarkDotNet calls Cleanup.
public class HotPathSuite
#pragma warning restore CA1001
{
    private IBackbone _backbone = null!;
    private LambOptimizer _optimizer = null!;
    private IBackbone? _mixed;
    private Tensor _images = null!;
    private Tensor _labels = null!;
    private TrainingAlgorithms? _algorithms;

    public static IEnumerable<NetworkBatch> Batches => NetworkBatch.All;

    [ParamsSource(nameof(Batches))]
    public NetworkBatch Batch { get; set; } = null!;

    [GlobalSetup]
    public void Setup()
    {
        _backbone = Batch.Find().Create(Card.Device);
        _algorithms = TrainingAlgorithms.Choose(Card.Device, deterministic: false);
        var trainer = new Trainer(TimedRecipe.Training(Batch.Images, new()), seed: 0);
        _optimizer = trainer.OptimizerOf(_backbone);
        _mixed = trainer.InMixedPrecision(_backbone, _optimizer);
        _backbone.Network.train();
        _images = RandomCanvases.Input(_backbone.Spec, Batch.Images, Card.Device);
        _labels = arange(Batch.Images, ScalarType.Int64, Card.Device).remainder_(2);
        ForwardAndBackward(); // The step finds gradients.
    }

    [Benchmark]
    public void Forward()
    {
        using var scope = NewDisposeScope();
        Loss();
        Card.Synchronize();
    }

    [Benchmark]
    public void ForwardAndBackward()
    {
        using var scope = NewDisposeScope();
        _optimizer.ZeroGrad();
        Loss().backward();
        Card.Synchronize();
    }

    [Benchmark]
    public void Step()
    {
        _optimizer.Step();
        Card.Synchronize();
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        foreach (var item in (IDisposable?[])[_labels, _images, _mixed, _optimizer, _backbone, _algorithms])
        {
            item?.Dispose();
        }
    }

    private Tensor Loss()
    {
        IBackbone network = _mixed is null ? _backbone : _mixed;
        return nn.functional.cross_entropy(network.Head(network.FeatureMap(_images)), _labels);
    }
}
