using CovidCt.Benchmarks.Comparison;
using CovidCt.Benchmarks.Kit;
using CovidCt.Canvases;
using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Recipes;
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
            new("loaded in the process", data => Ours(data, CPU, Network), data => Ask(data, workers: 0, Network)) { Goal = new(1.5), Peers = [PeerVariant.Ordinary, PeerVariant.ChannelsLast] },
            new("loaded by two workers", data => Ours(data, CPU, Network), data => Ask(data, workers: 2, Network)) { Goal = new(1.5) },
        ]);

    /// <summary>The same on a card, in bfloat16, against a DataLoader with a worker a core.</summary>
    public static ComparedWork OnCuda() => new(
        "cuda-epoch",
        "An epoch after the first on the card, COVID19-CT (a phantom of its size where COVIDCT_DATA is not set), four fifths of the images, augmented, bfloat16; the peer's DataLoader has a worker a core and pinned memory.",
        [
            .. new[] { Network, BenchmarkedNetwork.Named("resnet18") }.Select(network => new WorkCase(
                network.Name, data => Ours(data, CUDA, network), data => Ask(data, Environment.ProcessorCount, network))
            {
                Goal = new(3),
                Peers = [PeerVariant.Autocast],
            }),
        ])
    {
        Module = "epoch",
        OnCuda = true,
    };

    /// <summary>A training that is held after each epoch.</summary>
    public static (PausedTraining Training, IDisposable[] Owned) Start(BenchmarkData data, Device device, BenchmarkedNetwork? chosen = null)
    {
        var network = chosen ?? Network;
        var backbone = network.Create(device);
        var decoded = CanvasDecoding.Decode(data.Dataset, [network.Canvas], new CanvasTransform(new CanvasOptions()), new SkiaImageDecoder());
        int[] labels = [.. decoded.Dataset.Samples.Select(sample => sample.Label)];
        var training = PausedTraining.ByEpochs(
            backbone, decoded.Stores[network.Canvas], labels, Fold.ByImage(decoded.Dataset, 5, seed: 0)[0].Train, TimedRecipe.Training(Batch, new AugmentationOptions()));
        return (training, [training, decoded, backbone]);
    }

    private static BenchmarkedNetwork Network => BenchmarkedNetwork.Named("squeezenet1_1");

    private static Measurement Ours(BenchmarkData data, Device device, BenchmarkedNetwork network)
    {
        var (training, owned) = Start(data, device, network);
        return Measurement.OfTime(training.Next, owned);
    }

    private static object Ask(BenchmarkData data, int workers, BenchmarkedNetwork asked)
    {
        var rows = Fold.ByImage(data.Dataset, 5, seed: 0)[0].Train;
        return new
        {
            network = asked.Name,
            batch = Batch,
            width = asked.Canvas.Width,
            height = asked.Canvas.Height,
            files = data.Files(rows),
            labels = rows.Select(row => data.Dataset.Samples[row].Label),
            workers,
        };
    }
}
