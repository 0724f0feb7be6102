using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace CovidCt.Recipes;

/// <summary>
/// What is done to training images at random: crop, flip, blur, noise, brightness and contrast, in this order, as in the
/// paper; and, where asked for, size and place on the canvas, resolution, gamma and compression. Rotation and shear made the paper's
/// results worse and are left out.
/// </summary>
/// <remarks>
/// <para>
/// The paper states the crop, the share of blurred images and the kinds of change; where it leaves a range open, the
/// default is this library's modest choice, and its documentation says so. Gray values are in [0, 1].
/// </para>
/// <para>
/// The order of all: crop, size, place and flip in one resampling; resolution; blur; gamma; noise; brightness and contrast, about the mean
/// that the image had before all this; a cut to [0, 1]; JPEG. Padding keeps its colour: only what the image covers is changed.
/// </para>
/// </remarks>
public sealed class AugmentationOptions : IValidatableObject
{
    private const double UsualResolutionProbability = 0.5;
    private const int UsualJpegQualityMin = 30, UsualJpegQualityMax = 95;

    /// <summary>No augmentation: every image stays as it is.</summary>
    public static AugmentationOptions None => new()
    {
        CropFraction = 0,
        FlipProbability = 0,
        BlurProbability = 0,
        NoiseDeviationMax = 0,
        Brightness = 0,
        Contrast = 0,
    };

    /// <summary>
    /// With what the paper's authors do in their later public code and the paper doesn't say: images at random sizes, from 80 % of the
    /// canvas's area, at random places, and blurs of 2 pixels.
    /// </summary>
    public static AugmentationOptions Authors => new()
    {
        BlurSigmaMin = 2,
        BlurSigmaMax = 2,
        CoverageMin = 0.8,
        RandomPlacement = true,
        WholeBlurSigma = true,
    };

    /// <summary>
    /// How much a crop takes from the top and from the bottom, at most, each drawn uniformly from 0 to this share of
    /// the height; the width loses the same share, divided at random between left and right, so that the aspect ratio
    /// stays. The rest is scaled back to the image's place on the canvas. Default 0.05, the authors'; 0 for no crop.
    /// </summary>
    [Range(0.0, 0.45)]
    public double CropFraction { get; set; } = 0.05;

    /// <summary>The probability of a horizontal flip. Default 0.5 (our choice).</summary>
    [Range(0.0, 1.0)]
    public double FlipProbability { get; set; } = 0.5;

    /// <summary>The probability of a Gaussian blur. Default 0.25, the paper's.</summary>
    [Range(0.0, 1.0)]
    public double BlurProbability { get; set; } = 0.25;

    /// <summary>The least standard deviation of a blur, in canvas pixels. Default 0.5 (our choice).</summary>
    [Range(0.1, 10.0)]
    public double BlurSigmaMin { get; set; } = 0.5;

    /// <summary>
    /// The greatest standard deviation of a blur, in canvas pixels; it is drawn uniformly. Default 1.5 (our choice).
    /// </summary>
    [Range(0.1, 10.0)]
    public double BlurSigmaMax { get; set; } = 1.5;

    /// <summary>
    /// The greatest standard deviation of the Gaussian noise, in gray values; each image's is drawn uniformly from 0 to
    /// this. Default 0.05 (our choice); 0 for no noise.
    /// </summary>
    [Range(0.0, 1.0)]
    public double NoiseDeviationMax { get; set; } = 0.05;

    /// <summary>
    /// What is added to the gray values is drawn uniformly from ± this. Default 0.15 (our choice); 0 for no change.
    /// </summary>
    [Range(0.0, 1.0)]
    public double Brightness { get; set; } = 0.15;

    /// <summary>
    /// Distances from the image's mean gray value are multiplied by a factor drawn uniformly from 1 ± this. Default 0.15
    /// (our choice); 0 for no change.
    /// </summary>
    [Range(0.0, 1.0)]
    public double Contrast { get; set; } = 0.15;

    /// <summary>
    /// The least share of the canvas's area that an image is shrunk to, from 0.25: its sides are multiplied by one factor, drawn uniformly
    /// between the one that makes it cover this share and 1. An image whose shape keeps it from covering as much stays as it is. It
    /// shrinks towards its middle, unless <see cref="RandomPlacement"/> moves it. Default null, for none; the authors' is 0.8.
    /// </summary>
    [Range(0.25, 1.0)] // Sides halve at most: bilinear sampling takes two pixels to one without leaving any out.
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? CoverageMin { get; set; }

    /// <summary>
    /// Whether an image lies anywhere on its canvas where it fits, each place as likely as any other, and not where the canvas has it.
    /// Default false; the authors' is true.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool RandomPlacement { get; set; }

