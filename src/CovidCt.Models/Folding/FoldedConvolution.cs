using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace CovidCt.Models.Folding;

/// <summary>A convolution with the batch norm and the ReLU behind it.</summary>
/// <remarks>
/// On the CPU the weights are packed by the first call, in the way that is best for its input; they are right for inputs
/// of other sizes too.
/// </remarks>
internal sealed class FoldedConvolution : FoldedLayer
{
    private readonly ConvolutionGeometry _geometry;
    private readonly Tensor _bias;
    private readonly Lock _packing = new();
    private Tensor _weight;
    private volatile bool _packed;

    public FoldedConvolution(Conv2d convolution, BatchNorm2d? norm, bool relu, bool fused) : base(convolution.weight)
    {
        using var scope = NewDisposeScope();
        EndsInRelu = relu;
        _geometry = new(convolution.stride, convolution.padding!, convolution.dilation, convolution.groups);
        var weight = Double(convolution.weight);
        var bias = convolution.bias is null ? zeros(weight.shape[0], ScalarType.Float64, Device) : Double(convolution.bias);
        if (norm is not null)
        {
            var (scale, shift) = Affine(norm);
            weight = weight * scale.reshape(-1, 1, 1, 1);
            bias = (bias * scale) + shift;
        }

        _weight = Keep(weight.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2));
        _bias = Keep(bias);
        IsFused = fused && Device.type == TorchSharp.DeviceType.CPU && Type == ScalarType.Float32 && FusedOperators.AreAvailable;
    }

    /// <summary>Whether a ReLU is part of it.</summary>
    public bool EndsInRelu { get; }

    public override int Depth => 1;

    private bool IsFused { get; }

    public override Tensor Run(Tensor x)
    {
        if (IsFused)
        {
            return FusedOperators.Convolution(x, Weight(x), _bias, _geometry, EndsInRelu);
        }

        var y = F.conv2d(x, _weight, _bias, _geometry.Stride, _geometry.Padding, _geometry.Dilation, _geometry.Groups);
        return EndsInRelu ? y.relu_() : y;
    }

    /// <summary>Adds the convolution of <paramref name="x"/> to a tensor in place.</summary>
    public void AddTo(Tensor sum, Tensor x)
    {
        if (IsFused)
        {
            FusedOperators.AddConvolution(sum, x, Weight(x), _bias, _geometry);
        }
        else
        {
            using var y = Run(x);
            sum.add_(y);
        }
    }

    public override void Dispose()
    {
        _weight.Dispose();
        _bias.Dispose();
    }

    private Tensor Weight(Tensor x)
    {
        if (!_packed)
        {
            lock (_packing)
            {
                if (!_packed)
                {
                    using var plain = _weight;
                    _weight = FusedOperators.Pack(plain, _geometry, x.shape).DetachFromDisposeScope();
                    _packed = true;
                }
            }
        }

        return _weight;
    }
}

/// <summary>How a convolution goes over its input.</summary>
/// <param name="Stride">Down and across.</param>
/// <param name="Padding">Down and across, on both sides.</param>
/// <param name="Dilation">Down and across.</param>
/// <param name="Groups">Channels are convolved in so many groups.</param>
internal sealed record ConvolutionGeometry(long[] Stride, long[] Padding, long[] Dilation, long Groups);
