using CovidCt.Models.Blocks;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace CovidCt.Models.MixedPrecision;

/// <summary>A layer that computes in the type of its weights, whatever it is given.</summary>
internal abstract class MixedLayer(RoundedParameter weight, RoundedParameter? bias) : Step
{
    public override int Depth => 1;

    protected Tensor Weight => weight.Value;

    protected Tensor? Bias => bias?.Value;

    public override Tensor Run(Tensor x)
    {
        if (x.dtype == Weight.dtype)
        {
            return Compute(x);
        }

        using var rounded = x.to_type(Weight.dtype);
        return Compute(rounded);
    }

    protected abstract Tensor Compute(Tensor x);
}

/// <summary>A convolution.</summary>
internal sealed class MixedConvolution(Conv2d convolution, RoundedParameter weight, RoundedParameter? bias) : MixedLayer(weight, bias)
{
    private readonly long[] _stride = convolution.stride, _padding = convolution.padding!, _dilation = convolution.dilation;
    private readonly long _groups = convolution.groups;

    protected override Tensor Compute(Tensor x) => F.conv2d(x, Weight, Bias, _stride, _padding, _dilation, _groups);
}

/// <summary>A linear layer.</summary>
internal sealed class MixedLinear(RoundedParameter weight, RoundedParameter? bias) : MixedLayer(weight, bias)
{
    protected override Tensor Compute(Tensor x) => F.linear(x, Weight, Bias);
}
