using static TorchSharp.torch;

namespace CovidCt.Augmentation;

/// <summary>Gaussian noise of many images at a time, each with a seed of its own, by operators that every device has.</summary>
/// <remarks>
/// The nth pair of pixels takes the nth 64 bits of <see cref="CounterRandom"/>'s stream with the image's seed, and makes two normal
/// values of them (Box and Muller, "A note on the generation of random normal deviates", 1958). TorchSharp's generators would have
/// to be set anew for each image, and what they give depends on how a card divides the work.
/// </remarks>
internal sealed class DeviceNoise : IDisposable
{
    private const int Bits = 24; // A float32's: the radius ends at √(48 ln 2) = 5.8 deviations.
    private const double Grid = 1.0 / (1 << Bits);

    private static readonly int[] Shifts = [30, 27, 31]; // SplitMix64's.

    private readonly int _pixels;
    private readonly Tensor _counters; // int64 [1, (pixels + 1) / 2].
    private readonly Tensor _lowBits;
    private readonly (Tensor Shift, Tensor Mask)[] _shifts;
    private readonly Tensor _highShift;

    public DeviceNoise(int pixels, Device device)
    {
        using var scope = NewDisposeScope();
        _pixels = pixels;
        _counters = arange(1, ((pixels + 1) / 2) + 1, ScalarType.Int64, device).mul_(unchecked((long)SplitMix64.Golden)).unsqueeze_(0)
            .DetachFromDisposeScope();
        _lowBits = Constant((1L << Bits) - 1, device);
        _highShift = Constant(64 - Bits, device);
        _shifts = [.. Shifts.Select(shift => (Constant(shift, device), Constant((1L << (64 - shift)) - 1, device)))];
    }

    /// <summary>Noise for B images.</summary>
    /// <param name="seeds">int64 [B, 1].</param>
    /// <param name="variance">float32 [B, 1]: each image's variance times −2.</param>
    /// <returns>float32 [B, pixels], whose rows overlap nothing.</returns>
    public Tensor Draw(Tensor seeds, Tensor variance)
    {
        using var scope = NewDisposeScope();
        var bits = MixedBits(seeds);

        // An arithmetic shift: the upper bits as a number around 0, then in (0, 1], whose logarithm is finite.
        var radius = bits.bitwise_right_shift(_highShift).mul(Grid).add_(0.5 + Grid).log_().mul_(variance).sqrt_();
        var angle = bits.bitwise_and_(_lowBits).mul(2 * Math.PI * Grid);
        return polar(radius, angle).view_as_real().flatten(1).narrow(1, 0, _pixels).MoveToOuterDisposeScope();
    }

    /// <summary>The bits of each pair of pixels, int64 [B, pairs].</summary>
    internal Tensor MixedBits(Tensor seeds)
    {
        var bits = _counters.add(seeds);
        FoldIn(bits, 0).mul_(unchecked((long)SplitMix64.FirstFactor));
        FoldIn(bits, 1).mul_(unchecked((long)SplitMix64.SecondFactor));
        return FoldIn(bits, 2);
    }

    /// <summary>The numbers are signed, whose shift to the right repeats the sign: the mask takes that away.</summary>
    private Tensor FoldIn(Tensor bits, int step) =>
        bits.bitwise_xor_(bits.bitwise_right_shift(_shifts[step].Shift).bitwise_and_(_shifts[step].Mask));

    /// <inheritdoc/>
    public void Dispose()
    {
        _counters.Dispose();
        _lowBits.Dispose();
        _highShift.Dispose();
        foreach (var (shift, mask) in _shifts)
        {
            shift.Dispose();
            mask.Dispose();
        }
    }

    private static Tensor Constant(long value, Device device) => full(1, value, ScalarType.Int64, device).DetachFromDisposeScope();
}
