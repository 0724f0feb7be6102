using CovidCt.Benchmarks.Comparison;
using CovidCt.Benchmarks.Kit;
using CovidCt.Explanation;
using static TorchSharp.torch;

namespace CovidCt.Benchmarks.Works;

/// <summary>Grad-CAM of 64 images by ResNet18, for the most probable class.</summary>
internal static class GradCamWork
{
    private const int Batch = 32;
    private const int Batches = 2;

    public static ComparedWork Create() => new(
        "gradcam",
        "Grad-CAM of 64 images, two batches that lie ready, ResNet18 at its canvas.",
        [
            Case("score.backward() through the network, as pytorch-grad-cam", backward: true, goal: 3, onCuda: false),
            Case("autograd.grad to the feature map alone", backward: false, goal: 1.3, onCuda: false),
        ]);

    /// <summary>The same on a card.</summary>
    public static ComparedWork OnCuda() => new(
        "cuda-gradcam",
        "Grad-CAM on the card of 64 images, two batches that lie ready, ResNet18 at its canvas, single precision.",
        [
            Case("score.backward() through the network, as pytorch-grad-cam", backward: true, goal: null, onCuda: true),
            Case("autograd.grad to the feature map alone", backward: false, goal: null, onCuda: true),
        ])
    {
        Module = "gradcam",
        OnCuda = true,
    };

    /// <summary>Explains all images once.</summary>
    public static (Action Explain, IDisposable[] Owned) Start(Device device)
    {
        var backbone = Network.Create(device);
        var images = RandomCanvases.Input(backbone.Spec, Batch, device);
        var answering = backbone.ForInference();
        var cam = new GradCam(backbone);
        backbone.Network.eval();
        return (Explain, [images, answering, backbone]);

        void Explain()
        {
            for (var i = 0; i < Batches; i++)
            {
                using var scope = NewDisposeScope();
                var map = answering.FeatureMap(images);
                cam.ExplainMap(map, [.. answering.Head(map).argmax(1).cpu().data<long>().ToArray().Select(number => (int)number)]);
            }
        }
    }

    private static BenchmarkedNetwork Network => BenchmarkedNetwork.Named("resnet18");

    private static WorkCase Case(string name, bool backward, double? goal, bool onCuda) => new(name, _ => Ours(onCuda ? CUDA : CPU), _ => Ask(backward))
    {
        Goal = goal is { } bound ? new(bound) : null,
        Peers = [PeerVariant.Ordinary, PeerVariant.ChannelsLast],
    };

    private static Measurement Ours(Device device)
    {
        var (explain, owned) = Start(device);
        return Measurement.OfTime(explain, owned);
    }

    private static object Ask(bool backward) =>
        new { network = Network.Name, batch = Batch, batches = Batches, width = Network.Canvas.Width, height = Network.Canvas.Height, backward };
}
