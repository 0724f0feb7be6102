using CovidCt.Imaging;
using SkiaSharp;

namespace CovidCt.Maps;

/// <summary>Pictures of a heatmap over the gray image that it explains.</summary>
/// <remarks>
/// A pixel of value v is drawn in <see cref="HeatColours.At"/> of v with the opacity <c>opacity · √v</c>, so that the
/// image is as it was where the map is 0, and its structure stays visible everywhere.
/// </remarks>
internal static class HeatmapOverlay
{
    /// <summary>How much of the image the hottest colour hides, unless another share is asked for.</summary>
    public const double DefaultOpacity = 0.6;

    /// <summary>The colours of the picture.</summary>
    /// <param name="image">The image.</param>
    /// <param name="heatmap">A value in [0, 1] for each of its pixels, row by row.</param>
    /// <param name="opacity">How much of the image the hottest colour hides, in [0, 1].</param>
    /// <returns>R, G and B of each pixel, row by row.</returns>
    /// <exception cref="ArgumentException">The heatmap has another size than the image.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The opacity is not in [0, 1].</exception>
    public static byte[] Draw(GrayImage image, ReadOnlySpan<float> heatmap, double opacity = DefaultOpacity)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (heatmap.Length != image.Pixels.Length)
        {
            throw new ArgumentException(
                $"A heatmap of {image.Width}×{image.Height} values was expected, {heatmap.Length} given.", nameof(heatmap));
        }

        if (opacity is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(opacity), opacity, "An opacity lies in [0, 1].");
        }

        var colours = new byte[3 * heatmap.Length];
        for (var i = 0; i < heatmap.Length; i++)
        {
            var share = opacity * Math.Sqrt(Math.Clamp(heatmap[i], 0, 1));
            var (red, green, blue) = HeatColours.At(heatmap[i]);
            colours[3 * i] = Over(red);
            colours[(3 * i) + 1] = Over(green);
            colours[(3 * i) + 2] = Over(blue);

            byte Over(byte colour) => (byte)Math.Round(image.Pixels[i] + (share * (colour - image.Pixels[i])));
        }

        return colours;
    }

    /// <summary>The picture as the content of a PNG file.</summary>
    /// <inheritdoc cref="Draw"/>
    /// <returns>The content of the file.</returns>
    public static byte[] Png(GrayImage image, ReadOnlySpan<float> heatmap, double opacity = DefaultOpacity) =>
        Encode(image, Draw(image, heatmap, opacity), image.Width);

    /// <summary>The picture as the content of a PNG file of limited width, its aspect ratio kept.</summary>
    /// <param name="image">The image.</param>
    /// <param name="heatmap">One value in [0, 1] a pixel, row by row.</param>
    /// <param name="mostWidth">The width that it has at most, in pixels.</param>
    public static byte[] Thumbnail(GrayImage image, ReadOnlySpan<float> heatmap, int mostWidth) =>
        Encode(image, Draw(image, heatmap), Math.Min(image.Width, mostWidth));

    private static byte[] Encode(GrayImage image, byte[] colours, int width)
    {
        SkiaNativePart.Require();
        var pixels = new byte[colours.Length / 3 * 4];
        for (var i = 0; i < colours.Length / 3; i++)
        {
            colours.AsSpan(3 * i, 3).CopyTo(pixels.AsSpan(4 * i));
            pixels[(4 * i) + 3] = byte.MaxValue;
        }

        var info = new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var picture = SKImage.FromPixelCopy(info, pixels, info.RowBytes);
        using var scaled = width == image.Width
            ? null
            : Scaled(picture, info.WithSize(width, Math.Max(1, (int)Math.Round((double)image.Height * width / image.Width))));
        using var png = (scaled ?? picture).Encode(SKEncodedImageFormat.Png, quality: 100);
        return png.ToArray();
    }

    private static SKImage Scaled(SKImage picture, SKImageInfo info)
    {
        using var bitmap = new SKBitmap(info);
        using var pixels = bitmap.PeekPixels(); // Held: a collected one would be freed under Skia's hands.
        picture.ScalePixels(pixels, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        return SKImage.FromBitmap(bitmap);
    }

    /// <summary>Writes the picture, whole or not at all.</summary>
    /// <param name="path">A PNG file, replaced if it is there; its folder is made when missing.</param>
    /// <inheritdoc cref="Draw" path="//param|//exception"/>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void Save(string path, GrayImage image, ReadOnlySpan<float> heatmap, double opacity = DefaultOpacity)
    {
        ArgumentNullException.ThrowIfNull(path);
        AtomicFile.WriteAllBytes(path, Png(image, heatmap, opacity));
    }
}
