using CovidCt.Models.Blocks;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace CovidCt.Models.Folding;

/// <summary>A step with weights of its own, which never change.</summary>
/// <param name="original">The weights that its own are made of.</param>
internal abstract class FoldedLayer(Tensor original) : Step, IDisposable
{
    /// <summary>Where the weights are.</summary>
    public Device Device { get; } = original.device;

    /// <summary>The type of the weights.</summary>
    public ScalarType Type { get; } = original.dtype;

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>
    /// What a batch norm does in evaluation mode, as a factor and a summand a channel, float64: Ioffe and Szegedy, arXiv 1502.03167,
    /// algorithm 2, line 11.
    /// </summary>
    protected static (Tensor Scale, Tensor Shift) Affine(BatchNorm2d norm)
    {
        var scale = Double(norm.weight) / (Double(norm.running_var!) + norm.eps).sqrt();
        return (scale, Double(norm.bias!) - (Double(norm.running_mean!) * scale));
    }

    /// <summary>A copy, float64.</summary>
    protected static Tensor Double(Tensor values) => values.detach().to(ScalarType.Float64, copy: true);

    /// <summary>Brings what was computed in float64 to the weights' type, and out of the scope of the computation.</summary>
    protected Tensor Keep(Tensor values) => values.to(Type).DetachFromDisposeScope();
}

/// <summary>A batch norm that follows no convolution, as a product and a sum, and the ReLU behind it.</summary>
internal sealed class FoldedNorm : FoldedLayer
{
    public FoldedNorm(BatchNorm2d norm, bool relu) : base(norm.weight)
    {
        using var scope = NewDisposeScope();
        EndsInRelu = relu;
        var (scale, shift) = Affine(norm);
        Scale = Keep(scale.reshape(1, -1, 1, 1));
        Shift = Keep(shift.reshape(1, -1, 1, 1));
    }

    /// <summary>A factor a channel, [1, C, 1, 1].</summary>
    public Tensor Scale { get; }

    /// <summary>A summand a channel, [1, C, 1, 1].</summary>
    public Tensor Shift { get; }

    /// <summary>Whether a ReLU is part of it.</summary>
    public bool EndsInRelu { get; }

    public override Tensor Run(Tensor x)
    {
        var y = Shift.addcmul(x, Scale, 1);
        return EndsInRelu ? y.relu_() : y;
    }

    public override void Dispose()
    {
        Scale.Dispose();
        Shift.Dispose();
    }
}

/// <summary>A linear layer.</summary>
internal sealed class FoldedLinear : FoldedLayer
{
    public FoldedLinear(Linear linear) : base(linear.weight)
    {
        using var scope = NewDisposeScope();
        Weight = linear.weight.detach().clone().DetachFromDisposeScope();
        Bias = linear.bias?.detach().clone().DetachFromDisposeScope();
    }

    /// <summary>[outputs, inputs].</summary>
    public Tensor Weight { get; }

    /// <summary>[outputs].</summary>
    public Tensor? Bias { get; }

    public override int Depth => 1;

    public override Tensor Run(Tensor x) => F.linear(x, Weight, Bias);

    public override void Dispose()
    {
        Weight.Dispose();
        Bias?.Dispose();
    }
}
