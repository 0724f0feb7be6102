using CovidCt.Recipes;

namespace CovidCt.Augmentation;

/// <summary>What chance decides of how an image would have been published; of the default value nothing is done.</summary>
/// <param name="Resolution">The factor that its sides are sampled down by, before it is sampled up again; null for none.</param>
/// <param name="Gamma">The power that gray values of [0, 1] are raised to; null for none.</param>
/// <param name="JpegQuality">The quality of JPEG, in libjpeg's numbers; null for none.</param>
internal readonly record struct RenditionDraw(double? Resolution, double? Gamma, int? JpegQuality)
{
    // "publish" in ASCII: a stream of its own, so that the draws that were there before keep their bits.
    private const long Stream = 0x7075626C697368;

    public static RenditionDraw Of(AugmentationOptions options, long seed, int epoch, int row)
    {
        // Every value is drawn, used or not: an option changes its own effect and no other.
        var random = new CounterRandom(seed, Stream, epoch, row);
        var gamma = Math.Pow(2, random.NextUniform(-options.Gamma, options.Gamma));
        var sampled = random.NextBoolean(options.ResolutionProbability);
        var least = options.ResolutionMin ?? 1;
        var resolution = random.NextUniform(least, 1);
        var compressed = random.NextBoolean(options.JpegProbability);
        var quality = options.JpegQualityMin + random.NextBelow(options.JpegQualityMax - options.JpegQualityMin + 1);
        return new(
            sampled && options.ResolutionMin is not null ? resolution : null,
            options.Gamma > 0 ? gamma : null,
            compressed ? quality : null);
    }
}
