using CovidCt.Models.Blocks;
using static CovidCt.Models.Blocks.Steps;

namespace CovidCt.Models.Families;

/// <summary>
/// Chollet, "Xception: Deep Learning with Depthwise Separable Convolutions", arXiv 1610.02357, figure 5. Keys and
/// details as timm's legacy_xception.
/// </summary>
internal static class Xception
{
    public static Architecture Network(int classes) => new(
        Body: Chain(
            ("conv1", Conv(3, 32, 3, stride: 2)), ("bn1", Norm(32)), Relu,
            ("conv2", Conv(32, 64, 3)), ("bn2", Norm(64)), Relu,
            ("block1", new Block(Residual(
                Projection(64, 128),
                ("rep", Sequence(Separable(64, 128), Norm(128), Relu, Separable(128, 128), Norm(128), Halve))))),
            ("block2", Narrowing(128, 256, 256)),
            ("block3", Narrowing(256, 728, 728)),
            ("block4", Middle()), ("block5", Middle()), ("block6", Middle()), ("block7", Middle()),
            ("block8", Middle()), ("block9", Middle()), ("block10", Middle()), ("block11", Middle()),
            ("block12", Narrowing(728, 728, 1024)),
            ("conv3", Separable(1024, 1536)), ("bn3", Norm(1536)), Relu,
            ("conv4", Separable(1536, 2048)), ("bn4", Norm(2048)), ReluCopy),
        Head: Chain(GlobalPool, ("fc", Linear(2048, classes))),
        Classifier: "fc",
        Weights: path => path == "fc" ? InitialValues.PyTorchDefault : InitialValues.KaimingNormalFanOut,
        Biases: InitialValues.PyTorchDefault);

    private static Step Halve => MaxPool(3, stride: 2, padding: 1);

    private static Block Middle() => new(
        Residual(
            Identity,
            ("rep", Sequence(
                ReluCopy, Separable(728, 728), Norm(728),
                Relu, Separable(728, 728), Norm(728),
                Relu, Separable(728, 728), Norm(728)))));

    private static Block Narrowing(int input, int middle, int output) => new(
        Residual(
            Projection(input, output),
            ("rep", Sequence(
                ReluCopy, Separable(input, middle), Norm(middle),
                Relu, Separable(middle, output), Norm(output),
                Halve))));

    private static Step Projection(int input, int output) =>
        Chain(("skip", Conv(input, output, 1, stride: 2)), ("skipbn", Norm(output)));

    private static Block Separable(int input, int output) => new(
        ("conv1", Conv(input, input, 3, padding: 1, groups: input)),
        ("pointwise", Conv(input, output, 1)));
}
