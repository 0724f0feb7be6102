using BenchmarkDotNet.Attributes;
using CovidCt.Augmentation;
using CovidCt.Benchmarks.Kit;
using CovidCt.Canvases;
using CovidCt.Imaging;
using CovidCt.Models;
using CovidCt.Networks;
using CovidCt.Recipes;

namespace CovidCt.Benchmarks.Suites;

/// <summary>From files to batches on ResNet18's canvas.</summary>
public class InputSuite
{
    private const int Images = 32;

    private readonly BackboneSpec _spec = new BackboneFactory().Spec("resnet18");
    private readonly CanvasOptions _options = new();
    private readonly int[] _rows = [.. Enumerable.Range(0, Images)];
    private BenchmarkData _data = null!;
    private byte[] _file = [];
    private GrayImage _image = null!;
    private CanvasBatch _batch = null!;
    private Augmenter _augmenter = null!;

    [GlobalSetup]
    public void Setup()
    {
        _data = BenchmarkData.Open();
        _file = File.ReadAllBytes(_data.Files().First());
        _image = new SkiaImageDecoder().Decode(_file);
        using var canvases = RandomCanvases.Store(_spec.Canvas, Images);
        _batch = canvases.Batch(_rows, Card.Device);
        _augmenter = new(new AugmentationOptions(), _spec.Normalisation, _options.Fill);
    }

    /// <summary>One image of the data set.</summary>
    [Benchmark]
    public GrayImage Decode() => new SkiaImageDecoder().Decode(_file);

    /// <summary>The same image, decoded.</summary>
    [Benchmark]
    public (byte[] Pixels, CanvasGeometry Geometry) Canvas() => new CanvasTransform(_options).Apply(_image, _spec.Canvas);

    /// <summary>All images of the data set, from files to normalised batches.</summary>
    [Benchmark]
    public void WholeDataset() => Works.DecodeWork.DecodeAll(_data.Dataset, _spec, Card.Device);

    /// <summary>A batch of 32.</summary>
    [Benchmark]
    public void Augment()
    {
        _augmenter.Augment(_batch, seed: 0, epoch: 0, _rows).Dispose();
        Card.Synchronize();
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _batch.Dispose();
        _data.Dispose();
    }
}
