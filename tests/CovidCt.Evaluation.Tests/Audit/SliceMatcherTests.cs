using CovidCt.Audit;
using CovidCt.Imaging;
using CovidCt.Tests;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Audit;

public class SliceMatcherTests
{
    [Fact]
    public void An_image_is_itself_and_its_mirror_image_mirrored()
    {
        var image = Cells(200, 150, 1);
        var mirrored = Mirrored(image);

        Assert.InRange(Similarity(image, image), 1 - 1e-6, 1);
        Assert.InRange(Similarity(image, mirrored, mirrored: true), 0.99, 1);
        Assert.InRange(Similarity(image, mirrored), -1, 0.5);
    }

    [Fact]
    public void Other_scales_shifts_and_windows_of_a_scene_are_the_same() =>
        Gen.Select(Gen.Double[0.9, 1.1], Gen.Double[0.9, 1.1], Gen.Double[-6, 6], Gen.Double[-6, 6], Gen.Double[0.6, 1.2], Gen.Int[1, 100])
            .Sample((scaleX, scaleY, shiftX, shiftY, gain, seed) =>
            {
                var other = Cells(200, 150, seed, scaleX, scaleY, shiftX, shiftY, gain);
                Assert.InRange(Similarity(Cells(200, 150, seed), other), 0.9, 1);
            }, iter: 12);

    [Fact]
    public void Other_scenes_and_blank_images_are_not() => Gen.Int[1, 1000].Sample(seed =>
    {
        Assert.InRange(Similarity(Cells(200, 150, seed), Cells(200, 150, seed + 5000)), -0.6, 0.6);
        Assert.Equal(0, Similarity(Cells(200, 150, seed), new GrayImage(50, 50, new byte[2500])));
        Assert.Equal(0, Similarity(new GrayImage(50, 50, new byte[2500]), new GrayImage(50, 50, new byte[2500])));
    }, iter: 8);

    [Fact]
    public void Noise_of_any_kind_gives_a_number_in_range() => Gen.Select(Gen.Byte.Array[9216], Gen.Byte.Array[9216]).Sample((a, b) =>
    {
        var matcher = new SliceMatcher();
        matcher.SetFirst(new SliceThumbnail(a));
        Assert.InRange(matcher.Compare(new SliceThumbnail(b), mirrored: false), -1, 1);
    }, iter: 8);

    [Fact]
    public void The_hash_of_a_mirrored_image_is_the_mirrored_hash()
    {
        var hash = PerceptualHash.Of(Thumbnail(Cells(192, 192, 3)));
        var mirrored = PerceptualHash.Of(Thumbnail(Mirrored(Cells(192, 192, 3))));

        Assert.InRange(PerceptualHash.Distance(hash.MirroredBits, mirrored.Bits), 0, 2);
        Assert.InRange(PerceptualHash.Distance(hash.Bits, mirrored.Bits), 14, 63);
    }

    [Fact]
    public void The_hash_hardly_changes_with_brightness_and_size()
    {
        var hash = PerceptualHash.Of(Thumbnail(Cells(200, 150, 4)));
        var darker = PerceptualHash.Of(Thumbnail(Cells(200, 150, 4, gain: 0.7)));
        var larger = PerceptualHash.Of(Thumbnail(Cells(300, 225, 4, 1.0 / 1.5, 1.0 / 1.5)));

        Assert.InRange(PerceptualHash.Distance(hash.Bits, darker.Bits), 0, 4);
        Assert.InRange(PerceptualHash.Distance(hash.Bits, larger.Bits), 0, 4);
    }

    [Fact]
    public void The_inner_hash_is_that_of_a_cropped_copy()
    {
        var image = Cells(200, 200, 5);
        var cropped = new PixelFrame(12, 12, 176, 176).Crop(image);

        Assert.InRange(PerceptualHash.Distance(PerceptualHash.Of(Thumbnail(image)).InnerBits, PerceptualHash.Of(Thumbnail(cropped)).Bits), 0, 6);
    }

    [Fact]
    public void Padding_is_taken_off_and_counted()
    {
        var image = TestImages.Noise(60, 40);
        var padded = new byte[100 * 50];
        Array.Fill(padded, (byte)250);
        for (var y = 0; y < 40; y++)
        {
            image.Pixels.AsSpan(y * 60, 60).CopyTo(padded.AsSpan(((y + 4) * 100) + 10));
        }

        var whole = new GrayImage(100, 50, padded);
        var frame = PixelFrame.Inside(whole);
        var statistics = GrayStatistics.Of(whole, frame);

        Assert.Equal(new PixelFrame(10, 4, 60, 40), frame);
        Assert.Equal(image.Pixels, frame.Crop(whole).Pixels);
        Assert.Equal((0.4, 0.2, 250, 0), (Math.Round(statistics.PaddingAcross, 12), Math.Round(statistics.PaddingDown, 12), statistics.BorderMean, statistics.BorderSpread));
        Assert.Equal(padded.Average(pixel => (double)pixel), statistics.Mean, 1e-9);
    }

    private static double Similarity(GrayImage a, GrayImage b, bool mirrored = false)
    {
        var matcher = new SliceMatcher();
        matcher.SetFirst(Thumbnail(a));
        return matcher.Compare(Thumbnail(b), mirrored);
    }

    private static SliceThumbnail Thumbnail(GrayImage image) => SliceThumbnail.Of(image);

    private static GrayImage Mirrored(GrayImage image) => new(
        image.Width, image.Height,
        [.. Enumerable.Range(0, image.Pixels.Length).Select(i => image.Pixels[(i / image.Width * image.Width) + image.Width - 1 - (i % image.Width)])]);

    /// <summary>Soft blobs on a slope: a scene that can be drawn at any scale.</summary>
    private static GrayImage Cells(
        int width, int height, int seed, double scaleX = 1, double scaleY = 1, double shiftX = 0, double shiftY = 0, double gain = 1)
    {
        var random = new CounterRandom(seed);
        var blobs = new (double X, double Y, double Radius, double Level)[90];
        for (var i = 0; i < blobs.Length; i++)
        {
            blobs[i] = (random.NextUniform(-20, 220), random.NextUniform(-20, 170), random.NextUniform(3, i < 6 ? 60 : 9), random.NextUniform(-60, 90));
        }

        var pixels = new byte[width * height];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var (atX, atY) = ((x * scaleX) + shiftX, (y * scaleY) + shiftY);
                var level = 90.0;
                foreach (var (blobX, blobY, radius, height1) in blobs)
                {
                    var distance = (((atX - blobX) * (atX - blobX)) + ((atY - blobY) * (atY - blobY))) / (radius * radius);
                    level += distance < 9 ? height1 * Math.Exp(-distance) : 0;
                }

                pixels[(y * width) + x] = (byte)Math.Clamp(gain * level, 0, 255);
            }
        }

        return new(width, height, pixels);
    }
}
