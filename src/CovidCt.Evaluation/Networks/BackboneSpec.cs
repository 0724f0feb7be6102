using CovidCt.Imaging;
using static CovidCt.Networks.ChannelNormalisation;

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

    /// <summary>Whether the published network rectifies its class scores before it averages them over places, as SqueezeNet does.</summary>
    public bool RectifiesScores { get; init; }

    /// <summary>
    /// The name under which the network is made without that ReLU, so that scores may be negative and the head is linear, and that its
    /// trained weights carry; <see cref="Name"/> where it has none.
    /// </summary>
    public string LinearName => RectifiesScores ? Name + LinearSuffix : Name;

    internal const string LinearSuffix = "+linear";

    /// <summary>
    /// Whether the paper's text states <see cref="Canvas"/>. Where it doesn't, the canvas is the one that its Table 1 is remembered to
    /// have, and that arithmetic supports: convolutions and pooling leave no remainder on it.
    /// </summary>
    public bool CanvasIsStated { get; init; } = true;

    /// <summary>
    /// Milliseconds that an image takes in a training step at <see cref="Canvas"/>, on two cores of a server: to order networks by, and to
    /// guess how long a run takes. Null where nobody measured it.
    /// </summary>
    public double? TrainingCost { get; init; }

    /// <summary>Size of the float32 parameters: 4 bytes × <see cref="Parameters"/> / 2^20.</summary>
    public double Megabytes => 4.0 * Parameters / (1 << 20);

    /// <summary>The paper's twelve in its order, then the variants.</summary>
    public static IReadOnlyList<BackboneSpec> All { get; } =
    [
        new("squeezenet1_1", "SqueezeNet", new(335, 255), new(227, 227), 512, 1_235_496, 18, ImageNet)
        {
            CanvasIsStated = false,
            TrainingCost = 16,
            RectifiesScores = true,
        },
        new("inception_v3", "InceptionV3", new(331, 267), new(299, 299), 2048, 23_834_568, 48, Symmetric)
        {
            CanvasIsStated = false,
            TrainingCost = 112,
        },
        new("resnet18", "ResNet18", new(349, 253), new(224, 224), 512, 11_689_512, 18, ImageNet) { TrainingCost = 51 },
        new("resnet50", "ResNet50", new(349, 253), new(224, 224), 2048, 25_557_032, 50, ImageNet) { TrainingCost = 143 },
        new("resnet101", "ResNet101", new(349, 253), new(224, 224), 2048, 44_549_160, 101, ImageNet) { TrainingCost = 262 },
        new("resnext50_32x4d", "ResNeXt50", new(349, 253), new(224, 224), 2048, 25_028_904, 50, ImageNet) { TrainingCost = 165 },
        new("resnext101_32x8d", "ResNeXt101", new(349, 253), new(224, 224), 2048, 88_791_336, 101, ImageNet) { TrainingCost = 584 },
        new("xception", "Xception", new(327, 231), new(299, 299), 2048, 22_855_952, 71, Symmetric) { TrainingCost = 160 },
        new("shufflenet_v2_x1_0", "ShuffleNet", new(321, 225), new(224, 224), 1024, 2_278_604, 51, ImageNet) { TrainingCost = 18 },
        new("densenet121", "DenseNet121", new(349, 253), new(224, 224), 1024, 7_978_856, 121, ImageNet) { TrainingCost = 128 },
        new("densenet169", "DenseNet169", new(349, 253), new(224, 224), 1664, 14_149_480, 169, ImageNet) { TrainingCost = 160 },
        new("densenet201", "DenseNet201", new(349, 253), new(224, 224), 1920, 20_013_928, 201, ImageNet) { TrainingCost = 201 },
        new("squeezenet1_0", "SqueezeNet 1.0", new(335, 255), new(227, 227), 512, 1_248_424, 18, ImageNet)
        {
            CanvasIsStated = false,
            IsVariant = true,
            RectifiesScores = true,
        },
    ];

    /// <summary>The names of the paper's twelve, in its order.</summary>
    public static IReadOnlyList<string> Paper { get; } = [.. All.Where(spec => !spec.IsVariant).Select(spec => spec.Name)];

    /// <summary>What is known of one network; null where none has that name.</summary>
    /// <param name="name">A published name, such as <c>resnet18</c>.</param>
    public static BackboneSpec? Find(string name) => All.FirstOrDefault(spec => spec.Name == name);
}
