using System.Globalization;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace CovidCt.Models.Blocks;

/// <summary>The words that the networks are written in: layers without initial values, and ways to combine them.</summary>
/// <remarks>
/// Every step keeps a channels-last input channels-last. Tensors between two steps are disposed as soon as the second
/// is done; what the backward pass needs, autograd keeps.
/// </remarks>
internal static class Steps
{
    /// <summary>A convolution; its weights have a shape and no values until <see cref="Backbone"/> draws them.</summary>
    public static nn.Module<Tensor, Tensor> Conv(int input, int output, int kernel, int stride = 1, int padding = 0, int groups = 1, bool bias = false) =>
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
    public static Step Relu { get; } = Function(x => x.relu_());

    /// <summary>ReLU into a new tensor: where the argument is read again, and last before a feature map.</summary>
    public static Step ReluCopy { get; } = Function(x => x.relu());

    /// <summary>The step that does nothing.</summary>
    public static Step Identity { get; } = Function(x => x);

    /// <summary>Global average pooling: [N, C, H, W] to [N, C].</summary>
    public static Step GlobalPool { get; } = Function(x => x.mean([2, 3]));

    public static Step MaxPool(int kernel, int stride, int padding = 0, bool ceil = false) =>
        Function(x => F.max_pool2d(x, kernel, stride, padding, ceil_mode: ceil));

    public static Step AvgPool(int kernel, int stride, int padding = 0) =>
        Function(x => F.avg_pool2d(x, kernel, stride, padding));

    /// <summary>A layer that is kept and saved, but not run.</summary>
    public static Step Unused(string key, nn.Module module) => new(x => x, [(key, module)], 0);

    /// <summary>One step after the other.</summary>
    public static Step Chain(params Step[] steps) => new(
        x =>
        {
            var y = x;
            foreach (var step in steps)
            {
                y = Replace(y, step.Run(y), keep: x);
            }

            return y;
        },
        [.. steps.SelectMany(step => step.Layers)],
        steps.Sum(step => step.Depth));

    /// <summary>A chain whose layers have their places, counted from 0, as keys: what PyTorch calls Sequential.</summary>
    public static Block Sequence(params Step[] steps) => new(
        [.. steps.Select((step, place) => new Step(step.Run, [.. step.Layers.Select(layer => (Number(place, layer.Key), layer.Module))], step.Depth))]);

    /// <summary>Several steps on the same tensor, their channels one behind the other.</summary>
    public static Step Concat(params Step[] branches) => new(
        x =>
        {
            var parts = Array.ConvertAll(branches, branch => branch.Run(x));
            var whole = cat(parts, 1);
            foreach (var part in parts)
            {
                Replace(part, whole, keep: x);
            }

            return whole;
        },
        [.. branches.SelectMany(branch => branch.Layers)],
        branches.Max(branch => branch.Depth));

    /// <summary>The sum of two steps on the same tensor, one of which may be <see cref="Identity"/>.</summary>
    /// <remarks>The sum is made in place of the other's output, which must be a tensor of its own.</remarks>
    public static Step Residual(Step first, Step second) => new(
        x =>
        {
            var (one, other) = (first.Run(x), second.Run(x));
            var (sum, term) = ReferenceEquals(one, x) ? (other, one) : (one, other);
            sum = Replace(sum, sum.add_(term), keep: x);
            Replace(term, sum, keep: x);
            return sum;
        },
        [.. first.Layers, .. second.Layers],
        Math.Max(first.Depth, second.Depth));

    /// <summary>A view of the first (0) or second (1) half of the channels.</summary>
    public static Step Half(int which) => Function(x => x.narrow(1, which * (x.shape[1] / 2), x.shape[1] / 2));

    /// <summary>Two steps on the same tensor, their channels by turns: a concatenation and a shuffle of two groups.</summary>
    public static Step Interleave(Step first, Step second) => new(
        x =>
        {
            using var one = first.Run(x);
            using var other = second.Run(x);
            return ByTurns(one, other);
        },
        [.. first.Layers, .. second.Layers],
        Math.Max(first.Depth, second.Depth));

    private static Tensor ByTurns(Tensor one, Tensor other)
    {
        using var scope = NewDisposeScope();
        // One copy either way: in a channels-last tensor a channel's neighbour is the next number, else the next plane.
        var shuffled = one.stride(1) == 1
            ? stack([one.permute(0, 2, 3, 1), other.permute(0, 2, 3, 1)], 4).flatten(3).permute(0, 3, 1, 2)
            : stack([one, other], 2).flatten(1, 2);
        return shuffled.MoveToOuterDisposeScope();
    }

    private static Step Function(Func<Tensor, Tensor> function) => new(function, [], 0);

    private static string Number(int place, string key) =>
        key.Length == 0 ? place.ToString(CultureInfo.InvariantCulture) : throw new ArgumentException($"'{key}' has a key of its own.");

    /// <summary>Disposes a tensor that another one replaces, unless they are one object or it is the caller's.</summary>
    private static Tensor Replace(Tensor old, Tensor next, Tensor keep)
    {
        if (!ReferenceEquals(old, next) && !ReferenceEquals(old, keep))
        {
            old.Dispose();
        }

        return next;
    }
}
