using SkiaSharp;

namespace CovidCt.Reporting.Figures;

/// <summary>Pictures from files, made no larger than they are shown.</summary>
internal static class Pictures
{
    private const int WebpQuality = 88;

    /// <summary>Decodes a picture, and scales it down where its longer side is above <paramref name="most"/> pixels.</summary>
    /// <exception cref="InvalidDataException">It can't be decoded.</exception>
    public static SKBitmap Load(string file, int most)
    {
        var picture = SKBitmap.Decode(file) ?? throw new InvalidDataException($"{file} can't be decoded as a picture.");
        var longer = Math.Max(picture.Width, picture.Height);
        if (longer <= most)
        {
            return picture;
        }

        using (picture)
        {
            var size = new SKSizeI(Math.Max(1, picture.Width * most / longer), Math.Max(1, picture.Height * most / longer));
            return picture.Resize(size, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear))
                ?? throw new InvalidDataException($"{file} can't be scaled.");
        }
    }

    /// <summary>A picture for a web page, small enough that a report may hold many: WebP.</summary>
    /// <exception cref="InvalidDataException">It can't be decoded.</exception>
    public static (byte[] Webp, int Width, int Height) ForWeb(string file, int most)
    {
        using var picture = Load(file, most);
        using var data = picture.Encode(SKEncodedImageFormat.Webp, WebpQuality);
        return (data.ToArray(), picture.Width, picture.Height);
    }
}
