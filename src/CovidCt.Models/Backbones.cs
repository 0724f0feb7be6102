using CovidCt.Models.Families;
using CovidCt.Networks;

namespace CovidCt.Models;

/// <summary>How each network of the catalogue is built, from its number of classes.</summary>
internal static class Backbones
{
    private static readonly Dictionary<string, Func<int, Architecture>> Builders = new(StringComparer.Ordinal)
    {
        ["squeezenet1_1"] = classes => SqueezeNet.V11(classes),
        ["inception_v3"] = InceptionV3.V3,
        ["resnet18"] = ResNet.R18,
        ["resnet50"] = ResNet.R50,
        ["resnet101"] = ResNet.R101,
        ["resnext50_32x4d"] = ResNet.X50,
        ["resnext101_32x8d"] = ResNet.X101,
        ["xception"] = Xception.Network,
        ["shufflenet_v2_x1_0"] = ShuffleNetV2.X10,
        ["densenet121"] = DenseNet.D121,
        ["densenet169"] = DenseNet.D169,
        ["densenet201"] = DenseNet.D201,
        ["squeezenet1_0"] = classes => SqueezeNet.V10(classes),
    };

    private static readonly Dictionary<string, Func<int, Architecture>> LinearBuilders = new(StringComparer.Ordinal)
    {
        ["squeezenet1_1"] = classes => SqueezeNet.V11(classes, isLinear: true),
        ["squeezenet1_0"] = classes => SqueezeNet.V10(classes, isLinear: true),
    };

    /// <summary>The networks in the catalogue's order.</summary>
    public static IReadOnlyList<(BackboneSpec Spec, Func<int, Architecture> Build)> All { get; } =
        [.. BackboneSpec.All.Select(spec => (spec, Builders[spec.Name]))];

    /// <summary>Those of them that rectify their scores, without that ReLU, under <see cref="BackboneSpec.LinearName"/>.</summary>
    public static IReadOnlyList<(BackboneSpec Spec, Func<int, Architecture> Build)> Linear { get; } =
        [.. BackboneSpec.All.Where(spec => spec.RectifiesScores)
            .Select(spec => (spec with { Name = spec.LinearName, RectifiesScores = false }, LinearBuilders[spec.Name]))];
}
