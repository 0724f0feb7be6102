using CovidCt.Models.Blocks;
using CovidCt.Models.Folding;
using static TorchSharp.torch;

namespace CovidCt.Models.Onnx;

/// <summary>Writes folded steps as operators of a graph.</summary>
/// <param name="graph">The graph.</param>
internal sealed class OnnxSteps(OnnxGraph graph)
{
    /// <summary>A value of the graph.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Channels">How many channels it has.</param>
    internal readonly record struct Value(string Name, long Channels);

    /// <summary>Adds the operators that compute what a step does.</summary>
    /// <param name="step">A step of a network that is folded, with plain weights.</param>
    /// <param name="x">Its argument.</param>
    /// <exception cref="NotSupportedException">There is no rule for a step.</exception>
    public Value Write(Step step, Value x) => step switch
    {
        ChainStep chain => chain.Flat().Aggregate(x, (value, next) => Write(next, value)),
        IdentityStep => x,
        FoldedConvolution convolution => Relu(Convolution(convolution, x), convolution.EndsInRelu),
        FoldedNorm norm => Relu(Norm(norm, x), norm.EndsInRelu),
        FoldedLinear linear => Linear(linear, x),
        FoldedSum sum => Relu(Sum(Write(sum.Other, x), Convolution(sum.Last, Write(sum.Before, x))), sum.EndsInRelu),
        ResidualStep residual => Sum(Write(residual.First, x), Write(residual.Second, x)),
        ConcatStep concat => Concat([.. concat.Branches.Select(branch => Write(branch, x))]),
        InterleaveStep interleave => ByTurns(Write(interleave.First, x), Write(interleave.Second, x)),
        HalfStep half => Half(half.Which, x),
        ReluStep => Relu(x, true),
        MaxPoolStep pool => Pool("MaxPool", pool.Window, x, ("ceil_mode", pool.Ceil ? 1 : 0)),
        AvgPoolStep pool => Pool("AveragePool", pool.Window, x, ("count_include_pad", 1)),
        GlobalPoolStep => GlobalPool(x),
        _ => throw new NotSupportedException($"A {step.GetType().Name} can't be written as ONNX."),
    };

    /// <summary>Adds a convolution of given weights.</summary>
    /// <param name="weight">[outputs, inputs of a group, height, width].</param>
    /// <param name="bias">[outputs]; null is none.</param>
    /// <param name="geometry">How it goes over its input.</param>
    /// <param name="x">Its argument.</param>
    public Value Convolution(Tensor weight, Tensor? bias, ConvolutionGeometry geometry, Value x)
    {
        List<string> inputs = [x.Name, Constant(weight)];
        if (bias is not null)
        {
            inputs.Add(Constant(bias));
        }

        return new(
            graph.Add(
                "Conv", inputs,
                ("kernel_shape", weight.shape[2..]), ("strides", geometry.Stride),
                ("pads", (long[])[.. geometry.Padding, .. geometry.Padding]),
                ("dilations", geometry.Dilation), ("group", (int)geometry.Groups)),
            weight.shape[0]);
    }

    /// <summary>Adds numbers of the network, float32.</summary>
    public string Constant(Tensor values)
    {
        // The scope holds what is between, which could otherwise be collected while libtorch reads it.
        using var scope = NewDisposeScope();
        var plain = values.detach().cpu().to(ScalarType.Float32).contiguous();
        return graph.Constant(plain.data<float>().ToArray(), plain.shape);
    }

    private Value Convolution(FoldedConvolution convolution, Value x) =>
        Convolution(convolution.Weight, convolution.Bias, convolution.Geometry, x);

    private Value Relu(Value x, bool isThere) => isThere ? x with { Name = graph.Add("Relu", [x.Name]) } : x;

    // Runtimes know how to bring a batch norm into their layouts, and not a product and a sum.
    private Value Norm(FoldedNorm norm, Value x)
    {
        using var scale = norm.Scale.flatten();
        using var shift = norm.Shift.flatten();
        using var zero = zeros_like(shift);
        using var one = ones_like(scale);
        return x with
        {
            Name = graph.Add(
                "BatchNormalization", [x.Name, Constant(scale), Constant(shift), Constant(zero), Constant(one)], ("epsilon", 0f)),
        };
    }

    private Value Linear(FoldedLinear linear, Value x)
    {
        List<string> inputs = [x.Name, Constant(linear.Weight)];
        if (linear.Bias is { } bias)
        {
            inputs.Add(Constant(bias));
        }

        return new(graph.Add("Gemm", inputs, ("transB", 1)), linear.Weight.shape[0]);
    }

    private Value Sum(Value one, Value other) => one with { Name = graph.Add("Add", [one.Name, other.Name]) };

    private Value Concat(IReadOnlyList<Value> parts) =>
        new(graph.Add("Concat", [.. parts.Select(part => part.Name)], ("axis", 1)), parts.Sum(part => part.Channels));

    private Value ByTurns(Value one, Value other)
    {
        var order = Enumerable.Range(0, (int)one.Channels).SelectMany(channel => (long[])[channel, one.Channels + channel]).ToArray();
        var whole = Concat([one, other]);
        return whole with { Name = graph.Add("Gather", [whole.Name, graph.Integers(order)], ("axis", 1)) };
    }

    private Value Half(int which, Value x)
    {
        var half = x.Channels / 2;
        string[] inputs =
            [x.Name, graph.Integers(which * half), graph.Integers((which + 1) * half), graph.Integers(1)];
        return new(graph.Add("Slice", inputs), half);
    }

    private Value Pool(string operation, PoolWindow window, Value x, (string, object) rule) => x with
    {
        Name = graph.Add(
            operation, [x.Name],
            ("kernel_shape", Twice(window.Size)), ("strides", Twice(window.Stride)),
            ("pads", Enumerable.Repeat((long)window.Padding, 4).ToArray()),
            rule),
    };

    private Value GlobalPool(Value x) =>
        x with { Name = graph.Add("Flatten", [graph.Add("GlobalAveragePool", [x.Name])], ("axis", 1)) };

    private static long[] Twice(long size) => [size, size];
}
