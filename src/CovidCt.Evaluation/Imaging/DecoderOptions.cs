using System.ComponentModel.DataAnnotations;

namespace CovidCt.Imaging;

/// <summary>Which sizes of image are decoded at all; both are checked before memory for pixels is taken.</summary>
public sealed class DecoderOptions
{
    /// <summary>
    /// The most pixels of an image, 1 to 2^28. Default: 64 Mi (67,108,864). A file of a few kilobytes can ask for
    /// gigabytes of pixels.
    /// </summary>
    [Range(1, 1 << 28)]
    public int MaxPixels { get; set; } = 64 << 20;

    /// <summary>
    /// The least width and height in pixels, at least 1. Default: 16. Anything smaller holds no slice of a chest, only
    /// an icon or a tracking pixel.
    /// </summary>
    [Range(1, 1 << 14)]
    public int MinSide { get; set; } = 16;
}
