using CovidCt.Compute;
using CovidCt.Imaging;
using CovidCt.Recipes;
using static TorchSharp.torch;

namespace CovidCt.Augmentation;

/// <summary>
/// All that chance decides for the images of an epoch, in a few tensors on their device, so that nothing has to be sent there while
/// they are augmented.
/// </summary>
internal sealed class AugmentationPlan : IDisposable
{
    private const double White = 255;
    private const int Coefficients = 12;
    private const int Edges = 4;

    private readonly int[] _starts;
    private readonly int[] _blurStarts;
    private readonly Tensor _coefficients; // float32 [N, 12, 1, 1], in the order of PlannedPart's properties.
    private readonly Tensor _frames; // int64 [N, 4, 1, 1]: where images come to lie.
    private readonly Tensor _seeds; // int64 [N, 1].
    private readonly Tensor? _blurred; // int64 [M]: the places, within their parts, of images that are blurred.
    private readonly Tensor? _taps; // float32 [M, 1, 1, K].
    private readonly Tensor? _bounds; // int64 [M, 4, 1, 1]: the first and last column and the first and last row of each.

    /// <param name="options">What is done at random.</param>
    /// <param name="draws">What was drawn for each image.</param>
    /// <param name="frames">Where each image lies.</param>
    /// <param name="parts">How many images each batch has.</param>
    /// <param name="size">The canvases' size.</param>
    /// <param name="memory">Where the images are.</param>
    public AugmentationPlan(
        AugmentationOptions options, AugmentationDraw[] draws, IReadOnlyList<PixelRectangle> frames, IReadOnlyList<int> parts,
        ImageSize size, DeviceMemory memory)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var coefficients = new float[draws.Length * Coefficients];
        var edges = new long[draws.Length * Edges];
        PixelRectangle[] placed = [.. draws.Zip(frames, (draw, frame) => draw.Placed(frame, size))];
        for (var i = 0; i < draws.Length; i++)
        {
            Fill(coefficients.AsSpan(i * Coefficients, Coefficients), draws[i], frames[i], size);
            new long[] { placed[i].Left, placed[i].Top, placed[i].Right, placed[i].Bottom }.CopyTo(edges, i * Edges);
        }

        _starts = Starts(parts);
        _coefficients = Kept(tensor(coefficients, [draws.Length, Coefficients, 1, 1]), memory);
        _frames = Kept(tensor(edges, [draws.Length, Edges, 1, 1]), memory);
        _seeds = Kept(tensor(Array.ConvertAll(draws, draw => draw.NoiseSeed), [draws.Length, 1]), memory);

