using CovidCt.Compute;
using CovidCt.Imaging;
using CovidCt.Recipes;
using static TorchSharp.torch;

namespace CovidCt.Augmentation;

/// <summary>
/// What <see cref="Augmenter"/> does, for a whole batch at a time, in operators that every device has: none waits for the device,
/// sends it anything, or asks it back.
/// </summary>
/// <remarks>
/// <para>
/// An image's pixels are a function of (seed, epoch, row) alone on one device: no operator meets two images, and each rounds once an
/// element, but for a blur, which sums the same number of taps everywhere. They are those of the processor's way but for rounding and
/// the noise, which has another stream.
/// </para>
/// <para>
/// With all there is to do, 58 operators that launch work, whatever the number of images: 9 for types, crop, place and flip, 10 for
/// blurs, 22 for noise, 7 for brightness and contrast, 10 for the channels and the padding.
/// </para>
/// <para>It owns what it keeps on the device. It may be called from many threads at once.</para>
/// </remarks>
internal sealed class DeviceAugmenter : IDisposable
{
    private const double White = 255;

    private readonly AugmentationOptions _options;
    private readonly DeviceMemory _memory;
    private readonly ImageSize _size;
    private readonly Tensor _scale; // float32 [3], as the two below.
    private readonly Tensor _offset;
    private readonly Tensor _fill;
    private readonly Tensor _columns; // int64 [1, 1, W].
    private readonly Tensor _rows; // int64 [1, H, 1].
    private readonly DeviceBlur? _blur;
    private readonly DeviceNoise? _noise;

    /// <param name="options">What is done at random.</param>
    /// <param name="scale">What gray in 0…255 is multiplied by, for each channel.</param>
    /// <param name="offset">What is added.</param>
    /// <param name="fill">The normalised colour of the padding.</param>
    /// <param name="size">The canvases' size.</param>
    /// <param name="memory">Where they are.</param>
    public DeviceAugmenter(AugmentationOptions options, float[] scale, float[] offset, float[] fill, ImageSize size, DeviceMemory memory)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        (_options, _size, _memory) = (options, size, memory);
        _scale = memory.Upload(tensor(scale)).DetachFromDisposeScope();
        _offset = memory.Upload(tensor(offset)).DetachFromDisposeScope();
        _fill = memory.Upload(tensor(fill)).DetachFromDisposeScope();
        _columns = arange(size.Width, ScalarType.Int64, memory.Device).view(1, 1, -1).DetachFromDisposeScope();
        _rows = arange(size.Height, ScalarType.Int64, memory.Device).view(1, -1, 1).DetachFromDisposeScope();
        _blur = options.BlurProbability > 0 ? new(options.BlurSigmaMax, size, memory.Device) : null;
        _noise = options.NoiseDeviationMax > 0 ? new(size.Width * size.Height, memory.Device) : null;
    }

    /// <summary>Draws all that chance decides in an epoch.</summary>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="parts">What identifies each image of each batch.</param>
    /// <param name="frames">Where each image lies, batch after batch.</param>
    /// <exception cref="ArgumentException">The options ask for what is done on the processor alone.</exception>
    public AugmentationPlan Plan(long seed, int epoch, IReadOnlyList<int[]> parts, IReadOnlyList<PixelRectangle> frames)
    {
        if (_options.Rerenders())
        {
            throw new ArgumentException(AugmentationKinds.OnProcessorAlone);
        }

        AugmentationDraw[] draws = [.. parts.SelectMany(part => part).Select(row => AugmentationDraw.Of(_options, seed, epoch, row))];
        return new(_options, draws, frames, [.. parts.Select(part => part.Length)], _size, _memory);
    }

    /// <summary>Network input for training.</summary>
    /// <param name="canvases">uint8 [B, H, W]; left untouched.</param>
    /// <param name="part">What is done to them.</param>
    /// <returns>float32 [B, 3, H, W], normalised, channels-last in memory.</returns>
    public Tensor Augment(Tensor canvases, PlannedPart part)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var gray = canvases.to_type(ScalarType.Float32);
        if (_options.Resamples())
        {
            gray = Resample(gray, part);
        }

        if (part.Blur is { } blur)
        {
            _blur!.Run(gray, blur);
        }

        if (_noise is not null)
        {
            gray.add_(_noise.Draw(part.Seeds, part.NoiseVariance.squeeze(2)).view(gray.shape));
        }

        if (_options.Rescales())
        {
            // In whole numbers, so that no order of summing matters; the padding is 0 and adds nothing.
            var sums = canvases.sum([1, 2], keepdim: true, ScalarType.Int64).to_type(ScalarType.Float32);
            gray.mul_(part.Contrast).add_(sums.mul_(part.ShareOfSum).add_(part.Brightness));
        }

        return Compose(gray.clamp_(0, White), part.Frame).MoveToOuterDisposeScope();
    }

    /// <summary>Network input without augmentation, for evaluation.</summary>
    /// <param name="canvases">uint8 [B, H, W]; left untouched.</param>
    /// <param name="inside">int64 [B, 4], as <see cref="Canvases.CanvasBatch.Inside"/> has it.</param>
    /// <returns>float32 [B, 3, H, W], normalised, channels-last in memory.</returns>
    public Tensor Prepare(Tensor canvases, Tensor inside)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        return Compose(canvases.to_type(ScalarType.Float32), inside.view(-1, 4, 1, 1).unbind(1)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var constant in new[] { _scale, _offset, _fill, _columns, _rows })
        {
            constant.Dispose();
        }

        _blur?.Dispose();
        _noise?.Dispose();
    }

    private Tensor Resample(Tensor gray, PlannedPart part)
    {
        var (x, y) = (Places(_columns, part.Columns), Places(_rows, part.Rows));
        var grid = stack([x.expand(gray.shape), y.expand(gray.shape)], 3);
        return nn.functional.grid_sample(
            gray.unsqueeze(1), grid, GridSampleMode.Bilinear, GridSamplePaddingMode.Border, align_corners: false).squeeze(1);
    }

    private static Tensor Places(Tensor pixels, ReadOnlySpan<Tensor> axis) => pixels.mul(axis[0]).add_(axis[1]).clamp_(axis[2], axis[3]);

    /// <summary>The channels of float32 [B, H, W].</summary>
    private Tensor Compose(Tensor gray, Tensor[] frame)
    {
        var inside = Within(_columns, frame[0], frame[2]).bitwise_and(Within(_rows, frame[1], frame[3]));
        var pixels = gray.unsqueeze(3).mul(_scale).add_(_offset);
        return pixels.where(inside.unsqueeze(3), _fill).permute(0, 3, 1, 2);
    }

    private static Tensor Within(Tensor pixels, Tensor start, Tensor end) => pixels.ge(start).bitwise_and_(pixels.lt(end));
}
