using BenchmarkDotNet.Attributes;
using CovidCt.Benchmarks.Kit;
using CovidCt.Embedding;
using CovidCt.Recipes;
using static TorchSharp.torch;

namespace CovidCt.Benchmarks.Suites;

/// <summary>t-SNE of as many features as COVID19-CT has under SqueezeNet, of more than are embedded exactly, and on a card of a million.</summary>
public class TsneSuite
{
    private Tensor _features = null!;

    public static IEnumerable<int> Numbers => Card.IsThere ? [746, 10_000, 1_000_000] : [746, 10_000];

    [ParamsSource(nameof(Numbers))]
    public int Rows { get; set; }

    [GlobalSetup]
    public void Setup() => _features = TsneFeatures.Wide(Rows, Rows <= Tsne.ExactLimit ? 512 : 50);

    [Benchmark]
    public TsneEmbedding Embed() => new Tsne(new() { Device = ComputeDevice.Auto }).Embed(_features);

    [GlobalCleanup]
    public void Cleanup() => _features.Dispose();
}
