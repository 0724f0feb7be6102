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

    /// <summary>Whether gray levels are changed.</summary>
    public static bool Rescales(this AugmentationOptions options) => options.Brightness > 0 || options.Contrast > 0;
}
