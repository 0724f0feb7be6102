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
        using var backbone = Batch.Find().Create(BenchCommand.Device);
        _network = backbone.ForInference();
        _images = RandomCanvases.Input(backbone.Spec, Batch.Images, BenchCommand.Device);
    }

    [Benchmark]
    public void Forward() => _network.Logits(_images).Dispose();

    [GlobalCleanup]
    public void Cleanup()
    {
        _images.Dispose();
        _network.Dispose();
    }
}
