using CovidCt.Imaging;

namespace CovidCt.Audit;

/// <summary>The part of an image inside its padding, in pixels.</summary>
internal readonly record struct PixelFrame(int Left, int Top, int Width, int Height)
{
    // JPEG's ringing makes a padding of one level a few levels wide.
    private const int Tolerance = 12;

    private const int LeastSide = 16;

    /// <summary>
    /// Takes off, from outside in, rows and then columns whose levels differ by 12 at most, as long as 16 stay.
    /// </summary>
    public static PixelFrame Inside(GrayImage image)
    {
        var (left, top, right, bottom) = (0, 0, image.Width, image.Height);
        while (bottom - top > LeastSide && IsFlat(image, left, top, right, top + 1))
        {
            top++;
        }

        while (bottom - top > LeastSide && IsFlat(image, left, bottom - 1, right, bottom))
        {
            bottom--;
        }

        while (right - left > LeastSide && IsFlat(image, left, top, left + 1, bottom))
        {
            left++;
        }

        while (right - left > LeastSide && IsFlat(image, right - 1, top, right, bottom))
        {
            right--;
        }

        return new(left, top, right - left, bottom - top);
    }

    /// <summary>The pixels inside.</summary>
    public GrayImage Crop(GrayImage image)
    {
        if (Width == image.Width && Height == image.Height)
        {
            return image;
        }

        var pixels = new byte[Width * Height];
        for (var y = 0; y < Height; y++)
        {
            image.Pixels.AsSpan(((Top + y) * image.Width) + Left, Width).CopyTo(pixels.AsSpan(y * Width));
        }

        return new(Width, Height, pixels);
    }

    private static bool IsFlat(GrayImage image, int left, int top, int right, int bottom)
    {
        var (low, high) = (255, 0);
        for (var y = top; y < bottom; y++)
        {
            for (var x = left; x < right; x++)
            {
                var pixel = image.Pixels[(y * image.Width) + x];
                (low, high) = (Math.Min(low, pixel), Math.Max(high, pixel));
                if (high - low > Tolerance)
                {
                    return false;
                }
            }
        }

        return true;
    }
}
