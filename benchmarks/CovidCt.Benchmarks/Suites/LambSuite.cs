using BenchmarkDotNet.Attributes;
using CovidCt.Benchmarks.Kit;
using CovidCt.Benchmarks.Works;
using CovidCt.Models;
using CovidCt.Optimisation;
using CovidCt.Recipes;

namespace CovidCt.Benchmarks.Suites;

/// <summary>One step of LAMB on ResNet101 in two variants.</summary>
#pragma warning disable CA1001 // BenchmarkDotNet calls Cleanup.
public class LambSuite
#pragma warning restore CA1001
{
    private IBackbone _backbone = null!;
    private LambOptimizer _optimizer = null!;

    [Params("authors", "apex")]
    public string Preset { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _backbone = LambWork.WithGradients(LambWork.Network, Card.Device);
        _optimizer = new(_backbone.TrainableParameters(NetworkPart.All), LambOptions.ByName(Preset));
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
        _optimizer.Dispose();
        _backbone.Dispose();
    }
}
