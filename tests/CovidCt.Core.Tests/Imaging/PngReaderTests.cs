using CovidCt.Imaging;
using CsCheck;

namespace CovidCt.Core.Tests.Imaging;

public class PngReaderTests
{
    private static readonly SkiaImageDecoder Decoder = new();

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 3)]
    [InlineData(6, 4)]
    public void Every_filter_is_undone_at_every_width(byte colourType, int channels) =>
        Gen.Select(Gen.Int[16, 70], Gen.Int[16, 40], Gen.Int[0, int.MaxValue], Gen.Int[1, 400]).Sample(
            (width, height, seed, chunk) =>
            {
                var (samples, file) = Picture(width, height, colourType, channels, seed, chunk);

                var header = PngReader.Inspect(file);

                Assert.Equal(new PngHeader(width, height, channels), header);
                Assert.Equal(Gray(samples, channels), PngReader.Read(file, header!)!.Pixels);
            },
            iter: 60);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 3)]
    [InlineData(6, 4)]
    public void Images_larger_than_a_block_are_whole(byte colourType, int channels)
    {
        var (samples, file) = Picture(701, 333, colourType, channels, 5, 8000);

        Assert.Equal(Gray(samples, channels), PngReader.Read(file, PngReader.Inspect(file)!)!.Pixels);
    }

    [Fact]
    public void What_is_unusual_is_left_to_Skia()
    {
        var fixtures = Directory.GetFiles(Path.Combine(TestImages.Fixtures, "Decode"), "*.png").ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes);

        Assert.NotNull(PngReader.Inspect(fixtures["rgba.png"]));
        Assert.Null(PngReader.Inspect(fixtures["gray-16bit.png"]));
        Assert.Null(PngReader.Inspect(TestImages.Png(20, 20, 4, 0, new byte[200])));
        Assert.Null(PngReader.Inspect(TestImages.Png(20, 20, 8, 3, new byte[400])));
        Assert.Null(PngReader.Inspect([.. TestImages.GrayPng()[..^12]]));
    }

    [Fact]
    public void A_changed_byte_of_what_counts_is_told_by_its_sum()
    {
        var file = TestImages.GrayPng();
        for (var at = 8; at < file.Length; at++)
        {
            byte[] damaged = [.. file];
            damaged[at] ^= 0x10;

            Assert.Null(PngReader.Inspect(damaged));
        }
    }

    [Fact]
    public void A_filter_that_there_is_not_is_rejected()
    {
        var lines = new byte[17 * 16];
        lines[17 * 5] = 5;

        Assert.Throws<ImageRejectedException>(() => Decoder.Decode(TestImages.FilteredPng(16, 16, 0, lines, 1000)));
    }

    [Fact]
    public void Too_few_pixels_are_rejected() =>
        Assert.Throws<ImageRejectedException>(() => Decoder.Decode(TestImages.FilteredPng(16, 16, 0, new byte[(17 * 16) - 1], 1000)));

    [Fact]
    public void Crc32_is_that_of_the_specification()
    {
        Assert.Equal(0xCBF43926u, Crc32.Of("123456789"u8));
        Assert.Equal(0u, Crc32.Of([]));
        Assert.Equal(0xAE426082u, Crc32.Of("IEND"u8));
    }

    /// <summary>Samples drawn at random, and their file with a filter drawn for each line.</summary>
    private static (byte[] Samples, byte[] File) Picture(int width, int height, byte colourType, int channels, int seed, int chunk)
    {
        var random = new Random(seed);
        var length = width * channels;
        var samples = new byte[length * height];
        for (var i = 0; i < samples.Length; i++)
        {
            // Neighbours alike, so that Paeth has something to choose, and now and then a leap.
            samples[i] = i < length || random.Next(8) == 0 ? (byte)random.Next(256) : (byte)(samples[i - channels] + random.Next(-3, 4));
        }

        var lines = new byte[(length + 1) * height];
        for (var y = 0; y < height; y++)
        {
            var filter = random.Next(5);
            lines[y * (length + 1)] = (byte)filter;
            for (var x = 0; x < length; x++)
            {
                var left = x < channels ? 0 : samples[(y * length) + x - channels];
                var above = y == 0 ? 0 : samples[((y - 1) * length) + x];
                var aboveLeft = x < channels || y == 0 ? 0 : samples[((y - 1) * length) + x - channels];
                var predicted = filter switch { 0 => 0, 1 => left, 2 => above, 3 => (left + above) / 2, _ => Paeth(left, above, aboveLeft) };
                lines[(y * (length + 1)) + 1 + x] = (byte)(samples[(y * length) + x] - predicted);
            }
        }

        return (samples, TestImages.FilteredPng(width, height, colourType, lines, chunk));
    }

    // As section 9.4 of the specification writes it.
    private static int Paeth(int a, int b, int c)
    {
        var p = a + b - c;
        var (pa, pb, pc) = (Math.Abs(p - a), Math.Abs(p - b), Math.Abs(p - c));
        return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
    }

    private static byte[] Gray(byte[] samples, int channels) => channels == 1
        ? samples
        : [.. samples.Chunk(channels).Select(p => (byte)(((p[0] * 19595) + (p[1] * 38470) + (p[2] * 7471) + 0x8000) >> 16))];
}
