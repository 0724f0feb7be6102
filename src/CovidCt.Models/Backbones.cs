using CovidCt.Models.Families;
using static CovidCt.Models.ChannelNormalisation;

namespace CovidCt.Models;

/// <summary>The catalogue: the paper's Table 1, and how each network is built.</summary>
internal static class Backbones
{
    /// <summary>The paper's twelve in its order, then the variants.</summary>
    public static IReadOnlyList<(BackboneSpec Spec, Func<int, Architecture> Build)> All { get; } =
    [
        (new("squeezenet1_1", "SqueezeNet", new(335, 255), new(227, 227), 512, 1_235_496, 18, ImageNet), SqueezeNet.V11),
        (new("inception_v3", "InceptionV3", new(331, 267), new(299, 299), 2048, 23_834_568, 48, Symmetric), InceptionV3.V3),
        (new("resnet18", "ResNet18", new(349, 253), new(224, 224), 512, 11_689_512, 18, ImageNet), ResNet.R18),
        (new("resnet50", "ResNet50", new(349, 253), new(224, 224), 2048, 25_557_032, 50, ImageNet), ResNet.R50),
        (new("resnet101", "ResNet101", new(349, 253), new(224, 224), 2048, 44_549_160, 101, ImageNet), ResNet.R101),
        (new("resnext50_32x4d", "ResNeXt50", new(349, 253), new(224, 224), 2048, 25_028_904, 50, ImageNet), ResNet.X50),
        (new("resnext101_32x8d", "ResNeXt101", new(349, 253), new(224, 224), 2048, 88_791_336, 101, ImageNet), ResNet.X101),
        (new("xception", "Xception", new(327, 231), new(299, 299), 2048, 22_855_952, 71, Symmetric), Xception.Network),
        (new("shufflenet_v2_x1_0", "ShuffleNet", new(321, 225), new(224, 224), 1024, 2_278_604, 51, ImageNet), ShuffleNetV2.X10),
        (new("densenet121", "DenseNet121", new(349, 253), new(224, 224), 1024, 7_978_856, 121, ImageNet), DenseNet.D121),
        (new("densenet169", "DenseNet169", new(349, 253), new(224, 224), 1664, 14_149_480, 169, ImageNet), DenseNet.D169),
        (new("densenet201", "DenseNet201", new(349, 253), new(224, 224), 1920, 20_013_928, 201, ImageNet), DenseNet.D201),
        (new("squeezenet1_0", "SqueezeNet 1.0", new(335, 255), new(227, 227), 512, 1_248_424, 18, ImageNet) { IsVariant = true }, SqueezeNet.V10),
    ];
}
