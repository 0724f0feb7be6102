using CovidCt.Models.Blocks;
using static CovidCt.Models.Blocks.Steps;

namespace CovidCt.Models.Families;

/// <summary>
/// Ma et al., "ShuffleNet V2: Practical Guidelines for Efficient CNN Architecture Design", arXiv 1807.11164, table 5.
/// Keys and details as torchvision's.
/// </summary>
internal static class ShuffleNetV2
{
    public static Architecture X10(int classes) => new(
        Body: Chain(
            ("conv1", Sequence(Conv(3, 24, 3, stride: 2, padding: 1), Norm(24), Relu)),
            MaxPool(3, stride: 2, padding: 1),
            ("stage2", Stage(24, 116, units: 4)),
            ("stage3", Stage(116, 232, units: 8)),
            ("stage4", Stage(232, 464, units: 4)),
            ("conv5", Sequence(Conv(464, 1024, 1), Norm(1024), ReluCopy))),
        Head: Chain(GlobalPool, ("fc", Linear(1024, classes))),
        Classifier: "fc",
        Weights: _ => InitialValues.PyTorchDefault,
        Biases: InitialValues.PyTorchDefault);

    private static Block Stage(int input, int output, int units) =>
        Sequence([Narrowing(input, output / 2), .. Enumerable.Range(1, units - 1).Select(_ => (Step)Split(output / 2))]);

    private static Block Split(int width) => new(
        Interleave(
            Half(0),
            Chain(Half(1), ("branch2", Branch(width, width, stride: 1)))));

    private static Block Narrowing(int input, int width) => new(
        Interleave(
            ("branch1", Sequence(Depthwise(input, stride: 2), Norm(input), Conv(input, width, 1), Norm(width), Relu)),
            ("branch2", Branch(input, width, stride: 2))));

    private static Block Branch(int input, int width, int stride) => Sequence(
        Conv(input, width, 1), Norm(width), Relu,
        Depthwise(width, stride), Norm(width),
        Conv(width, width, 1), Norm(width), Relu);

    private static Step Depthwise(int channels, int stride) => Conv(channels, channels, 3, stride, padding: 1, groups: channels);
}
