using System.Globalization;
using static TorchSharp.torch;

namespace CovidCt.Models.Blocks;

/// <summary>The words that the networks are written in: layers without initial values, and ways to combine them.</summary>
/// <remarks>
/// Every step keeps a channels-last input channels-last. Tensors between two steps are disposed as soon as the second
/// is done; what the backward pass needs, autograd keeps.
/// </remarks>
internal static class Steps
{
    /// <summary>A convolution; its weights have a shape and no values until <see cref="Backbone"/> draws them.</summary>
    public static nn.Module<Tensor, Tensor> Conv(
        int input, int output, int kernel, int stride = 1, int padding = 0, int groups = 1, bool bias = false) =>
        nn.Conv2d(input, output, kernel, stride, padding, groups: groups, bias: bias, device: META);

    /// <summary>A convolution with an oblong kernel, padded so that the size stays.</summary>
    public static nn.Module<Tensor, Tensor> Conv(int input, int output, (int Height, int Width) kernel) =>
        nn.Conv2d(input, output, (kernel.Height, kernel.Width), padding: (kernel.Height / 2, kernel.Width / 2), bias: false, device: META);

    /// <summary>Batch normalisation.</summary>
    public static nn.Module<Tensor, Tensor> Norm(int channels, double eps = 1e-5) => nn.BatchNorm2d(channels, eps);

    /// <summary>A linear layer; its weights have a shape and no values until <see cref="Backbone"/> draws them.</summary>
    public static nn.Module<Tensor, Tensor> Linear(int input, int output) => nn.Linear(input, output, device: META);

    /// <summary>Dropout, from the global generator.</summary>
    public static nn.Module<Tensor, Tensor> Dropout(double p) => nn.Dropout(p);

    /// <summary>ReLU in place: for the output of a layer that nothing else reads.</summary>
    public static Step Relu { get; } = new ReluStep(inPlace: true);

    /// <summary>ReLU into a new tensor: where the argument is read again, and last before a feature map.</summary>
    public static Step ReluCopy { get; } = new ReluStep(inPlace: false);

    /// <summary>The step that does nothing.</summary>
    public static Step Identity { get; } = new IdentityStep();

    /// <summary>Global average pooling: [N, C, H, W] to [N, C].</summary>
    public static Step GlobalPool { get; } = new GlobalPoolStep();

    public static Step MaxPool(int kernel, int stride, int padding = 0, bool ceil = false) =>
        new MaxPoolStep(new(kernel, stride, padding), ceil);

    public static Step AvgPool(int kernel, int stride, int padding = 0) =>
        new AvgPoolStep(new(kernel, stride, padding));

    /// <summary>A layer that is kept and saved, but not run.</summary>
    public static Step Unused(string key, nn.Module module) => new UnusedStep(key, module);

    /// <summary>One step after the other.</summary>
    public static Step Chain(params Step[] steps) => new ChainStep(steps);

    /// <summary>A chain whose layers have their places, counted from 0, as keys: what PyTorch calls Sequential.</summary>
    public static Block Sequence(params Step[] steps) => new([.. steps.Select((step, place) => Numbered(step, place))]);

    /// <inheritdoc cref="ConcatStep"/>
    public static Step Concat(params Step[] branches) => new ConcatStep(branches);

    /// <inheritdoc cref="ResidualStep"/>
    public static Step Residual(Step first, Step second) => new ResidualStep(first, second);

    /// <summary>A view of the first (0) or second (1) half of the channels.</summary>
    public static Step Half(int which) => new HalfStep(which);

    /// <inheritdoc cref="InterleaveStep"/>
    public static Step Interleave(Step first, Step second) => new InterleaveStep(first, second);

    private static Step Numbered(Step step, int place) => step switch
    {
        LayerStep { Key: "" } layer => (place.ToString(CultureInfo.InvariantCulture), layer.Module),
        { Layers: [] } => step,
        _ => throw new ArgumentException($"'{step.Layers[0].Key}' has a key of its own."),
    };
}
