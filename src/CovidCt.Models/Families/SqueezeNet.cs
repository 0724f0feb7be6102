using CovidCt.Models.Blocks;
using static CovidCt.Models.Blocks.Steps;

namespace CovidCt.Models.Families;

/// <summary>
/// Iandola et al., "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and &lt;0.5MB model size",
/// arXiv 1602.07360, table 1; version 1.1 is the authors' later one. Keys and details as torchvision's.
/// </summary>
internal static class SqueezeNet
{
    public static Architecture V10(int classes, bool isLinear = false) => Network(
        Sequence(
            Conv(3, 96, 7, stride: 2, bias: true), Relu, Pool,
            Fire(96, 16, 64), Fire(128, 16, 64), Fire(128, 32, 128), Pool,
            Fire(256, 32, 128), Fire(256, 48, 192), Fire(384, 48, 192), Fire(384, 64, 256), Pool,
            Fire(512, 64, 256)),
        classes,
        isLinear);

    public static Architecture V11(int classes, bool isLinear = false) => Network(
        Sequence(
            Conv(3, 64, 3, stride: 2, bias: true), Relu, Pool,
            Fire(64, 16, 64), Fire(128, 16, 64), Pool,
            Fire(128, 32, 128), Fire(256, 32, 128), Pool,
            Fire(256, 48, 192), Fire(384, 48, 192), Fire(384, 64, 256), Fire(512, 64, 256)),
        classes,
        isLinear);

    private static Step Pool => MaxPool(3, stride: 2, ceil: true);

    private static Block Fire(int input, int squeeze, int expand) => new(
        ("squeeze", Conv(input, squeeze, 1, bias: true)), Relu,
        Concat(
            Chain(("expand1x1", Conv(squeeze, expand, 1, bias: true)), Relu),
            Chain(("expand3x3", Conv(squeeze, expand, 3, padding: 1, bias: true)), Relu)));

    private static Architecture Network(Block features, int classes, bool isLinear) => new(
        Body: ("features", features),
        Head: ("classifier", isLinear
            ? Sequence(Dropout(0.5), Conv(512, classes, 1, bias: true), GlobalPool)
            : Sequence(Dropout(0.5), Conv(512, classes, 1, bias: true), Relu, GlobalPool)),
        Classifier: "classifier.1",
        Weights: path => path == "classifier.1" ? InitialValues.Normal(0.01) : InitialValues.KaimingUniform,
        Biases: InitialValues.Zero);
}
