using CovidCt.Models.Blocks;
using CovidCt.Models.Folding;
using static TorchSharp.torch;

namespace CovidCt.Models.Onnx;

/// <summary>Writes folded steps as operators of a graph.</summary>
/// <param name="graph">The graph.</param>
internal class OnnxSteps(OnnxGraph graph) : IStepOperators<OnnxSteps.Value>
{
    /// <summary>A value of the graph.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Channels">How many channels it has.</param>
    /// <param name="Scale">The distance of two neighbours of its numbers; 0 where they are float32.</param>
    internal readonly record struct Value(string Name, long Channels, float Scale = 0);

    /// <summary>The graph.</summary>
    protected OnnxGraph Graph => graph;

    /// <summary>Adds the operators that compute what steps do.</summary>
    /// <param name="step">A step of a network that is folded, with plain weights.</param>
    /// <param name="x">Its argument.</param>
    /// <exception cref="NotSupportedException">There is no rule for a step.</exception>
    public Value Write(Step step, Value x) => new StepReader<Value>(this).Read(step, x);

    /// <inheritdoc/>
    public Value Apply(Step step, Value x) => step switch
    {
        FoldedConvolution convolution => Relu(
            Convolution(convolution.Weight, convolution.Bias, convolution.Geometry, x), convolution.EndsInRelu),
        FoldedNorm norm => Norm(norm, x),
        FoldedLinear linear => Linear(linear, x),
        HalfStep half => Half(half.Which, x),
        ReluStep => Rectified(x),
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
        return new(
            graph.Add(
                "Conv", [x.Name, .. Weights(weight, bias, x)],
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

    /// <summary>Adds the weights and the bias of a convolution.</summary>
    protected virtual IReadOnlyList<string> Weights(Tensor weight, Tensor? bias, Value x) =>
        bias is null ? [Constant(weight)] : [Constant(weight), Constant(bias)];

    /// <summary>Adds a ReLU, if it is there.</summary>
    protected Value Relu(Value x, bool isThere) => isThere ? x with { Name = graph.Add("Relu", [x.Name]) } : x;

    /// <summary>Adds a ReLU that follows no layer.</summary>
    protected virtual Value Rectified(Value x) => Relu(x, isThere: true);

    // Runtimes know how to bring a batch norm into their layouts, and not a product and a sum.
    /// <summary>Adds a batch norm that follows no convolution.</summary>
    protected virtual Value Norm(FoldedNorm norm, Value x)
    {
        using var scale = norm.Scale.flatten();
        using var shift = norm.Shift.flatten();
        using var zero = zeros_like(shift);
        using var one = ones_like(scale);
        var normalised = graph.Add(
            "BatchNormalization", [x.Name, Constant(scale), Constant(shift), Constant(zero), Constant(one)], ("epsilon", 0f));
        return Relu(x with { Name = normalised }, norm.EndsInRelu);
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

    /// <inheritdoc/>
    public Value Sum(Value one, Value other, bool relu) => Relu(one with { Name = graph.Add("Add", [one.Name, other.Name]) }, relu);

    /// <inheritdoc/>
    public Value Concat(IReadOnlyList<Value> parts) =>
        new(graph.Add("Concat", [.. parts.Select(part => part.Name)], ("axis", 1)), parts.Sum(part => part.Channels));

    /// <inheritdoc/>
    public Value ByTurns(Value halves)
    {
        var half = halves.Channels / 2;
        var order = Enumerable.Range(0, (int)half).SelectMany(channel => (long[])[channel, half + channel]).ToArray();
        return halves with { Name = graph.Add("Gather", [halves.Name, graph.Integers(order)], ("axis", 1)) };
    }

    /// <inheritdoc/>
    public virtual Value Keep(Value value, int range) => value;

    /// <inheritdoc/>
    public void Unite(int one, int other)
    {
        // The ranges of a graph that is written are known.
    }

    /// <summary>Adds the choice of the first (0) or the second (1) half of the channels.</summary>
    protected virtual Value Half(int which, Value x)
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
