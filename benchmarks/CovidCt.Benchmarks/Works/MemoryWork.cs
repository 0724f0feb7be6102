using CovidCt.Benchmarks.Comparison;
using CovidCt.Benchmarks.Kit;
using CovidCt.Recipes;
using CovidCt.Training;
using static TorchSharp.torch;

namespace CovidCt.Benchmarks.Works;

/// <summary>The peak of resident memory of a fresh process that trains ResNet50 for three steps of 32 images.</summary>
internal static class MemoryWork
{
    private const int Batch = 32;
    private const int Steps = 3;

    public static ComparedWork Create() => new(
        "memory",
        "Peak of resident memory of training ResNet50 at its canvas, batch 32: fresh processes, three steps each, all that is in the process counted.",
        [new(Network.Name, _ => Ours(), _ => TrainWork.Ask(Network, Batch)) { Goal = new(1, AtMost: true), Peers = [PeerVariant.Ordinary, PeerVariant.ChannelsLast] }])
    {
        Unit = "MiB",
        IsFresh = true,
        OursOverPeer = true,
    };

    private static BenchmarkedNetwork Network => BenchmarkedNetwork.Named("resnet50");

    private static Measurement Ours()
    {
        var backbone = Network.Create(CPU);
        var canvases = RandomCanvases.Store(Network.Canvas, Batch);
        return new(Peak, canvases, backbone);

        double Peak()
        {
            var options = Recipe.Training(Batch, AugmentationOptions.None);
            options.Epochs = 1;
            int[] rows = [.. Enumerable.Range(0, Steps * Batch).Select(row => row % Batch)];
            new Trainer(options, seed: 0).Fit(backbone, canvases, [.. Enumerable.Range(0, Batch).Select(row => row % 2)], rows, RandomCanvases.Fill);
            return ProcessMemory.Peak / (double)(1 << 20);
        }
    }
}