        var blurred = Enumerable.Range(0, parts.Count).Select(part => Enumerable.Range(_starts[part], parts[part])
            .Where(i => draws[i].BlurSigma is not null && !frames[i].IsEmpty).ToArray()).ToList();
        _blurStarts = Starts([.. blurred.Select(part => part.Length)]);
        int[] all = [.. blurred.SelectMany(part => part)];
        if (all.Length > 0)
        {
            var radius = DeviceBlur.Radius(options.BlurSigmaMax);
            _blurred = Kept(tensor(blurred.SelectMany((part, number) => part.Select(i => (long)(i - _starts[number]))).ToArray()), memory);
            _taps = Kept(
                tensor(
                    all.SelectMany(i => DeviceBlur.Taps(draws[i].BlurSigma!.Value, radius)).ToArray(),
                    [all.Length, 1, 1, (2 * radius) + 1]),
                memory);
            _bounds = Kept(tensor(all.SelectMany(i => Bounds(placed[i])).ToArray(), [all.Length, Edges, 1, 1]), memory);
        }
    }

    /// <summary>What concerns one batch, as views in the caller's dispose scope.</summary>
    public PlannedPart Part(int number)
    {
        var (start, count) = (_starts[number], _starts[number + 1] - _starts[number]);
        var (blurStart, blurCount) = (_blurStarts[number], _blurStarts[number + 1] - _blurStarts[number]);
        return new(
            _coefficients.narrow(0, start, count).unbind(1),
            _frames.narrow(0, start, count).unbind(1),
            _seeds.narrow(0, start, count),
            blurCount == 0 ? null : new(
                _blurred!.narrow(0, blurStart, blurCount),
                _taps!.narrow(0, blurStart, blurCount),
                _bounds!.narrow(0, blurStart, blurCount).unbind(1)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var part in new[] { _coefficients, _frames, _seeds, _blurred, _taps, _bounds })
        {
            part?.Dispose();
        }
    }

    private static void Fill(Span<float> coefficients, AugmentationDraw draw, PixelRectangle frame, ImageSize size)
    {
        var to = draw.Unflipped(frame, size);
        Axis(coefficients, (frame.Left, frame.Width), (to.Left, to.Width), draw.Left, draw.Extent, draw.Flip, size.Width);
        Axis(coefficients[4..], (frame.Top, frame.Height), (to.Top, to.Height), draw.Top, draw.Extent, reversed: false, size.Height);
        coefficients[8] = (float)(-2 * White * White * draw.NoiseDeviation * draw.NoiseDeviation);
        coefficients[9] = (float)draw.Contrast;
        coefficients[10] = (float)((1 - draw.Contrast) / Math.Max(1.0, (double)frame.Width * frame.Height));
        coefficients[11] = (float)(White * draw.Brightness);
    }

    /// <summary>
    /// Where pixel i of an axis comes from, factor · i + shift between two bounds, in grid_sample's units: −1 and 1 are the canvas's outer
    /// edges.
    /// </summary>
    private static void Axis(
        Span<float> coefficients, (int Start, int Length) from, (int Start, int Length) to, double cropStart, double extent, bool reversed,
        int length)
    {
        var step = extent * ((double)from.Length / Math.Max(1, to.Length));
        var factor = 2 * step / length;
        var origin = (from.Start * (1 - step)) + ((from.Start - to.Start) * step); // So that an unmoved image's bits are what they were.
        var shift = (2 * (origin + (cropStart * from.Length) + (0.5 * step)) / length) - 1;
        (coefficients[0], coefficients[1]) = reversed
            ? ((float)-factor, (float)(shift + (factor * (length - 1))))
            : ((float)factor, (float)shift);
        coefficients[2] = (float)((((2.0 * from.Start) + 1) / length) - 1);
        coefficients[3] = (float)((((2.0 * (from.Start + from.Length)) - 1) / length) - 1);
    }

    private static long[] Bounds(PixelRectangle frame) => [frame.Left, frame.Right - 1, frame.Top, frame.Bottom - 1];

    private static int[] Starts(IReadOnlyList<int> counts)
    {
        var starts = new int[counts.Count + 1];
        for (var i = 0; i < counts.Count; i++)
        {
            starts[i + 1] = starts[i] + counts[i];
        }

        return starts;
    }

    private static Tensor Kept(Tensor host, DeviceMemory memory) => memory.Upload(host).DetachFromDisposeScope();
}

/// <summary>What an <see cref="AugmentationPlan"/> says about a batch of B images.</summary>
/// <param name="Coefficients">Twelve of float32 [B, 1, 1], which the properties name.</param>
/// <param name="Frame">int64 [B, 1, 1]: left, top, right and bottom of each image where it comes to lie; the last two exclusive.</param>
/// <param name="Seeds">int64 [B, 1]: of the noise.</param>
/// <param name="Blur">The images that are blurred; null where none is.</param>
internal readonly record struct PlannedPart(Tensor[] Coefficients, Tensor[] Frame, Tensor Seeds, PlannedBlur? Blur)
{
    /// <summary>Where columns come from: factor, shift, and the bounds of the outcome.</summary>
    public ReadOnlySpan<Tensor> Columns => Coefficients.AsSpan(0, 4);

    /// <summary>Where rows come from.</summary>
    public ReadOnlySpan<Tensor> Rows => Coefficients.AsSpan(4, 4);

    /// <summary>The variance of the noise, times −2, on gray values of 0…255.</summary>
    public Tensor NoiseVariance => Coefficients[8];

    /// <summary>The factor of gray values.</summary>
    public Tensor Contrast => Coefficients[9];

    /// <summary>What the sum of an image's gray values is multiplied by, to be added to each: (1 − contrast) / pixels.</summary>
    public Tensor ShareOfSum => Coefficients[10];

    /// <summary>What is added to gray values of 0…255.</summary>
    public Tensor Brightness => Coefficients[11];
}

/// <summary>M images of a batch that are blurred.</summary>
/// <param name="Places">int64 [M]: their places in the batch.</param>
/// <param name="Taps">float32 [M, 1, 1, K].</param>
/// <param name="Bounds">int64 [M, 1, 1]: the first and last column, and the first and last row of each image.</param>
internal sealed record PlannedBlur(Tensor Places, Tensor Taps, Tensor[] Bounds);
