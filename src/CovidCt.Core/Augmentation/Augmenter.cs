using CovidCt.Canvases;
using CovidCt.Compute;
using CovidCt.Imaging;
using CovidCt.Networks;
using CovidCt.Recipes;
using TorchSharp;
using static TorchSharp.torch;

namespace CovidCt.Augmentation;

/// <summary>
/// Makes network input out of canvases, on their device: augmented for training, or as they are. Gray is copied to R, G
/// and B, the padding has the fill colour exactly, and every channel is normalised.
/// </summary>
/// <remarks>
/// What happens to an image is a function of (seed, epoch, row) alone: the same row gives the same bits in any batch,
/// in any order, on the same kind of device with the same number of threads. To this end, whatever works on a whole
/// batch on the processor rounds once per element, and anything else is done image by image. A card does all of a batch at
/// once, in some sixty operators; its pixels are the processor's but for rounding and for the noise, which is drawn from
/// another stream. Safe for concurrent use.
/// </remarks>
internal sealed class Augmenter
{
    private const double White = 255;

    private readonly AugmentationOptions _options;
    private readonly float[] _scale = new float[3];
    private readonly float[] _offset = new float[3];
    private readonly float[] _fill = new float[3];
    private readonly ChannelKernel _kernel;

    /// <summary>An augmenter for networks of one normalisation.</summary>
    /// <param name="options">What is done at random; read once.</param>
    /// <param name="normalisation">The means and deviations of the channels on values in [0, 1].</param>
    /// <param name="fill">The colour of the padding before normalisation.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public Augmenter(AugmentationOptions options, ChannelNormalisation normalisation, (byte R, byte G, byte B) fill)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(normalisation);
        OptionsValidation.ThrowIfInvalid(options);
        _options = options.Clone();

        byte[] colour = [fill.R, fill.G, fill.B];
        for (var channel = 0; channel < 3; channel++)
        {
            (_scale[channel], _offset[channel]) = normalisation.OfGray(channel);
            _fill[channel] = normalisation.OfColour(channel, colour[channel]);
        }