    /// <summary>
    /// Whether the standard deviation of a blur is a whole number of pixels, each from <see cref="BlurSigmaMin"/> to
    /// <see cref="BlurSigmaMax"/> as likely as any other, as the authors draw the radius of Pillow's <c>GaussianBlur</c>, from 2 on.
    /// Default false.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool WholeBlurSigma { get; set; }

    /// <summary>
    /// The gray values are raised to a power 2ᵘ, u drawn uniformly from ± this, as windows and displays differ in their gray curve. Default
    /// 0, for no change; 1 for powers from ½ to 2.
    /// </summary>
    [Range(0.0, 1.0)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double Gamma { get; set; }

    /// <summary>
    /// The least factor that an image's sides are sampled down by, from 0.25, drawn uniformly between this and 1, to whole pixels, each the
    /// mean of the area it covers; bilinear sampling then brings the image back to its size. Default null, for none.
    /// </summary>
    [Range(0.25, 1.0)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ResolutionMin { get; set; }

    /// <summary>The probability of sampling down and up where <see cref="ResolutionMin"/> is set. Default 0.5 (our choice).</summary>
    [Range(0.0, 1.0)]
    [JsonIgnore]
    public double ResolutionProbability { get; set; } = UsualResolutionProbability;

    /// <summary>
    /// The probability of what baseline JPEG (ITU-T T.81) loses of a gray image: blocks of 8 × 8 pixels from the image's upper left corner
    /// on, whose cosine transform is rounded to multiples of the luminance table of Annex K, scaled to a quality as libjpeg does. Gray
    /// values become whole numbers of 255, as in a file. Default 0.
    /// </summary>
    [Range(0.0, 1.0)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double JpegProbability { get; set; }

    /// <summary>The least quality of JPEG, in libjpeg's numbers from 1 to 100. Default 30 (our choice).</summary>
    [Range(1, 100)]
    [JsonIgnore]
    public int JpegQualityMin { get; set; } = UsualJpegQualityMin;

    /// <summary>
    /// The greatest quality of JPEG; each whole number from <see cref="JpegQualityMin"/> on is as likely as any other. Default 95 (our
    /// choice).
    /// </summary>
    [Range(1, 100)]
    [JsonIgnore]
    public int JpegQualityMax { get; set; } = UsualJpegQualityMax;

    /// <summary>As files have it: nothing where it is the default.</summary>
    [JsonInclude]
    [JsonPropertyName("resolutionProbability")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    internal double? StatedResolutionProbability
    {
        get => ResolutionProbability == UsualResolutionProbability ? null : ResolutionProbability;
        set => ResolutionProbability = value ?? UsualResolutionProbability;
    }

    /// <summary>As files have it: nothing where it is the default.</summary>
    [JsonInclude]
    [JsonPropertyName("jpegQualityMin")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    internal int? StatedJpegQualityMin
    {
        get => JpegQualityMin == UsualJpegQualityMin ? null : JpegQualityMin;
        set => JpegQualityMin = value ?? UsualJpegQualityMin;
    }

    /// <summary>As files have it: nothing where it is the default.</summary>
    [JsonInclude]
    [JsonPropertyName("jpegQualityMax")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    internal int? StatedJpegQualityMax
    {
        get => JpegQualityMax == UsualJpegQualityMax ? null : JpegQualityMax;
        set => JpegQualityMax = value ?? UsualJpegQualityMax;
    }

    /// <summary>A copy.</summary>
    public AugmentationOptions Clone() => (AugmentationOptions)MemberwiseClone();

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (BlurSigmaMin > BlurSigmaMax)
        {
            yield return new ValidationResult(
                FormattableString.Invariant($"{nameof(BlurSigmaMin)} is {BlurSigmaMin}, above {nameof(BlurSigmaMax)}, {BlurSigmaMax}: ")
                    + "lower the one or raise the other.",
                [nameof(BlurSigmaMin), nameof(BlurSigmaMax)]);
        }
        else if (WholeBlurSigma && Math.Ceiling(BlurSigmaMin) > Math.Floor(BlurSigmaMax))
        {
            yield return new ValidationResult(
                $"{nameof(WholeBlurSigma)} is set, and there is no whole number from "
                    + FormattableString.Invariant($"{nameof(BlurSigmaMin)}, {BlurSigmaMin}, to {nameof(BlurSigmaMax)}, {BlurSigmaMax}: ")
                    + "lower the one or raise the other.",
                [nameof(WholeBlurSigma), nameof(BlurSigmaMin), nameof(BlurSigmaMax)]);
        }

        if (JpegQualityMin > JpegQualityMax)
        {
            yield return new ValidationResult(
                FormattableString.Invariant(
                    $"{nameof(JpegQualityMin)} is {JpegQualityMin}, above {nameof(JpegQualityMax)}, {JpegQualityMax}: ")
                    + "lower the one or raise the other.",
                [nameof(JpegQualityMin), nameof(JpegQualityMax)]);
        }
    }
}
