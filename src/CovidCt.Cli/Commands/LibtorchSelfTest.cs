using static TorchSharp.torch;

namespace CovidCt.Cli.Commands;

/// <summary>A convolution with known results, forward and backward, in the loaded libtorch.</summary>
/// <remarks>
/// That all symbols are there says nothing of the layout of the structures behind them; calls that pass vectors, optional
/// tensors and gradients do. The numbers are PyTorch's (tests/reference/make_self_test.py), whole and small enough for every
/// precision that a card may compute in.
/// </remarks>
internal static class LibtorchSelfTest
{
    private static readonly float[] Output = [39, 45, 57, 63, -18, -15, -9, -6];
    private static readonly float[] InputGradient = [-4, 31, -34, 3, 20, 58, 5, -5, -8];
    private static readonly float[] WeightGradient = [13, 17, 25, 29, 61, 75, 103, 117];
    private static readonly float[] BiasGradient = [4, 14];

    /// <summary>What came out otherwise than it should; null where all is as it should be.</summary>
    public static string? Failure(Device device)
    {
        try
        {
            using var scope = NewDisposeScope();
            var input = tensor([1f, 2, 3, 4, 5, 6, 7, 8, 9], 1, 1, 3, 3).to(device).requires_grad_(true);
            var weight = tensor([1f, -2, 3, 4, -1, 5, 2, -3], 2, 1, 2, 2).to(device).requires_grad_(true);
            var bias = tensor([10f, -20]).to(device).requires_grad_(true);
            var upstream = tensor([1f, 2, -3, 4, 5, -6, 7, 8], 1, 2, 2, 2).to(device);
            var output = nn.functional.conv2d(input, weight, bias);
            output.mul(upstream).sum().backward();
            return Differs("the convolution", output, Output)
                ?? Differs("its input's gradient", input.grad, InputGradient)
                ?? Differs("its weight's gradient", weight.grad, WeightGradient)
                ?? Differs("its bias's gradient", bias.grad, BiasGradient);
        }
        catch (Exception e) when (e is System.Runtime.InteropServices.ExternalException or InvalidOperationException
            or ArgumentException or EntryPointNotFoundException)
        {
            return e.Message.Split('\n')[0];
        }
    }

    private static string? Differs(string what, Tensor? result, float[] expected)
    {
        var values = result?.detach().cpu().contiguous().data<float>().ToArray() ?? [];
        return values.AsSpan().SequenceEqual(expected)
            ? null
            : $"{what} is [{string.Join(", ", values)}] in place of [{string.Join(", ", expected)}]";
    }
}
