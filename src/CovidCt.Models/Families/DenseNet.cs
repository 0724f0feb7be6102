using CovidCt.Models.Blocks;
using static CovidCt.Models.Blocks.Steps;

namespace CovidCt.Models.Families;

/// <summary>
/// Huang et al., "Densely Connected Convolutional Networks", arXiv 1608.06993, table 1, with growth rate 32. Keys and
/// details as torchvision's.
/// </summary>
internal static class DenseNet
{
    private const int Growth = 32;
    private const int Bottleneck = 4 * Growth;

    public static Architecture D121(int classes) => Network(classes, [6, 12, 24, 16]);

    public static Architecture D169(int classes) => Network(classes, [6, 12, 32, 32]);

    public static Architecture D201(int classes) => Network(classes, [6, 12, 48, 32]);

    private static Architecture Network(int classes, int[] blocks)
    {
        var channels = 64;
        List<Step> features =
            [("conv0", Conv(3, channels, 7, stride: 2, padding: 3)), ("norm0", Norm(channels)), Relu, MaxPool(3, stride: 2, padding: 1)];
        for (var i = 1; i <= blocks.Length; i++)
        {
            var layers = blocks[i - 1];
            features.Add(($"denseblock{i}", Dense(channels, layers)));
            channels += layers * Growth;
            if (i < blocks.Length)
            {
                features.Add(($"transition{i}", Transition(channels)));
                channels /= 2;
            }
        }

        features.Add(("norm5", Norm(channels)));
        return new(
            Body: Chain(("features", new Block([.. features])), ReluCopy),
            Head: Chain(GlobalPool, ("classifier", Linear(channels, classes))),
            Classifier: "classifier",
            Weights: path => path == "classifier" ? InitialValues.PyTorchDefault : InitialValues.KaimingNormalFanIn,
            Biases: InitialValues.Zero);
    }

    /// <summary>Layers that each add <see cref="Growth"/> channels to all those before them.</summary>
    private static Block Dense(int input, int layers) => new(
        [.. Enumerable.Range(0, layers).Select(i => (Step)($"denselayer{i + 1}", Layer(input + (i * Growth))))]);

    private static Block Layer(int input) => new(
        Concat(
            Identity,
            Chain(
                ("norm1", Norm(input)), Relu, ("conv1", Conv(input, Bottleneck, 1)),
                ("norm2", Norm(Bottleneck)), Relu, ("conv2", Conv(Bottleneck, Growth, 3, padding: 1)))));

    private static Block Transition(int input) => new(
        ("norm", Norm(input)), Relu, ("conv", Conv(input, input / 2, 1)), AvgPool(2, stride: 2));
}
