using CovidCt.Benchmarks.Comparison;
using CovidCt.Benchmarks.Kit;
using CovidCt.Benchmarks.Peers;
using CovidCt.Models;
using static TorchSharp.torch;

namespace CovidCt.Benchmarks.Works;

/// <summary>The logits of each network for a batch that lies ready at its canvas, ours by <see cref="IBackbone.ForInference"/>.</summary>
internal static class InferWork
{
    /// <param name="name">The name of the work.</param>
    /// <param name="batch">The images of a batch; null for each network's own number.</param>
    public static ComparedWork Create(string name, int? batch) => new(
        name,
        batch is null ? "Inference at the canvas, batch 32, or 8 above 5 GMAC an image." : "Inference at the canvas, one image at a time.",
        [.. BenchmarkedNetwork.All.Select(network => new WorkCase(network.Name, _ => Ours(network, CPU, batch ?? network.Batch), _ => TrainWork.Ask(network, batch))
        {
            Peers = [PeerVariant.Ordinary, PeerVariant.ChannelsLast, PeerVariant.TorchSharp, PeerVariant.OnnxRuntime, PeerVariant.OursByOnnx],
            InDotnet = new Dictionary<PeerVariant, Func<BenchmarkData, Measurement>>
            {
                [PeerVariant.TorchSharp] = _ => PlainTorchSharp.Inference(network, batch ?? network.Batch),
                [PeerVariant.OnnxRuntime] = _ => OnnxPeers.Inference(network, batch ?? network.Batch),
                [PeerVariant.OursByOnnx] = _ => OnnxPeers.OwnInference(network, batch ?? network.Batch),
            },
        })])
    {
        Module = "infer",
        MeanGoal = batch is null ? 2.0 : 1.5,
        Further =
        [
            new(PeerVariant.OnnxRuntime, Ours: null, MeanGoal: 1, LeastGoal: 0.9),
            new(PeerVariant.OnnxRuntime, PeerVariant.OursByOnnx, MeanGoal: 1.05),
        ],
    };

    /// <summary>The same on a card, both in single precision.</summary>
    public static ComparedWork OnCuda(int batch) => new(
        $"cuda-infer-{batch}",
        $"Inference on the card at the canvas, batch {batch}, single precision.",
        [.. BenchmarkedNetwork.All.Select(network => new WorkCase(network.Name, _ => Ours(network, CUDA, batch), _ => TrainWork.Ask(network, batch))
        {
            Peers = [PeerVariant.Ordinary, PeerVariant.ChannelsLast],
        })])
    {
        Module = "infer",
        OnCuda = true,
    };

    /// <summary>The logits of a batch, and what they are made with.</summary>
    public static (Action Answer, IDisposable[] Owned) Start(BenchmarkedNetwork network, Device device, int batch)
    {
        using var backbone = network.Create(device);
        var folded = backbone.ForInference();
        var images = RandomCanvases.Input(backbone.Spec, batch, device);
        return (() => folded.Logits(images).Dispose(), [folded, images]);
    }

    private static Measurement Ours(BenchmarkedNetwork network, Device device, int batch)
    {
        var (answer, owned) = Start(network, device, batch);
        return Measurement.OfTime(answer, owned);
    }
}
