using CovidCt.Imaging;

namespace CovidCt.Audit;

/// <summary>Statistics of an image's gray levels that say nothing of where anything is, but for its border.</summary>
/// <param name="Mean">The mean gray level, 0…255.</param>
/// <param name="Black">Share of pixels at 0.</param>
/// <param name="White">Share of pixels at 255.</param>
/// <param name="BorderMean">The mean gray level of the outermost pixels.</param>
/// <param name="BorderSpread">The standard deviation of the outermost pixels.</param>
/// <param name="PaddingAcross">Share of the width that uniform columns take at the left and right.</param>
/// <param name="PaddingDown">Share of the height that uniform rows take at the top and bottom.</param>
internal sealed record GrayStatistics(
    double Mean, double Black, double White, double BorderMean, double BorderSpread, double PaddingAcross, double PaddingDown)
{
    public static GrayStatistics Of(GrayImage image, PixelFrame frame)
    {
        Span<int> counts = stackalloc int[256];
        counts.Clear();
        foreach (var pixel in image.Pixels)
        {
            counts[pixel]++;
        }

        var total = 0L;
        for (var level = 0; level < 256; level++)
        {
            total += (long)level * counts[level];
        }

        var (sum, squares, outermost) = Border(image);
        var (pixels, mean) = ((double)image.Pixels.Length, (double)sum / outermost);
        return new(
            total / pixels,
            counts[0] / pixels,
            counts[255] / pixels,
            mean,
            Math.Sqrt(Math.Max(0, ((double)squares / outermost) - (mean * mean))),
            1 - ((double)frame.Width / image.Width),
            1 - ((double)frame.Height / image.Height));
    }

    private static (long Sum, long Squares, int Count) Border(GrayImage image)
    {
        var (sum, squares, count) = (0L, 0L, 0);
        for (var y = 0; y < image.Height; y++)
        {
            var step = y == 0 || y == image.Height - 1 ? 1 : Math.Max(image.Width - 1, 1);
            for (var x = 0; x < image.Width; x += step)
            {
                long pixel = image.Pixels[(y * image.Width) + x];
                (sum, squares, count) = (sum + pixel, squares + (pixel * pixel), count + 1);
            }
        }

        return (sum, squares, count);
    }
}
