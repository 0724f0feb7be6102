using CovidCt.Imaging;
using CovidCt.Recipes;

namespace CovidCt.Augmentation;

/// <summary>What chance decides for one image in one epoch: a function of (seed, epoch, row) and the options alone.</summary>
/// <param name="Top">Where the crop begins, as a share of the image's height.</param>
/// <param name="Left">Where the crop begins, as a share of the image's width.</param>
/// <param name="Extent">The crop's height and width as a share of the image's.</param>
/// <param name="Flip">Whether left and right are swapped.</param>
/// <param name="BlurSigma">The standard deviation of the blur in canvas pixels; null for none.</param>
/// <param name="NoiseDeviation">The standard deviation of the noise in gray values of [0, 1].</param>
/// <param name="NoiseSeed">The seed of the noise.</param>
/// <param name="Brightness">What is added, in gray values of [0, 1].</param>
/// <param name="Contrast">The factor of distances from the mean.</param>
/// <param name="Placement">Where the crop is laid on the canvas, and how large; null for the image's own place.</param>
/// <param name="Rendition">How the image is made to look published: resolution, gray curve and compression.</param>
internal readonly record struct AugmentationDraw(
    double Top,
    double Left,
    double Extent,
    bool Flip,
    double? BlurSigma,
    double NoiseDeviation,
    long NoiseSeed,
    double Brightness,
    double Contrast,
    PlacementDraw? Placement,
    RenditionDraw Rendition = default)
{
    // "augment" in ASCII: keeps these draws apart from other uses of the seed.
    private const long Stream = 0x6175676D656E74;

    public static AugmentationDraw Of(AugmentationOptions options, long seed, int epoch, int row)
    {
        // Every value is drawn, used or not: an option changes its own effect and no other.
        var random = new CounterRandom(seed, Stream, epoch, row);
        var top = random.NextUniform(0, options.CropFraction);
        var bottom = random.NextUniform(0, options.CropFraction);
        var left = (top + bottom) * random.NextUniform();
        var flip = random.NextBoolean(options.FlipProbability);
        var blurred = random.NextBoolean(options.BlurProbability);
        var sigma = Sigma(options, ref random);
        var noise = random.NextUniform(0, options.NoiseDeviationMax);
        var noiseSeed = (long)random.NextBits();
        var brightness = random.NextUniform(-options.Brightness, options.Brightness);
        var contrast = random.NextUniform(1 - options.Contrast, 1 + options.Contrast);
        var placement = PlacementDraw.Of(options, ref random); // The last: without it nothing has to be drawn in its place.
        var rendition = RenditionDraw.Of(options, seed, epoch, row);
        return new(
            top, left, 1 - top - bottom, flip, blurred ? sigma : null, noise, noiseSeed, brightness, contrast, placement, rendition);
    }

    /// <summary>Where an image comes to lie before it is flipped.</summary>
    public PixelRectangle Unflipped(PixelRectangle frame, ImageSize canvas) => Placement?.Place(frame, canvas) ?? frame;

    /// <summary>Where an image comes to lie.</summary>
    public PixelRectangle Placed(PixelRectangle frame, ImageSize canvas) =>
        Flip ? Unflipped(frame, canvas).Mirrored(canvas.Width) : Unflipped(frame, canvas);

    private static double Sigma(AugmentationOptions options, ref CounterRandom random)
    {
        if (!options.WholeBlurSigma)
        {
            return random.NextUniform(options.BlurSigmaMin, options.BlurSigmaMax);
        }

        var (least, most) = (Math.Ceiling(options.BlurSigmaMin), Math.Floor(options.BlurSigmaMax));
        return least + Math.Floor((most - least + 1) * random.NextUniform());
    }
}
