using CovidCt.Recipes;

namespace CovidCt.Augmentation;

/// <summary>Which kinds of change an augmentation makes at all.</summary>
internal static class AugmentationKinds
{
    /// <summary>Whether images are cropped or flipped.</summary>
    public static bool Resamples(this AugmentationOptions options) => options.CropFraction > 0 || options.FlipProbability > 0;

    /// <summary>Whether gray levels are changed.</summary>
    public static bool Rescales(this AugmentationOptions options) => options.Brightness > 0 || options.Contrast > 0;
}
