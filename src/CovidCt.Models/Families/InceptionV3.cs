using CovidCt.Models.Blocks;
using static CovidCt.Models.Blocks.Steps;
using static TorchSharp.torch;

namespace CovidCt.Models.Families;

/// <summary>
/// Szegedy et al., "Rethinking the Inception Architecture for Computer Vision", arXiv 1512.00567, table 1. Keys and
/// details as torchvision's, the auxiliary head included, which is kept and saved but not run.
/// </summary>
internal static class InceptionV3
{
    public static Architecture V3(int classes) => new(
        Body: Chain(
            Conv("Conv2d_1a_3x3", 3, 32, 3, stride: 2),
            Conv("Conv2d_2a_3x3", 32, 32, 3),
            Conv("Conv2d_2b_3x3", 32, 64, 3, padding: 1),
            MaxPool(3, stride: 2),
            Conv("Conv2d_3b_1x1", 64, 80, 1),
            Conv("Conv2d_4a_3x3", 80, 192, 3),
            MaxPool(3, stride: 2),
            ("Mixed_5b", A(192, pooled: 32)), ("Mixed_5c", A(256, pooled: 64)), ("Mixed_5d", A(288, pooled: 64)),
            ("Mixed_6a", B(288)),
            ("Mixed_6b", C(128)), ("Mixed_6c", C(160)), ("Mixed_6d", C(160)), ("Mixed_6e", C(192)),
            Unused("AuxLogits", Auxiliary(classes)),
            ("Mixed_7a", D(768)),
            ("Mixed_7b", E(1280)), ("Mixed_7c", E(2048))),
        Head: Chain(GlobalPool, ("dropout", Dropout(0.5)), ("fc", Linear(2048, classes))),
        Classifier: "fc",
        Weights: path => InitialValues.TruncatedNormal(path == "AuxLogits.fc" ? 0.001 : 0.1),
        Biases: InitialValues.PyTorchDefault)
    {
        AuxiliaryHead = "AuxLogits",
        AuxiliaryClassifier = "AuxLogits.fc",
    };

    private static Block A(int input, int pooled) => new(
        Concat(
            Conv("branch1x1", input, 64, 1),
            Chain(Conv("branch5x5_1", input, 48, 1), Conv("branch5x5_2", 48, 64, 5, padding: 2)),
            Chain(
                Conv("branch3x3dbl_1", input, 64, 1),
                Conv("branch3x3dbl_2", 64, 96, 3, padding: 1),
                Conv("branch3x3dbl_3", 96, 96, 3, padding: 1)),
            Pooled(input, pooled)));

    private static Block B(int input) => new(
        Concat(
            Conv("branch3x3", input, 384, 3, stride: 2),
            Chain(
                Conv("branch3x3dbl_1", input, 64, 1),
                Conv("branch3x3dbl_2", 64, 96, 3, padding: 1),
                Conv("branch3x3dbl_3", 96, 96, 3, stride: 2)),
            MaxPool(3, stride: 2)));

    private static Block C(int width) => new(
        Concat(
            Conv("branch1x1", 768, 192, 1),
            Chain(Conv("branch7x7_1", 768, width, 1), Conv("branch7x7_2", width, width, (1, 7)), Conv("branch7x7_3", width, 192, (7, 1))),
            Chain(
                Conv("branch7x7dbl_1", 768, width, 1),
                Conv("branch7x7dbl_2", width, width, (7, 1)), Conv("branch7x7dbl_3", width, width, (1, 7)),
                Conv("branch7x7dbl_4", width, width, (7, 1)), Conv("branch7x7dbl_5", width, 192, (1, 7))),
            Pooled(768, 192)));

    private static Block D(int input) => new(
        Concat(
            Chain(Conv("branch3x3_1", input, 192, 1), Conv("branch3x3_2", 192, 320, 3, stride: 2)),
            Chain(
                Conv("branch7x7x3_1", input, 192, 1),
                Conv("branch7x7x3_2", 192, 192, (1, 7)), Conv("branch7x7x3_3", 192, 192, (7, 1)),
                Conv("branch7x7x3_4", 192, 192, 3, stride: 2)),
            MaxPool(3, stride: 2)));

    private static Block E(int input) => new(
        Concat(
            Conv("branch1x1", input, 320, 1),
            Chain(
                Conv("branch3x3_1", input, 384, 1),
                Concat(Conv("branch3x3_2a", 384, 384, (1, 3)), Conv("branch3x3_2b", 384, 384, (3, 1)))),
            Chain(
                Conv("branch3x3dbl_1", input, 448, 1), Conv("branch3x3dbl_2", 448, 384, 3, padding: 1),
                Concat(Conv("branch3x3dbl_3a", 384, 384, (1, 3)), Conv("branch3x3dbl_3b", 384, 384, (3, 1)))),
            Pooled(input, 192)));

    private static Step Pooled(int input, int output) => Chain(AvgPool(3, stride: 1, padding: 1), Conv("branch_pool", input, output, 1));

    private static Block Auxiliary(int classes) => new(
        AvgPool(5, stride: 3), Conv("conv0", 768, 128, 1), Conv("conv1", 128, 768, 5), GlobalPool, ("fc", Linear(768, classes)));

    private static Step Conv(string key, int input, int output, int kernel, int stride = 1, int padding = 0) =>
        Unit(key, Steps.Conv(input, output, kernel, stride, padding), output);

    private static Step Conv(string key, int input, int output, (int Height, int Width) kernel) =>
        Unit(key, Steps.Conv(input, output, kernel), output);

    private static Step Unit(string key, nn.Module<Tensor, Tensor> conv, int output) =>
        (key, new Block(("conv", conv), ("bn", Norm(output, eps: 0.001)), Relu));
}
