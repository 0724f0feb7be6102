using CovidCt.Benchmarks.Comparison;
using CovidCt.Benchmarks.Kit;
using CovidCt.Benchmarks.Peers;
using CovidCt.Inference;
using CovidCt.Recipes;
using CovidCt.Training;
using static TorchSharp.torch;

namespace CovidCt.Benchmarks.Works;

/// <summary>The peak of resident memory of a fresh process that trains ResNet50 for three steps of 32 images, or answers once.</summary>
internal static class MemoryWork
{
    private const int Batch = 32;
    private const int Steps = 3;

    public static ComparedWork Create() => new(
        "memory",
        "Peak of resident memory, all that is in the process counted, of fresh processes: three steps of training ResNet50 at its canvas, batch 32; and one answer "
            + "of ResNet18, ours from its file and about an image, the others' about one that lies ready.",
        [
            new(Network.Name, _ => Ours(), _ => Ask(Network, Batch, "train"))
            {
                Goal = new(1, AtMost: true),
                Peers = [PeerVariant.Ordinary, PeerVariant.ChannelsLast, PeerVariant.TorchSharp],
                InDotnet = new Dictionary<PeerVariant, Func<BenchmarkData, Measurement>>
                {
                    [PeerVariant.TorchSharp] = _ => PlainTorchSharp.PeakOfTraining(Network, Batch, Steps),
                },
            },
            new($"{Answering.Name}, one answer", OurAnswer, _ => Ask(Answering, 1, "infer"))
            {
                Peers = [PeerVariant.Ordinary, PeerVariant.ChannelsLast, PeerVariant.TorchSharp, PeerVariant.OnnxRuntime, PeerVariant.OursByOnnx],
                InDotnet = new Dictionary<PeerVariant, Func<BenchmarkData, Measurement>>
                {
                    [PeerVariant.TorchSharp] = _ => PlainTorchSharp.PeakOfAnswer(Answering),
                    [PeerVariant.OnnxRuntime] = _ => OnnxPeers.PeakOfAnswer(Answering),
                    [PeerVariant.OursByOnnx] = data => OnnxPeers.OwnPeakOfAnswer(Answering, data.Files().First()),
                },
            },
        ])
    {
        Unit = "MiB",
        IsFresh = true,
        OursOverPeer = true,
    };

    private static BenchmarkedNetwork Network => BenchmarkedNetwork.Named("resnet50");

    private static BenchmarkedNetwork Answering => BenchmarkedNetwork.Named("resnet18");

    private static object Ask(BenchmarkedNetwork network, int batch, string doing) =>
        new { network = network.Name, batch, width = network.Canvas.Width, height = network.Canvas.Height, doing };

    private static Measurement Ours()
    {
        var backbone = Network.Create(CPU);
        var canvases = RandomCanvases.Store(Network.Canvas, Batch);
        return Measurement.OfPeak(Train, canvases, backbone);

        void Train()
        {
            var options = TimedRecipe.Training(Batch, AugmentationOptions.None);
            options.Epochs = 1;
            int[] rows = [.. Enumerable.Range(0, Steps * Batch).Select(row => row % Batch)];
            new Trainer(options, seed: 0).Fit(backbone, canvases, [.. Enumerable.Range(0, Batch).Select(row => row % 2)], rows, RandomCanvases.Fill);
        }
    }

    private static Measurement OurAnswer(BenchmarkData data)
    {
        var written = ExportedNetwork.OfOurs(Answering);
        var image = data.Files().First();
        return Measurement.OfPeak(() =>
        {
            using var classifier = CtClassifier.Load(written.Path);
            classifier.Classify(image);
        }, written);
    }
}
