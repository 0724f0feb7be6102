using BenchmarkDotNet.Attributes;
using CovidCt.Benchmarks.Kit;
using CovidCt.Benchmarks.Works;

namespace CovidCt.Benchmarks.Suites;

/// <summary>An epoch of SqueezeNet 1.1 on four fifths of the data set, augmented.</summary>
public class EpochSuite
{
    private BenchmarkData _data = null!;
    private PausedTraining _training = null!;
    private IDisposable[] _owned = [];

    [GlobalSetup]
    public void Setup()
    {
        _data = BenchmarkData.Open();
        (_training, _owned) = EpochWork.Start(_data, Card.Device);
    }

    [Benchmark]
    public void Epoch() => _training.Next();

    [GlobalCleanup]
    public void Cleanup()
    {
        foreach (var item in _owned.Append(_data))
        {
            item.Dispose();
        }
    }
}
