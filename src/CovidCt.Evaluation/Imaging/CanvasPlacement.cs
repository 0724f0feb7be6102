namespace CovidCt.Imaging;

/// <summary>Where a scaled image lies on its canvas.</summary>
public enum CanvasPlacement
{
    /// <summary>In the middle; of an odd margin the right or lower side has the pixel more.</summary>
    Centred,

    /// <summary>
    /// Anywhere it fits, drawn once an image, from the seed and the sample: it lies there in every epoch and in the test. The paper's
    /// authors draw anew each time that an image is used, in their tests too; <c>AugmentationOptions.RandomPlacement</c> does so in
    /// training.
    /// </summary>
    Random,
}
