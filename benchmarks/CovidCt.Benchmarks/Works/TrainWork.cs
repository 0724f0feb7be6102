using CovidCt.Benchmarks.Comparison;
using CovidCt.Benchmarks.Kit;
using CovidCt.Benchmarks.Peers;
using CovidCt.Recipes;
using static TorchSharp.torch;

namespace CovidCt.Benchmarks.Works;

/// <summary>A training step of each network at its canvas. Ours makes the batch from canvases too; the peer's lies ready.</summary>
internal static class TrainWork
{
    private const int StepsOnCuda = 20;

    private static readonly string[] CompiledToo = ["resnet18", "resnet50"];

    public static ComparedWork Create() => new(
        "train",
        "A training step at the canvas, batch 32, or 8 above 5 GMAC an image: forward, cross entropy, backward, LAMB.",
        [.. BenchmarkedNetwork.All.Select(network => new WorkCase(network.Name, _ => Ours(network, CPU, network.Batch, steps: 1), _ => Ask(network))
        {
            Goal = new(1.15),
            Peers = [PeerVariant.Ordinary, PeerVariant.ChannelsLast, PeerVariant.TorchSharp],
            InDotnet = new Dictionary<PeerVariant, Func<BenchmarkData, Measurement>>
            {
                [PeerVariant.TorchSharp] = _ => PlainTorchSharp.Training(network, network.Batch),
            },
        })])
    {
        MeanGoal = 1.6,
    };

    /// <summary>The same on a card, in bfloat16, some steps at a time: a card that is waited for after every step rests meanwhile.</summary>
    public static ComparedWork OnCuda(int batch) => new(
        $"cuda-train-{batch}",
        $"A training step on the card at the canvas, batch {batch}, bfloat16: forward, cross entropy, backward, LAMB; {StepsOnCuda} steps at a time.",
        [.. BenchmarkedNetwork.All.Select(network => new WorkCase(network.Name, _ => Ours(network, CUDA, batch, StepsOnCuda), _ => Ask(network, batch))
        {
            Goal = batch == 32 ? new(1) : null,
            Peers = CompiledToo.Contains(network.Name)
                ? [PeerVariant.Autocast, PeerVariant.Ordinary, PeerVariant.Compiled]
                : [PeerVariant.Autocast, PeerVariant.Ordinary],
        })])
    {
        Module = "train",
        OnCuda = true,
        MeanGoal = batch == 32 ? 1.15 : null,
    };

    /// <summary>What the peer is told of a network.</summary>
    public static object Ask(BenchmarkedNetwork network, int? batch = null) =>
        new { network = network.Name, batch = batch ?? network.Batch, width = network.Canvas.Width, height = network.Canvas.Height };

    /// <summary>Steps of the trainer, and what they work on.</summary>
    public static (Action Step, IDisposable[] Owned) Start(BenchmarkedNetwork network, Device device, int batch, int steps = 1)
    {
        var backbone = network.Create(device);
        var canvases = RandomCanvases.Store(network.Canvas, batch);
        var training = PausedTraining.BySteps(backbone, canvases, TimedRecipe.Training(batch, AugmentationOptions.None), steps);
        return (training.Next, [training, canvases, backbone]);
    }

    private static Measurement Ours(BenchmarkedNetwork network, Device device, int batch, int steps)
    {
        var (next, owned) = Start(network, device, batch, steps);
        return Measurement.OfTime(next, steps, owned);
    }
}
