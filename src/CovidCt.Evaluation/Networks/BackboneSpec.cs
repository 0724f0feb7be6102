using CovidCt.Imaging;

namespace CovidCt.Networks;

/// <summary>What is known about a network before any weight is loaded: a row of the paper's Table 1.</summary>
/// <param name="Name">The published name, such as <c>resnet18</c>: the key of weights files and of the command line.</param>
/// <param name="DisplayName">The name in tables, such as <c>ResNet18</c>.</param>
/// <param name="Canvas">The aspect-preserving input of the paper, in pixels.</param>
/// <param name="Square">The square input that the network was published with, in pixels.</param>
/// <param name="FeatureWidth">Channels of the feature map, which is the width of the penultimate features.</param>
/// <param name="Parameters">Parameters with 1,000 classes, InceptionV3's auxiliary head left out.</param>
/// <param name="Layers">
/// Convolutions and linear layers on the longest way from input to logits; a depthwise separable convolution counts
/// as two, and one on a shortcut only where the way through it is longer.
/// </param>
/// <param name="Normalisation">What the published weights expect of their input.</param>
public sealed record BackboneSpec(
    string Name,
    string DisplayName,
    ImageSize Canvas,
    ImageSize Square,
    int FeatureWidth,
    long Parameters,
    int Layers,
    ChannelNormalisation Normalisation)
{
    /// <summary>Whether the network is a variant of one of the paper's twelve, which the paper's table leaves out.</summary>
    public bool IsVariant { get; init; }

    /// <summary>Size of the float32 parameters: 4 bytes × <see cref="Parameters"/> / 2^20.</summary>
    public double Megabytes => 4.0 * Parameters / (1 << 20);
}