        _kernel = new(_scale, _offset, _fill);
    }

    /// <summary>Network input for training.</summary>
    /// <param name="batch">B canvases; left untouched.</param>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="rows">What identifies each image of the batch: its row in the data set.</param>
    /// <returns>float32 [B, 3, H, W], normalised, channels-last in memory.</returns>
    /// <remarks>On a card this asks where the images lie, and waits for the answer; training doesn't.</remarks>
    /// <exception cref="ArgumentException">The number of rows isn't B.</exception>
    public Tensor Augment(CanvasBatch batch, long seed, int epoch, ReadOnlySpan<int> rows)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (rows.Length != batch.Gray.shape[0])
        {
            throw new ArgumentException($"There are {rows.Length} rows for a batch of {batch.Gray.shape[0]} images.", nameof(rows));
        }

        if (batch.Gray.device_type != DeviceType.CPU)
        {
            return OnDevice(batch, seed, epoch, rows.ToArray());
        }

        var draws = new AugmentationDraw[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            draws[i] = AugmentationDraw.Of(_options, seed, epoch, rows[i]);
        }

        using var inference = no_grad();
        using var scope = NewDisposeScope();
        var inside = Rectangles(batch);
        var means = _options.Rescales() ? Means(batch) : null;
        var gray = batch.Gray.to_type(ScalarType.Float32);
        if (_options.Resamples())
        {
            gray = Resample(gray, inside, draws);
            inside = [.. inside.Zip(draws, (frame, draw) => draw.Placed(frame, SizeOf(batch)))];
        }

        if (_options.ResolutionMin is not null)
        {
            gray = gray.contiguous();
            ForEach(gray, i => draws[i].Rendition.Resolution is not null, inside, (canvas, width, i) =>
                ResolutionLoss.Apply(canvas, width, inside[i], draws[i].Rendition.Resolution!.Value));
        }

        for (var i = 0; i < draws.Length; i++)
        {
            if (draws[i].BlurSigma is { } sigma && !inside[i].IsEmpty)
            {
                Blur(inside[i].Of(gray.select(0, i)), sigma);
            }

            if (draws[i].Rendition.Gamma is { } power && !inside[i].IsEmpty)
            {
                inside[i].Of(gray.select(0, i)).clamp_(0, White).div_(White).pow_(power).mul_(White);
            }
        }

        if (_options.NoiseDeviationMax > 0)
        {
            AddNoise(gray, draws);
        }

        if (means is not null)
        {
            Rescale(gray, means, draws);
        }

        gray.clamp_(0, White);
        if (_options.JpegProbability > 0)
        {
            gray = gray.contiguous();
            ForEach(gray, i => draws[i].Rendition.JpegQuality is not null, inside, (canvas, width, i) =>
                JpegLoss.Apply(canvas, width, inside[i], draws[i].Rendition.JpegQuality!.Value));
        }

        return Compose(gray, inside).MoveToOuterDisposeScope();
    }

    /// <summary>Network input without augmentation, for evaluation.</summary>
    /// <param name="batch">B canvases; left untouched.</param>
    /// <returns>float32 [B, 3, H, W], normalised, channels-last in memory.</returns>
    public Tensor Prepare(CanvasBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Gray.device_type != DeviceType.CPU)
        {
            using var there = On(new(batch.Gray.device), SizeOf(batch));
            return there.Prepare(batch.Gray, batch.Inside);
        }

        using var inference = no_grad();
        using var scope = NewDisposeScope();
        return Compose(batch.Gray, Rectangles(batch)).MoveToOuterDisposeScope();
    }

    /// <summary>Network input without augmentation of batch after batch, each of which the caller disposes.</summary>
    internal IEnumerable<Tensor> Prepare(CanvasStore canvases, IEnumerable<int[]> parts, DeviceMemory memory)
    {
        using var there = memory.IsApart ? On(memory, canvases.Size) : null;
        foreach (var batch in canvases.Batches(parts, memory))
        {
            Tensor images;
            using (batch)
            {
                images = there is null ? Prepare(batch) : there.Prepare(batch.Gray, batch.Inside);
            }

            yield return images;
        }
    }

    /// <summary>The same work in another memory, a batch at a time.</summary>
    internal DeviceAugmenter On(DeviceMemory memory, ImageSize size) => new(_options, _scale, _offset, _fill, size, memory);

    private Tensor OnDevice(CanvasBatch batch, long seed, int epoch, int[] rows)
    {
        using var scope = NewDisposeScope();
        using var there = On(new(batch.Gray.device), SizeOf(batch));
        using var plan = there.Plan(seed, epoch, [rows], Rectangles(batch));
        return there.Augment(batch.Gray, plan.Part(0)).MoveToOuterDisposeScope();
    }

    private static ImageSize SizeOf(CanvasBatch batch) => new((int)batch.Gray.shape[2], (int)batch.Gray.shape[1]);

    private static PixelRectangle[] Rectangles(CanvasBatch batch)
    {
        using var onHost = batch.Inside.cpu().contiguous();
        var edges = onHost.data<long>().ToArray();
        return [.. edges.Chunk(4).Select(e => new PixelRectangle((int)e[0], (int)e[1], (int)e[2], (int)e[3]))];
    }

    // In whole numbers, so that no order of summing matters; the padding is 0 and adds nothing.
    private static Tensor Means(CanvasBatch batch)
    {
        var sums = batch.Gray.sum([1, 2], type: ScalarType.Int64).to_type(ScalarType.Float32);
        var sides = batch.Inside.narrow(1, 2, 2).sub(batch.Inside.narrow(1, 0, 2));
        var pixels = sides.select(1, 0).mul(sides.select(1, 1)).clamp_(min: 1).to_type(ScalarType.Float32);
        return sums.div_(pixels);
    }

    private static Tensor Resample(Tensor gray, PixelRectangle[] inside, AugmentationDraw[] draws)
    {
        var (count, height, width) = (draws.Length, (int)gray.shape[1], (int)gray.shape[2]);
        var xs = new float[count * width];
        var ys = new float[count * height];
        for (var i = 0; i < count; i++)
        {
            var (draw, from) = (draws[i], inside[i]);
            var to = draw.Unflipped(from, new(width, height));
            var alongX = xs.AsSpan(i * width, width);
            Coordinates(alongX, (from.Left, from.Width), (to.Left, to.Width), draw.Left, draw.Extent);
            if (draw.Flip)
            {
                alongX.Reverse();
            }

            Coordinates(ys.AsSpan(i * height, height), (from.Top, from.Height), (to.Top, to.Height), draw.Top, draw.Extent);
        }

        var x = tensor(xs, [count, 1, width, 1], device: gray.device).expand(count, height, width, 1);
        var y = tensor(ys, [count, height, 1, 1], device: gray.device).expand(count, height, width, 1);
        return nn.functional.grid_sample(
            gray.unsqueeze(1), cat([x, y], 3), GridSampleMode.Bilinear, GridSamplePaddingMode.Border, align_corners: false).squeeze(1);
    }

    // Where each pixel of one axis comes from, in grid_sample's units: −1 and 1 are the outer edges of the canvas.
    private static void Coordinates(
        Span<float> axis, (int Start, int Length) from, (int Start, int Length) to, double cropStart, double extent)
    {
        var step = extent * ((double)from.Length / Math.Max(1, to.Length));
        for (var i = 0; i < axis.Length; i++)
        {
            var source = from.Start + (cropStart * from.Length) + ((i + 0.5 - to.Start) * step) - 0.5;
            var clamped = Math.Max(from.Start, Math.Min(source, from.Start + from.Length - 1));
            axis[i] = (float)((((2 * clamped) + 1) / axis.Length) - 1);
        }
    }

    private static void Blur(Tensor image, double sigma)
    {
        using var scope = NewDisposeScope();
        var radius = (int)Math.Ceiling(3 * sigma);
        var taps = Enumerable.Range(0, radius + 1).Select(i => Math.Exp(-i * i / (2 * sigma * sigma))).ToArray();
        var total = taps[0] + (2 * taps.Skip(1).Sum());
        var blurred = image;
        for (var axis = 0; axis < 2; axis++)
        {
            var length = image.shape[axis];
            var padded = cat(
            [
                .. Enumerable.Repeat(blurred.narrow(axis, 0, 1), radius),
                blurred,
                .. Enumerable.Repeat(blurred.narrow(axis, length - 1, 1), radius),
            ], axis);
            blurred = padded.narrow(axis, radius, length).mul(taps[0] / total);
            for (var i = 1; i <= radius; i++)
            {
                blurred.add_(padded.narrow(axis, radius - i, length), taps[i] / total);
                blurred.add_(padded.narrow(axis, radius + i, length), taps[i] / total);
            }
        }

        image.copy_(blurred);
    }

    /// <summary>Changes the chosen images of contiguous float32 [B, H, W], each by one thread.</summary>
    private static unsafe void ForEach(Tensor gray, Func<int, bool> isChosen, PixelRectangle[] inside, CanvasChange change)
    {
        var (address, width, pixels) = (TensorMemory.Address(gray), (int)gray.shape[2], (int)(gray.shape[1] * gray.shape[2]));
        int[] chosen = [.. Enumerable.Range(0, inside.Length).Where(i => isChosen(i) && !inside[i].IsEmpty)];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() };
        Parallel.ForEach(chosen, parallel, i => change(new((float*)address + ((nint)i * pixels), pixels), width, i));
    }

    private delegate void CanvasChange(Span<float> canvas, int width, int image);

    private static void AddNoise(Tensor gray, AugmentationDraw[] draws)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(0, gray.device);
        var noise = empty(gray.shape[1], gray.shape[2], device: gray.device);
        for (var i = 0; i < draws.Length; i++)
        {
            generator.manual_seed(draws[i].NoiseSeed);
            gray.select(0, i).add_(noise.normal_(0, White * draws[i].NoiseDeviation, generator));
        }
    }

    private static void Rescale(Tensor gray, Tensor means, AugmentationDraw[] draws)
    {
        using var scope = NewDisposeScope();
        var contrast = tensor(Array.ConvertAll(draws, draw => (float)draw.Contrast), device: gray.device);
        var brightness = tensor(Array.ConvertAll(draws, draw => (float)(White * draw.Brightness)), device: gray.device);
        var shift = means.sub(means.mul(contrast)).add_(brightness);
        gray.mul_(contrast.view(-1, 1, 1)).add_(shift.view(-1, 1, 1));
    }

    /// <summary>The channels of float32 or uint8 [B, H, W].</summary>
    internal Tensor Compose(Tensor gray, PixelRectangle[] inside)
    {
        var (count, height, width) = (gray.shape[0], gray.shape[1], gray.shape[2]);
        var pixels = empty([count, height, width, 3], ScalarType.Float32, gray.device);
        if (ChannelKernel.Takes(gray))
        {
            _kernel.Run(gray, inside, pixels);
        }
        else
        {
            Compose(gray.to_type(ScalarType.Float32), inside, pixels);
        }

        return pixels.permute(0, 3, 1, 2);
    }

    /// <summary>What <see cref="ChannelKernel.Run"/> does, on any device.</summary>
    internal void Compose(Tensor gray, PixelRectangle[] inside, Tensor pixels)
    {
        for (var channel = 0; channel < 3; channel++)
        {
            using var normalised = gray.mul(_scale[channel]).add_(_offset[channel]);
            pixels.select(3, channel).copy_(normalised);
        }

        var fill = tensor(_fill, device: gray.device);
        for (var i = 0; i < inside.Length; i++)
        {
            foreach (var strip in inside[i].Around((int)pixels.shape[2], (int)pixels.shape[1]))
            {
                strip.Of(pixels.select(0, i)).copy_(fill);
            }
        }
    }
}
