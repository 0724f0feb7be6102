using System.ComponentModel.DataAnnotations;

namespace CovidCt.Imaging;

public abstract partial class ImageFileDecoder
{
    /// <summary>
    /// Which sizes of images are decoded, by what the file's header claims: before memory for pixels is taken, of which a file of a few
    /// kilobytes can ask for gigabytes.
    /// </summary>
    /// <remarks>Decoding takes up to five bytes a pixel, of which one stays: 335 MB at the default limit.</remarks>
    public sealed class Limits
    {
        /// <summary>The most pixels of an image, 1 to 2^28. Default: 64 Mi (67,108,864).</summary>
        [Range(1, 1 << 28)]
        public int MaxPixels { get; set; } = 64 << 20;

        /// <summary>The largest width and height in pixels, at least 1. Default: 16,384.</summary>
        [Range(1, int.MaxValue)]
        public int MaxSide { get; set; } = 16_384;

        /// <summary>
        /// The least width and height in pixels, at least 1. Default: 16. Anything smaller holds no slice of a chest, only an icon or a
        /// tracking pixel.
        /// </summary>
        [Range(1, int.MaxValue)]
        public int MinSide { get; set; } = 16;
    }
}
