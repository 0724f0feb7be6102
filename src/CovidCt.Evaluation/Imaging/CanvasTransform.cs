using System.Globalization;

namespace CovidCt.Imaging;

/// <summary>
/// Brings an image onto a canvas of fixed size with its aspect kept: scaled until it touches the canvas from within, then
/// padded (section 3.2 of the paper, <see href="https://arxiv.org/abs/2011.05317"/>).
/// </summary>
/// <remarks>
/// <para>
/// The side that limits gets exactly the canvas's length; the other is rounded half up, and is at least 1. Resampling is
/// antialiased bilinear, equal to torchvision's <c>resize(…, antialias=True)</c> within one gray level.
/// </para>
/// <para>Safe to use from many threads at once.</para>
/// </remarks>
public sealed class CanvasTransform
{
    private readonly CanvasOptions _options;

    /// <summary>A transform with these options.</summary>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public CanvasTransform(CanvasOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        OptionsValidation.ThrowIfInvalid(options);
        _options = options;
    }

    /// <summary>Brings one image onto a canvas.</summary>
    /// <param name="image">The image.</param>
    /// <param name="canvas">The canvas's size, at least 1×1.</param>
    /// <param name="sample">The number that random placement is drawn for, with the seed; otherwise it means nothing.</param>
    /// <returns>Gray values of the whole canvas, row by row, padding 0 and known from the geometry; and where the image lies.</returns>
    public (byte[] Pixels, CanvasGeometry Geometry) Apply(GrayImage image, ImageSize canvas, int sample = 0)
    {
        var geometry = Place(image, canvas, sample);
        var pixels = new byte[checked(canvas.Width * canvas.Height)];
        Draw(image, geometry, pixels);
        return (pixels, geometry);
    }

    /// <summary>A name for what it does to sizes, which the fill colour isn't part of.</summary>
    public string Name => _options switch
    {
        { Fit: CanvasFit.Stretch } => "stretched",
        { Placement: CanvasPlacement.Random } => string.Create(CultureInfo.InvariantCulture, $"random-{_options.Seed}"),
        _ => "centred",
    };

    /// <summary>Where an image will lie.</summary>
    /// <inheritdoc cref="Apply" path="/param"/>
    public CanvasGeometry Place(GrayImage image, ImageSize canvas, int sample)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Place(new ImageSize(image.Width, image.Height), canvas, _options, sample);
    }

    /// <summary>Where an image of some size will lie.</summary>
    /// <param name="original">The size of the image.</param>
    /// <inheritdoc cref="Apply" path="/param"/>
    public CanvasGeometry Place(ImageSize original, ImageSize canvas, int sample) => Place(original, canvas, _options, sample);

    internal static CanvasGeometry Place(ImageSize original, ImageSize canvas, CanvasOptions options, int sample)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(canvas.Width, 1, nameof(canvas));
        ArgumentOutOfRangeException.ThrowIfLessThan(canvas.Height, 1, nameof(canvas));
        var scaled = options.Fit == CanvasFit.Stretch ? canvas : FitWithin(original, canvas);
        var (freeX, freeY) = (canvas.Width - scaled.Width, canvas.Height - scaled.Height);
        if (options.Placement == CanvasPlacement.Centred)
        {
            return new CanvasGeometry(original, canvas, scaled, freeX / 2, freeY / 2);
        }

        var draw = Mix(Mix((ulong)options.Seed) + (ulong)sample);
        return new CanvasGeometry(original, canvas, scaled, Below(freeX + 1, draw), Below(freeY + 1, Mix(draw)));
    }

    /// <summary>Draws an image where it lies; the padding is left as it is.</summary>
    /// <param name="image">The image.</param>
    /// <param name="geometry">Where it lies.</param>
    /// <param name="pixels">H × W gray values, row by row.</param>
    public static void Draw(GrayImage image, CanvasGeometry geometry, Span<byte> pixels) =>
        BilinearResampler.Resample(
            image, geometry.Scaled, pixels[((geometry.OffsetY * geometry.Canvas.Width) + geometry.OffsetX)..], geometry.Canvas.Width);

    private static ImageSize FitWithin(ImageSize original, ImageSize canvas)
    {
        // In whole numbers, so that no rounding of a factor moves a size.
        var (width, height) = ((long)original.Width, (long)original.Height);
        return width * canvas.Height >= height * canvas.Width
            ? new ImageSize(canvas.Width, Share(height, canvas.Width, width, canvas.Height))
            : new ImageSize(Share(width, canvas.Height, height, canvas.Width), canvas.Height);

        static int Share(long side, long numerator, long denominator, int most) =>
            (int)Math.Clamp(((2 * side * numerator) + denominator) / (2 * denominator), 1, most);
    }

    // Neighbouring seeds and samples give unrelated draws.
    private static ulong Mix(ulong value) => SplitMix64.Mix(value + SplitMix64.Golden);

    private static int Below(int count, ulong draw) => (int)Math.BigMul(draw, (ulong)count, out _);
}
