using CovidCt.Models.Blocks;
using static CovidCt.Models.Blocks.Steps;

namespace CovidCt.Models.Families;

/// <summary>
/// He et al., "Deep Residual Learning for Image Recognition", arXiv 1512.03385, table 1, and Xie et al., "Aggregated
/// Residual Transformations for Deep Neural Networks", arXiv 1611.05431, table 1. Keys and details as torchvision's:
/// a bottleneck's stride is in its 3×3 convolution.
/// </summary>
internal static class ResNet
{
    public static Architecture R18(int classes) => Network(classes, 512, Basic, [2, 2, 2, 2]);

    public static Architecture R50(int classes) => Network(classes, 2048, Bottleneck(groups: 1, groupWidth: 64), [3, 4, 6, 3]);

    public static Architecture R101(int classes) => Network(classes, 2048, Bottleneck(groups: 1, groupWidth: 64), [3, 4, 23, 3]);

    public static Architecture X50(int classes) => Network(classes, 2048, Bottleneck(groups: 32, groupWidth: 4), [3, 4, 6, 3]);

    public static Architecture X101(int classes) => Network(classes, 2048, Bottleneck(groups: 32, groupWidth: 8), [3, 4, 23, 3]);

    /// <summary>A residual block: channels in and out, stride, and the ReLU that ends it.</summary>
    private delegate Block Unit(int input, int output, int stride, Step relu);

    private static Block Basic(int input, int output, int stride, Step relu) => new(
        Residual(
            Chain(
                ("conv1", Conv(input, output, 3, stride, padding: 1)), ("bn1", Norm(output)), Relu,
                ("conv2", Conv(output, output, 3, padding: 1)), ("bn2", Norm(output))),
            Shortcut(input, output, stride)),
        relu);

    private static Unit Bottleneck(int groups, int groupWidth) => (input, output, stride, relu) =>
    {
        var width = output / 256 * groups * groupWidth;
        return new Block(
            Residual(
                Chain(
                    ("conv1", Conv(input, width, 1)), ("bn1", Norm(width)), Relu,
                    ("conv2", Conv(width, width, 3, stride, padding: 1, groups)), ("bn2", Norm(width)), Relu,
                    ("conv3", Conv(width, output, 1)), ("bn3", Norm(output))),
                Shortcut(input, output, stride)),
            relu);
    };

    private static Step Shortcut(int input, int output, int stride) =>
        input == output && stride == 1
            ? Identity
            : ("downsample", Sequence(Conv(input, output, 1, stride), Norm(output)));

    private static Block Stage(Unit unit, int input, int output, int blocks, int stride, bool last = false) => Sequence(
    [
        .. Enumerable.Range(0, blocks).Select(i => (Step)unit(
            i == 0 ? input : output,
            output,
            i == 0 ? stride : 1,
            last && i == blocks - 1 ? ReluCopy : Relu)),
    ]);

    private static Architecture Network(int classes, int features, Unit unit, int[] blocks) => new(
        Body: Chain(
            ("conv1", Conv(3, 64, 7, stride: 2, padding: 3)), ("bn1", Norm(64)), Relu,
            MaxPool(3, stride: 2, padding: 1),
            ("layer1", Stage(unit, 64, features / 8, blocks[0], stride: 1)),
            ("layer2", Stage(unit, features / 8, features / 4, blocks[1], stride: 2)),
            ("layer3", Stage(unit, features / 4, features / 2, blocks[2], stride: 2)),
            ("layer4", Stage(unit, features / 2, features, blocks[3], stride: 2, last: true))),
        Head: Chain(GlobalPool, ("fc", Linear(features, classes))),
        Classifier: "fc",
        Weights: path => path == "fc" ? InitialValues.PyTorchDefault : InitialValues.KaimingNormalFanOut,
        Biases: InitialValues.PyTorchDefault);
}
