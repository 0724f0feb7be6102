using CovidCt.Imaging;
using CovidCt.Models;
using CovidCt.Networks;
using TorchSharp;

namespace CovidCt.Benchmarks.Kit;

/// <summary>One of the study's twelve at its canvas.</summary>
/// <param name="Name">Its published name.</param>
/// <param name="Gmac">Multiply-adds of one image at the canvas, in 1e9: convolutions and linear layers.</param>
internal sealed record BenchmarkedNetwork(string Name, double Gmac)
{
    private const double MostForWholeBatch = 5;

    public static IReadOnlyList<BenchmarkedNetwork> All { get; } =
    [
        new("squeezenet1_1", 0.61), new("inception_v3", 5.64), new("resnet18", 3.25), new("resnet50", 7.34),
        new("resnet101", 14.01), new("resnext50_32x4d", 7.59), new("resnext101_32x8d", 29.47), new("xception", 7.24),
        new("shufflenet_v2_x1_0", 0.24), new("densenet121", 5.09), new("densenet169", 6.03), new("densenet201", 7.70),
    ];

    /// <summary>The network of a published name.</summary>
    public static BenchmarkedNetwork Named(string name) => All.Single(network => network.Name == name);

    /// <summary>32, and 8 where an image takes more than five billion multiply-adds.</summary>
    public int Batch => Gmac > MostForWholeBatch ? 8 : 32;

    public ImageSize Canvas => Spec.Canvas;

    /// <summary>The numbers of one image at the canvas.</summary>
    public int Numbers => 3 * Canvas.Width * Canvas.Height;

    private BackboneSpec Spec => BackboneSpec.Find(Name)!;

    /// <summary>How many parameters it has for so many classes.</summary>
    public long Parameters(int classes)
    {
        const int publishedClasses = 1000;
        return Spec.Parameters - ((publishedClasses - classes) * (Spec.FeatureWidth + 1));
    }

    /// <summary>The network for two classes with random weights.</summary>
    public IBackbone Create(torch.Device device)
    {
        var backbone = new BackboneFactory().Create(Name, classes: 2);
        backbone.Network.to(device);
        return backbone;
    }

    public override string ToString() => Name;
}
