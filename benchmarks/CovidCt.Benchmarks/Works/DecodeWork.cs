using CovidCt.Augmentation;
using CovidCt.Benchmarks.Comparison;
using CovidCt.Benchmarks.Kit;
using CovidCt.Canvases;
using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Models;
using CovidCt.Networks;
using CovidCt.Recipes;
using static TorchSharp.torch;

namespace CovidCt.Benchmarks.Works;

/// <summary>Every image of a data set from its file to normalised batches of 32, on two threads or by two workers.</summary>
internal static class DecodeWork
{
    private const int Batch = 32;
    private const int Workers = 2;

    public static ComparedWork Create() => new(
        "decode",
        "COVID19-CT (a phantom of its size where COVIDCT_DATA is not set) from files to normalised batches on ResNet18's canvas, against Pillow and torchvision.",
        [
            new("DataLoader with two workers", Ours, data => Ask(data, threads: false)) { Goal = new(2) },
            new("two threads", Ours, data => Ask(data, threads: true)) { Goal = new(2) },
        ]);

    private static BackboneSpec Spec => new BackboneFactory().Spec("resnet18");

    /// <summary>Decodes all, and makes all batches.</summary>
    public static void DecodeAll(CtDataset dataset, BackboneSpec spec, Device device)
    {
        var options = new CanvasOptions();
        using var decoded = CanvasDecoding.Decode(dataset, [spec.Canvas], new CanvasTransform(options), new SkiaImageDecoder());
        var input = new Augmenter(AugmentationOptions.None, spec.Normalisation, options.Fill);
        foreach (var batch in decoded.Stores[spec.Canvas].Batches(Enumerable.Range(0, decoded.Dataset.Samples.Count).Chunk(Batch), device))
        {
            using var gray = batch;
            input.Prepare(gray).Dispose();
        }
    }

    private static Measurement Ours(BenchmarkData data) => Measurement.OfTime(() => DecodeAll(data.Dataset, Spec, CPU));

    private static object Ask(BenchmarkData data, bool threads) =>
        new { files = data.Files(), width = Spec.Canvas.Width, height = Spec.Canvas.Height, workers = Workers, threads };
}
