using CovidCt.Models.Folding;
using static TorchSharp.torch;

namespace CovidCt.Models.Onnx;

/// <summary>
/// Writes folded steps as operators of a graph that compute in whole numbers of 8 bits, in ONNX's form for it: float32 operators with
/// QuantizeLinear and DequantizeLinear between them, which runtimes make one integer operator of each. Weights are symmetric, a scale a
/// channel, sums of 32 bits: Wu et al., arXiv 2004.09602, section 3.
/// </summary>
/// <param name="graph">The graph.</param>
/// <param name="ranges">Those of the values, as <see cref="RangeObserver"/> found them.</param>
internal sealed class QuantisedSteps(OnnxGraph graph, IReadOnlyList<QuantisedRange> ranges) : OnnxSteps(graph)
{
    private const double MostWeight = 127, MostBias = 1 << 30;

    private readonly Dictionary<string, IReadOnlyList<string>> _halves = [];

    /// <inheritdoc/>
    public override Value Keep(Value value, int range)
    {
        var (scale, zero) = ranges[range];
        string[] parameters = [Graph.Constant(scale), Graph.Bytes([zero])];
        var whole = Graph.Add("QuantizeLinear", [value.Name, .. parameters]);
        return value with { Name = Graph.Add("DequantizeLinear", [whole, .. parameters]), Scale = scale };
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Weights(Tensor weight, Tensor? bias, Value x)
    {
        using var scope = NewDisposeScope();
        var most = weight.detach().cpu().to(ScalarType.Float64).flatten(1).abs().amax([1]);
        var sums = (bias ?? zeros_like(most)).detach().cpu().to(ScalarType.Float64);

        // Where weights are next to nothing beside the bias, they are made coarser, for it has to fit into 32 bits.
        var scales = maximum(most / MostWeight, sums.abs() / (MostBias * x.Scale)).clamp_min(1e-30).to(ScalarType.Float32);
        return bias is null ? [Whole(weight, scales, ScalarType.Int8)]
            : [Whole(weight, scales, ScalarType.Int8), Whole(sums, scales * x.Scale, ScalarType.Int32)];
    }

    // A batch norm is a convolution of each channel by itself, with a weight that is its own scale.
    /// <inheritdoc/>
    protected override Value Norm(FoldedNorm norm, Value x) => Relu(
        Convolution(
            norm.Scale.reshape(-1, 1, 1, 1), norm.Shift.flatten(), new([1, 1], [0, 0], [1, 1], x.Channels), x),
        norm.EndsInRelu);

    /// <inheritdoc/>
    protected override Value Half(int which, Value x)
    {
        if (!_halves.TryGetValue(x.Name, out var halves))
        {
            _halves[x.Name] = halves = Graph.Add("Split", [x.Name], results: 2, ("axis", 1));
        }

        return new(halves[which], x.Channels / 2);
    }

    private string Whole(Tensor values, Tensor scales, ScalarType type)
    {
        long[] shape = [-1, .. Enumerable.Repeat(1L, (int)values.dim() - 1)];
        var limit = type == ScalarType.Int8 ? MostWeight : int.MaxValue;
        var whole = (values.detach().cpu().to(ScalarType.Float64) / scales.to(ScalarType.Float64).reshape(shape)).round().clamp(-limit, limit).to(type).contiguous();
        return Graph.Add(
            "DequantizeLinear",
            [
                type == ScalarType.Int8 ? Graph.Bytes(whole.data<sbyte>().ToArray(), whole.shape) : Graph.Integers(whole.data<int>().ToArray(), whole.shape),
                Constant(scales),
                type == ScalarType.Int8 ? Graph.Bytes(new sbyte[scales.shape[0]], scales.shape) : Graph.Integers(new int[scales.shape[0]], scales.shape),
            ],
            ("axis", 0));
    }
}
