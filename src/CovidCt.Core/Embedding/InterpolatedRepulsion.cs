using CovidCt.Embedding.OnDevice;
using static TorchSharp.torch;

namespace CovidCt.Embedding;

/// <summary>
/// The repulsion of t-SNE by interpolation on a grid, in time that grows with the number of points (FIt-SNE: Linderman, Rachh, Hoskins,
/// Steinerberger and
/// Kluger, "Fast interpolation-based t-SNE for improved visualization of single-cell RNA-seq data", Nature Methods 2019, 16, 243-245).
/// </summary>
/// <remarks>
/// <para>
/// Every point gives its charge to the sixteen nodes around it by Lagrange polynomials of order 3; kernels act between nodes by a
/// convolution, which is a
/// product of Fourier transforms; and the points read the outcome by the same polynomials.
/// </para>
/// <para>
/// Two things differ from FIt-SNE, for accuracy and speed. Its nodes are three to an interval, so that polynomials of degree 2 reach beyond
/// their outer
/// nodes; here a point always lies between the inner two of its four, which at the same spacing errs a third as much. And the kernel of the
/// force
/// itself, d / (1 + d²)², takes the place of 1 / (1 + d²)² with charges 1, x, y: one transform forth and two back in the place of six, and
/// no difference
/// of great numbers. Z is a sum over the spectrum (Parseval), without a transform back; what each point adds to it for itself is taken off
/// as it was
/// interpolated. Spacings are powers of two up to 1/4, so that kernels are made anew only where the embedding outgrows its grid.
/// </para>
/// </remarks>
/// <param name="device">Where points and grid lie.</param>
/// <param name="inAnyOrder">
/// Whether charges are added up in whole numbers of 2⁻³⁶, whose sum is the same in any order, such as that in which a card happens to do
/// it; up to 2²⁶ points.
/// </param>
internal sealed class InterpolatedRepulsion(Device device, bool inAnyOrder = false) : IRepulsion<float>, IDeviceRepulsion
{
    private const int Stencil = 4;

    private const double WidestSpacing = 0.25;

    private const int ChargeBits = 36;

    // Fine enough for an embedding that is smaller than the kernel.
    private const int LeastNodes = 128;

    private static readonly int[] Smooth = [.. Enumerable.Range(1, 1 << 14).Where(IsSmooth)];

    private readonly Tensor _steps = arange(Stencil, device: device).DetachFromDisposeScope();
    private (double Spacing, int X, int Y) _shape;
    private Tensor? _sumKernel;
    private Tensor? _ownKernel;
    private Tensor? _forceKernels;

    public double Compute(float[] x, float[] y, float[] pushX, float[] pushY)
    {
        using var scope = NewDisposeScope();
        var (push, z) = Compute(stack([tensor(x), tensor(y)]).to(device));
        push[0].cpu().data<float>().CopyTo(pushX);
        push[1].cpu().data<float>().CopyTo(pushY);
        return z.item<double>();
    }

    public (Tensor Push, Tensor Z) Compute(Tensor positions)
    {
        using var scope = NewDisposeScope();
        var count = positions.shape[1];
        var least = positions.amin([1L], keepdim: true);
        var bounds = cat([least, positions.amax([1L], keepdim: true)], 1).cpu().data<float>().ToArray();
        Prepare(bounds[1] - (double)bounds[0], bounds[3] - (double)bounds[2]);
        var (_, nodesX, nodesY) = _shape;

        var places = (positions - least) / _shape.Spacing;
        var before = places.floor();
        var t = places - before;
        var weights = stack(
            [t * (t - 1) * (t - 2) / -6, (t + 1) * (t - 1) * (t - 2) / 2, (t + 1) * t * (t - 2) / -2, (t + 1) * t * (t - 1) / 6], 2);
        var nodes = before.to(ScalarType.Int64).unsqueeze(2) + _steps;
        var weight = (weights[0].unsqueeze(2) * weights[1].unsqueeze(1)).reshape(count, Stencil * Stencil);
        var index = ((nodes[0].unsqueeze(2) * nodesY) + nodes[1].unsqueeze(1)).reshape(-1);

        var charges = Charges(index, weight.reshape(-1), nodesX * nodesY).reshape(nodesX, nodesY);
        long[] padded = [2 * nodesX, 2 * nodesY];
        var spectrum = fft.rfft2(charges, padded);
        var power = (spectrum.real.square() + spectrum.imag.square()).to(ScalarType.Float64);
        var own = (weight.mm(_ownKernel!) * weight).sum(ScalarType.Float64);
        var z = (power * _sumKernel!).sum() - own;
        var fields = fft.irfft2(spectrum * _forceKernels!, padded).narrow(1, 0, nodesX).narrow(2, 0, nodesY).reshape(2, -1);
        var push = (fields.index_select(1, index).reshape(2, count, Stencil * Stencil) * weight).sum(2);
        return (push.MoveToOuterDisposeScope(), z.MoveToOuterDisposeScope());
    }

