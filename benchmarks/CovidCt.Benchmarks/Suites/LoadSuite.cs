using BenchmarkDotNet.Attributes;
using CovidCt.Models;
using CovidCt.Models.Weights;

namespace CovidCt.Benchmarks.Suites;

/// <summary>Loading ResNet101 from a file into a new network.</summary>
public class LoadSuite
{
    private DirectoryInfo _folder = null!;
    private string _file = "";

    [Params("safetensors", "pth")]
    public string Format { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _folder = Directory.CreateTempSubdirectory("covidct-load-");
        _file = Path.Combine(_folder.FullName, $"resnet101.{Format}");
        using var backbone = new BackboneFactory().Create("resnet101", classes: 1000);
        BackboneWeights.Save(backbone, _file);
    }

    [Benchmark]
    public void Load() => BackboneWeights.LoadPretrained(new BackboneFactory(), "resnet101", _file).Dispose();

    [GlobalCleanup]
    public void Cleanup() => _folder.Delete(recursive: true);
}
