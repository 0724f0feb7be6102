using System.Runtime.InteropServices;
using CovidCt.Augmentation;
using CsCheck;
using SkiaSharp;

namespace CovidCt.Core.Tests.Augmentation;

public class JpegLossTests
{
    [Theory]
    [InlineData(5)]
    [InlineData(30)]
    [InlineData(50)]
    [InlineData(75)]
    [InlineData(95)]
    [InlineData(100)]
    public void It_loses_what_an_encoder_of_JPEG_loses(int quality)
    {
        foreach (var (width, height) in new[] { (64, 48), (227, 201), (13, 9), (3, 5) })
        {
            var gray = Picture(width, height);
            var expected = ThroughSkia(gray, width, height, quality);
            var actual = Array.ConvertAll(gray, value => (float)value);
            JpegLoss.Apply(actual, width, new(0, 0, width, height), quality);
            float[] differences = [.. expected.Zip(actual, (there, here) => Math.Abs(there - here))];

            // Its transform in whole numbers rounds a coefficient that lies between two steps to the other one in a block of a hundred.
            Assert.InRange(differences.Count(difference => difference > 2) / (double)gray.Length, 0, 0.02);
            Assert.InRange(differences.Average(), 0, 0.2);
        }
    }

    [Fact]
    public void Blocks_begin_at_the_images_corner_and_nothing_beyond_it_is_seen_or_changed() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40], Gen.Int[0, 11], Gen.Int[0, 11], Gen.Int[1, 100]).Sample((width, height, left, top, quality) =>
        {
            var alone = Array.ConvertAll(Picture(width, height), value => (float)value);
            var (wide, high) = (width + left + 5, height + top + 3);
            var canvas = Enumerable.Repeat(-7f, wide * high).ToArray();
            for (var y = 0; y < height; y++)
            {
                alone.AsSpan(y * width, width).CopyTo(canvas.AsSpan(((y + top) * wide) + left));
            }

            var image = new PixelRectangle(left, top, left + width, top + height);
            JpegLoss.Apply(alone, width, new(0, 0, width, height), quality);
            JpegLoss.Apply(canvas, wide, image, quality);
            for (var y = 0; y < high; y++)
            {
                for (var x = 0; x < wide; x++)
                {
                    var isInside = x >= image.Left && x < image.Right && y >= image.Top && y < image.Bottom;
                    Assert.Equal(isInside ? alone[((y - top) * width) + x - left] : -7f, canvas[(y * wide) + x]);
                }
            }
        });

    [Fact]
    public void What_comes_out_are_whole_gray_values_of_a_byte() =>
        Gen.Select(Gen.Float[-90, 400].Array[160], Gen.Int[1, 100]).Sample((canvas, quality) =>
        {
            JpegLoss.Apply(canvas, 16, new(0, 0, 16, 10), quality);
            Assert.All(canvas, value => Assert.Equal((byte)Math.Clamp(value, 0, 255), value));
        });

    [Fact]
    public void At_the_best_quality_a_pixel_changes_by_no_more_than_rounding_and_less_quality_loses_more()
    {
        var gray = Picture(96, 80);
        int[] qualities = [100, 90, 60, 30, 10];
        var losses = qualities.Select(quality =>
        {
            var image = Array.ConvertAll(gray, value => (float)value);
            JpegLoss.Apply(image, 96, new(0, 0, 96, 80), quality);
            return image.Zip(gray).Average(pair => Math.Abs(pair.First - pair.Second));
        }).ToList();
        Assert.InRange(losses[0], 0, 0.5);
        Assert.Equal(losses.Order(), losses);
    }

    [Fact]
    public void Steps_are_those_of_Annex_K_at_quality_50_and_all_1_at_100()
    {
        Assert.Equal([16, 11, 10, 16, 24, 40, 51, 61], JpegLoss.Table(50)[..8]);
        Assert.All(JpegLoss.Table(100), step => Assert.Equal(1, step));
        Assert.Equal([27, 18, 17, 27, 40, 66, 85, 101], JpegLoss.Table(30)[..8]); // (k · 166 + 50) / 100, of libjpeg's jpeg_quality_scaling.
        Assert.All(JpegLoss.Table(1), step => Assert.InRange(step, 255, 255));
    }

    /// <summary>Slopes, edges and noise.</summary>
    private static byte[] Picture(int width, int height)
    {
        var random = new CounterRandom(42, width, height);
        var gray = new byte[width * height];
        for (var i = 0; i < gray.Length; i++)
        {
            var (x, y) = (i % width, i / width);
            var body = ((x - (width / 2)) * (x - (width / 2))) + ((y - (height / 2)) * (y - (height / 2))) < width * height / 8 ? 150 : 20;
            gray[i] = (byte)Math.Clamp(body + (40 * Math.Sin(x / 9.0)) + random.NextUniform(-25, 25), 0, 255);
        }

        return gray;
    }

    private static byte[] ThroughSkia(byte[] gray, int width, int height, int quality)
    {
        var info = new SKImageInfo(width, height, SKColorType.Gray8, SKAlphaType.Opaque);
        using var bitmap = new SKBitmap(info);
        Each(bitmap, (row, address) => Marshal.Copy(gray, row * width, address, width));
        using var file = bitmap.Encode(SKEncodedImageFormat.Jpeg, quality);
        using var read = SKBitmap.Decode(file.ToArray(), info);
        var values = new byte[gray.Length];
        Each(read, (row, address) => Marshal.Copy(address, values, row * width, width));
        return values;

        static void Each(SKBitmap bitmap, Action<int, nint> copyRow)
        {
            for (var row = 0; row < bitmap.Height; row++)
            {
                copyRow(row, bitmap.GetPixels() + (row * bitmap.RowBytes));
            }
        }
    }
}
