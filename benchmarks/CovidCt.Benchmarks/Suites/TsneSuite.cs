using BenchmarkDotNet.Attributes;
using CovidCt.Embedding;
using static TorchSharp.torch;

namespace CovidCt.Benchmarks.Suites;

/// <summary>t-SNE of as many features as COVID19-CT has under SqueezeNet, and of more than are embedded exactly.</summary>
public class TsneSuite
{
    private Tensor _features = null!;

    [Params(746, 10_000)]
    public int Rows { get; set; }

    [GlobalSetup]
    public void Setup() => _features = TsneFeatures.Wide(Rows, Rows <= Tsne.ExactLimit ? 512 : 50);

    [Benchmark]
    public TsneEmbedding Embed() => new Tsne(new()).Embed(_features);

    [GlobalCleanup]
    public void Cleanup() => _features.Dispose();
}
