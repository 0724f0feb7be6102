using CovidCt.Augmentation;
using CovidCt.Benchmarks.Comparison;
using CovidCt.Benchmarks.Kit;
using CovidCt.Data;
using CovidCt.Imaging;
using static TorchSharp.torch;

namespace CovidCt.Benchmarks.Works;

/// <summary>An epoch of SqueezeNet 1.1 on four fifths of a data set, its canvases in memory; the first epoch is the warm-up.</summary>
internal static class EpochWork
{
    private const int Batch = 32;

    public static ComparedWork Create() => new(
        "epoch",
        "An epoch after the first of SqueezeNet 1.1 on COVID19-CT (a phantom of its size where COVIDCT_DATA is not set), four fifths of the images, augmented.",
        [
            new("loaded in the process", Ours, data => Ask(data, workers: 0)) { Goal = new(1.5), HasChannelsLast = true },
            new("loaded by two workers", Ours, data => Ask(data, workers: 2)) { Goal = new(1.5) },
        ]);

    /// <summary>A training that is held after each epoch.</summary>
    public static (PausedTraining Training, IDisposable[] Owned) Start(BenchmarkData data, Device device)
    {
        var backbone = Network.Create(device);
        var decoded = CanvasStores.Decode(data.Dataset, [Network.Canvas], new CanvasTransform(new CanvasOptions()), new SkiaImageDecoder());
        int[] labels = [.. decoded.Dataset.Samples.Select(sample => sample.Label)];
        var training = PausedTraining.ByEpochs(
            backbone, decoded.Stores[Network.Canvas], labels, Folds.ByImage(decoded.Dataset, 5, seed: 0)[0].Train, Recipe.Training(Batch, new AugmentationOptions()));
        return (training, [training, decoded, backbone]);
    }

    private static BenchmarkedNetwork Network => BenchmarkedNetwork.Named("squeezenet1_1");

    private static Measurement Ours(BenchmarkData data)
    {
        var (training, owned) = Start(data, CPU);
        return Measurement.OfTime(training.Next, owned);
    }

    private static object Ask(BenchmarkData data, int workers)
    {
        var rows = Folds.ByImage(data.Dataset, 5, seed: 0)[0].Train;
        return new
        {
            network = Network.Name,
            batch = Batch,
            width = Network.Canvas.Width,
            height = Network.Canvas.Height,
            files = data.Files(rows),
            labels = rows.Select(row => data.Dataset.Samples[row].Label),
            workers,
        };
    }
}