    public void Dispose()
    {
        _steps.Dispose();
        DisposeKernels();
    }

    private Tensor Charges(Tensor index, Tensor weight, int nodes) => inAnyOrder
        ? zeros(nodes, ScalarType.Int64, device).index_add_(
            0, index, (weight * Math.ScaleB(1, ChargeBits)).round_().to(ScalarType.Int64), 1)
            .to(ScalarType.Float64).mul_(Math.ScaleB(1, -ChargeBits)).to(ScalarType.Float32)
        : zeros(nodes, device: device).index_add_(0, index, weight, 1);

    private void DisposeKernels()
    {
        _sumKernel?.Dispose();
        _ownKernel?.Dispose();
        _forceKernels?.Dispose();
    }

    private void Prepare(double spanX, double spanY)
    {
        // A single place has no extent; any spacing does.
        var span = Math.Max(Math.Max(spanX, spanY), 1e-30);
        var spacing = Math.Min(WidestSpacing, Math.Pow(2, Math.Floor(Math.Log2(span / LeastNodes))));
        var shape = (spacing, Nodes(spanX / spacing), Nodes(spanY / spacing));
        if (shape == _shape)
        {
            return;
        }

        using var scope = NewDisposeScope();
        var (dx, dy) = (Offsets(shape.Item2, spacing).unsqueeze(1), Offsets(shape.Item3, spacing).unsqueeze(0));
        var kernel = (1 + (dx * dx) + (dy * dy)).reciprocal();

        // A real signal's spectrum is stored by half: the columns that stand for two count twice.
        var half = shape.Item3;
        var twice = full(half + 1, 2, ScalarType.Float64, device);
        twice[0] = twice[half] = 1.0;
        DisposeKernels();
        _sumKernel = (fft.rfft2(kernel).real * twice / (double)kernel.numel()).DetachFromDisposeScope();
        var (rowNodes, columnNodes) = (_steps.repeat_interleave(Stencil), _steps.repeat(Stencil));
        _ownKernel = kernel.index(
            TensorIndex.Tensor((rowNodes.unsqueeze(1) - rowNodes).abs()),
            TensorIndex.Tensor((columnNodes.unsqueeze(1) - columnNodes).abs()))
            .to(ScalarType.Float32).DetachFromDisposeScope();
        _forceKernels = fft.rfft2(stack([kernel * kernel * dx, kernel * kernel * dy])).to(ScalarType.ComplexFloat32)
            .DetachFromDisposeScope();
        _shape = shape;
    }

    /// <summary>Enough nodes for a length in spacings, one before it and two beyond, in a number that Fourier transforms like.</summary>
    private static int Nodes(double length) => Smooth.First(size => size >= (int)length + Stencil);

    /// <summary>Whether a number has no prime factors but 2, 3 and 5.</summary>
    private static bool IsSmooth(int number)
    {
        foreach (var prime in (ReadOnlySpan<int>)[2, 3, 5])
        {
            while (number % prime == 0)
            {
                number /= prime;
            }
        }

        return number == 1;
    }

    /// <summary>The offsets between nodes around the padded grid, negative ones in its second half.</summary>
    private Tensor Offsets(int nodes, double spacing) =>
        cat([arange(0, nodes, ScalarType.Float64, device), arange(-nodes, 0, ScalarType.Float64, device)]) * spacing;
}
