using BenchmarkDotNet.Attributes;
using CovidCt.Benchmarks.Kit;
using CovidCt.Models;
using TorchSharp;

namespace CovidCt.Benchmarks.Suites;

/// <summary>The logits of a batch of images that lies ready.</summary>
public class InferenceSuite
{
    private IInferenceNetwork _network = null!;
    private torch.Tensor _images = null!;

    public static IEnumerable<NetworkBatch> Batches => NetworkBatch.All;

    [ParamsSource(nameof(Batches))]
    public NetworkBatch Batch { get; set; } = null!;

    [GlobalSetup]
    public void Setup()
    {
        using var backbone = Batch.Find().Create(Card.Device);
        _network = backbone.ForInference();
        _images = RandomCanvases.Input(backbone.Spec, Batch.Images, Card.Device);
    }

    [Benchmark]
    public void Forward()
    {
        _network.Logits(_images).Dispose();
        Card.Synchronize();
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _images.Dispose();
        _network.Dispose();
    }
}
