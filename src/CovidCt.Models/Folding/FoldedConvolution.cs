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
    private readonly Lock _packing = new();
    private Tensor _weight;
    private volatile bool _packed;

    public FoldedConvolution(Conv2d convolution, BatchNorm2d? norm, bool relu, bool fused) : base(convolution.weight)
    {
        using var scope = NewDisposeScope();
        EndsInRelu = relu;
        Geometry = new(convolution.stride, convolution.padding!, convolution.dilation, convolution.groups);
        var weight = Double(convolution.weight);
        var bias = convolution.bias is null ? zeros(weight.shape[0], ScalarType.Float64, Device) : Double(convolution.bias);
        if (norm is not null)
        {
            var (scale, shift) = Affine(norm);
            weight = weight * scale.reshape(-1, 1, 1, 1);
            bias = (bias * scale) + shift;
        }

        _weight = Keep(weight.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2));
        Bias = Keep(bias);
        IsFused = fused && Device.type == TorchSharp.DeviceType.CPU && Type == ScalarType.Float32 && FusedOperators.AreAvailable;
    }

    /// <summary>Whether a ReLU is part of it.</summary>
    public bool EndsInRelu { get; }

    /// <summary>How it goes over its input.</summary>
    public ConvolutionGeometry Geometry { get; }

    /// <summary>[outputs, inputs of a group, height, width], as long as they are not packed.</summary>
    public Tensor Weight => _packed ? throw new InvalidOperationException("The weights are packed.") : _weight;

    /// <summary>[outputs].</summary>
    public Tensor Bias { get; }

    public override int Depth => 1;

    private bool IsFused { get; }

    public override Tensor Run(Tensor x)
    {
        if (IsFused)
        {
            return FusedOperators.Convolution(x, Packed(x), Bias, Geometry, EndsInRelu);
        }

        var y = F.conv2d(x, _weight, Bias, Geometry.Stride, Geometry.Padding, Geometry.Dilation, Geometry.Groups);
        return EndsInRelu ? y.relu_() : y;
    }

    /// <summary>Adds the convolution of <paramref name="x"/> to a tensor in place.</summary>
    public void AddTo(Tensor sum, Tensor x)
    {
        if (IsFused)
        {
            FusedOperators.AddConvolution(sum, x, Packed(x), Bias, Geometry);
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
        Bias.Dispose();
    }

    private Tensor Packed(Tensor x)
    {
        if (!_packed)
        {
            lock (_packing)
            {
                if (!_packed)
                {
                    using var plain = _weight;
                    _weight = FusedOperators.Pack(plain, Geometry, x.shape).DetachFromDisposeScope();
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
