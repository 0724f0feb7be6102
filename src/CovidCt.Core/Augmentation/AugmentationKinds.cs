using CovidCt.Recipes;

namespace CovidCt.Augmentation;

/// <summary>Which kinds of change an augmentation makes at all.</summary>
internal static class AugmentationKinds
{
    /// <summary>Whether images are cropped, flipped, shrunk or moved.</summary>
    public static bool Resamples(this AugmentationOptions options) =>
        options.CropFraction > 0 || options.FlipProbability > 0 || options.Places();

    /// <summary>Whether images are shrunk or moved.</summary>
    public static bool Places(this AugmentationOptions options) => options.CoverageMin is not null || options.RandomPlacement;

    /// <summary>Whether images are made to look published in another way.</summary>
    public static bool Rerenders(this AugmentationOptions options) =>
        options.Gamma > 0 || options.ResolutionMin is not null || options.JpegProbability > 0;

    /// <summary>What is said of these kinds where a card is asked for them.</summary>
    public const string OnProcessorAlone =
        $"Augmentation by {nameof(AugmentationOptions.Gamma)}, {nameof(AugmentationOptions.ResolutionMin)} and "
        + $"{nameof(AugmentationOptions.JpegProbability)} is done on the processor alone by now: leave them out, or train there.";

    /// <summary>Whether gray levels are changed.</summary>
    public static bool Rescales(this AugmentationOptions options) => options.Brightness > 0 || options.Contrast > 0;
}
