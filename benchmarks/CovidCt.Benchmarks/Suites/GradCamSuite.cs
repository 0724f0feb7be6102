using BenchmarkDotNet.Attributes;
using CovidCt.Benchmarks.Kit;
using CovidCt.Benchmarks.Works;

namespace CovidCt.Benchmarks.Suites;

/// <summary>Grad-CAM of 64 images by ResNet18.</summary>
public class GradCamSuite
{
    private Action _explain = null!;
    private IDisposable[] _owned = [];

    [GlobalSetup]
    public void Setup() => (_explain, _owned) = GradCamWork.Start(Card.Device);

    [Benchmark]
    public void Explain() => _explain();

    [GlobalCleanup]
    public void Cleanup()
    {
        foreach (var item in _owned)
        {
            item.Dispose();
        }
    }
}
