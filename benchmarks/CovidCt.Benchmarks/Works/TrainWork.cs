using CovidCt.Augmentation;
using CovidCt.Benchmarks.Comparison;
using CovidCt.Benchmarks.Kit;
using static TorchSharp.torch;

namespace CovidCt.Benchmarks.Works;

/// <summary>A training step of each network at its canvas. Ours makes the batch from canvases too; the peer's lies ready.</summary>
internal static class TrainWork
{
    public static ComparedWork Create() => new(
        "train",
        "A training step at the canvas, batch 32, or 8 above 5 GMAC an image: forward, cross entropy, backward, LAMB.",
        [.. BenchmarkedNetwork.All.Select(network => new WorkCase(network.Name, _ => Ours(network), _ => Ask(network))
        {
            Goal = new(1.15),
            HasChannelsLast = true,
        })])
    {
        MeanGoal = 1.6,
    };

    /// <summary>What the peer is told of a network.</summary>
    public static object Ask(BenchmarkedNetwork network, int? batch = null) =>
        new { network = network.Name, batch = batch ?? network.Batch, width = network.Canvas.Width, height = network.Canvas.Height };

    /// <summary>A step of the trainer, and what it works on.</summary>
    public static (Action Step, IDisposable[] Owned) Start(BenchmarkedNetwork network)
    {
        var backbone = network.Create(CPU);
        var canvases = RandomCanvases.Store(network.Canvas, network.Batch);
        var training = PausedTraining.BySteps(backbone, canvases, Recipe.Training(network.Batch, AugmentationOptions.None));
        return (training.Next, [training, canvases, backbone]);
    }

    private static Measurement Ours(BenchmarkedNetwork network)
    {
        var (step, owned) = Start(network);
        return Measurement.OfTime(step, owned);
    }
}
