using CovidCt.Imaging;
using CovidCt.Tests;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Imaging;

public class SkiaImageDecoderTests
{
    private static readonly SkiaImageDecoder Decoder = new();

    public static TheoryData<string> Images { get; } = new(
        Directory.GetFiles(Path.Combine(TestImages.Fixtures, "Decode")).Select(file => Path.GetFileName(file))
            .Where(name => !name.EndsWith(".pgm", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Images))]
    public void Gray_equals_Pillow(string name)
    {
        var expected = TestImages.ReadPgm(Fixture(name + ".pgm"));

        var image = Decoder.DecodeFile(Fixture(name));

        Assert.Equal((expected.Width, expected.Height), (image.Width, image.Height));
        Assert.Equal(expected.Pixels, image.Pixels);
    }

    [Fact]
    public void Gray_pixels_survive_in_every_colour_type()
    {
        byte[] levels = [.. Enumerable.Range(0, 256).Select(level => (byte)level)];
        byte[] rgb = [.. levels.SelectMany(level => new[] { level, level, level })];
        byte[] rgba = [.. levels.SelectMany(level => new[] { level, level, level, (byte)(level * 7) })];

        Assert.Equal(levels, Decoder.Decode(TestImages.Png(16, 16, 8, 0, levels)).Pixels);
        Assert.Equal(levels, Decoder.Decode(TestImages.Png(16, 16, 8, 2, rgb)).Pixels);
        Assert.Equal(levels, Decoder.Decode(TestImages.Png(16, 16, 8, 6, rgba)).Pixels);
    }

    [Fact]
    public void Luma_is_right_at_every_width() => Gen.Int[16, 90].SelectMany(width => Gen.Byte.Array[3 * width * 16].Select(rgb => (width, rgb)))
        .Sample(
            image =>
            {
                var gray = Decoder.Decode(TestImages.Png(image.width, 16, 8, 2, image.rgb)).Pixels;
                Assert.Equal(
                    image.rgb.Chunk(3).Select(p => (byte)(((p[0] * 19595) + (p[1] * 38470) + (p[2] * 7471) + 0x8000) >> 16)), gray);
            },
            iter: 200);

    [Fact]
    public void The_format_is_told_by_content()
    {
        using var folder = new TemporaryFolder();

        var image = Decoder.DecodeFile(folder.Write("slice.txt", TestImages.GrayPng()));

        Assert.Equal(TestImages.Noise(20, 16).Pixels, image.Pixels);
    }

    [Theory]
    [InlineData("baseline-420.jpg")]
    [InlineData("progressive.jpg")]
    [InlineData("rgba.png")]
    [InlineData("gray-16bit.png")]
    [InlineData("rgb.gif")]
    [InlineData("alpha.webp")]
    [InlineData("lossy.webp")]
    [InlineData("rgb.bmp")]
    public void A_file_cut_off_anywhere_is_whole_or_rejected(string name)
    {
        var file = File.ReadAllBytes(Fixture(name));
        var expected = Decoder.Decode(file).Pixels;
        var rejected = 0;
        for (var length = 0; length < file.Length; length++)
        {
            try
            {
                Assert.Equal(expected, Decoder.Decode(file.AsMemory(0, length)).Pixels);
            }
            catch (ImageRejectedException e)
            {
                Assert.EndsWith(".", e.Message, StringComparison.Ordinal);
                rejected++;
            }
        }

        // What may be missing is what follows the last pixel; in PNG: end of block 2, Adler-32 4, CRC 4, IEND 12 bytes.
        Assert.InRange(rejected, file.Length - 22, file.Length);
    }

    [Theory]
    [MemberData(nameof(Images))]
    public void Damage_never_ends_in_anything_but_an_image_or_a_rejection(string name)
    {
        var file = File.ReadAllBytes(Fixture(name));
        var decoder = new SkiaImageDecoder(new() { MaxPixels = 1 << 20 });
        Gen.Select(Gen.Int[0, file.Length - 1], Gen.Byte).Array[1, 8].Sample(
            damage =>
            {
                byte[] damaged = [.. file];
                foreach (var (at, value) in damage)
                {
                    damaged[at] = value;
                }

                try
                {
                    return decoder.Decode(damaged) is { Width: >= 16, Height: >= 16 };
                }
                catch (ImageRejectedException e)
                {
                    return e.Message.Length > 0;
                }
            },
            iter: 300);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("This is no picture.\n", "text")]
    [InlineData("Überschrift; Größe", "text")]
    [InlineData("%PDF-1.7 \u0001\u0002", "PDF")]
    [InlineData("PK\u0003\u0004rest", "ZIP")]
    [InlineData("\u0001\u0002\u0003\u0000\u0000", "not an image")]
    [InlineData("BM", "header")]
    public void What_is_no_image_is_rejected_as_what_it_is(string content, string reason) =>
        Assert.Contains(reason, Reason(System.Text.Encoding.UTF8.GetBytes(content)), StringComparison.Ordinal);

    [Fact]
    public void Image_formats_that_are_not_read_are_named()
    {
        Assert.Contains("DICOM", Reason([.. new byte[128], .. "DICM"u8]), StringComparison.Ordinal);
        Assert.Contains("TIFF", Reason([.. "II*\0"u8, 8, 0, 0, 0]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_huge_image_in_a_small_file_is_rejected_before_memory_is_taken()
    {
        var file = TestImages.Png(30_000, 30_000, 8, 0, new byte[3000]);
        Reason(file);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var reason = Reason(file);

        Assert.Equal("The image claims 30000×30000 pixels; at most 67108864 in all are decoded.", reason);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 16);
    }

    [Fact]
    public void An_image_too_small_for_a_slice_is_rejected()
    {
        Assert.Contains("1×1", Reason(TestImages.GrayPng(1, 1)), StringComparison.Ordinal);
        Assert.Contains("15×40", Reason(TestImages.GrayPng(15, 40)), StringComparison.Ordinal);
        Assert.Equal(16, Decoder.Decode(TestImages.GrayPng(16, 16)).Width);
        Assert.Equal(1, new SkiaImageDecoder(new() { MinSide = 1 }).Decode(TestImages.GrayPng(1, 1)).Width);
    }

    [Fact]
    public void A_side_that_is_too_long_is_rejected()
    {
        var decoder = new SkiaImageDecoder(new() { MaxSide = 30 });
        Assert.Equal(30, decoder.Decode(TestImages.GrayPng(30, 30)).Width);
        Assert.Contains("at most 30", Assert.Throws<ImageRejectedException>(() => decoder.Decode(TestImages.GrayPng(31, 30))).Message, StringComparison.Ordinal);
        Assert.Contains("at most 30", Assert.Throws<ImageRejectedException>(() => decoder.Decode(TestImages.GrayPng(30, 31))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stream_is_decoded_from_where_it_stands_to_its_end()
    {
        var file = TestImages.GrayPng(30, 20);
        using var stream = new MemoryStream([1, 2, 3, .. file]);
        stream.Position = 3;

        Assert.Equal(Decoder.Decode(file).Pixels, Decoder.Decode(stream).Pixels);
        Assert.Equal(stream.Length, stream.Position);
        Assert.Contains("empty", Assert.Throws<ImageRejectedException>(() => Decoder.Decode(stream)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Limits_out_of_range_are_refused()
    {
        Assert.Contains("MaxPixels", Assert.Throws<ArgumentException>(() => new SkiaImageDecoder(new() { MaxPixels = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("MinSide", Assert.Throws<ArgumentException>(() => new SkiaImageDecoder(new() { MinSide = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("MaxSide", Assert.Throws<ArgumentException>(() => new SkiaImageDecoder(new() { MaxSide = 0 })).Message, StringComparison.Ordinal);
    }

    private static string Reason(byte[] file) => Assert.Throws<ImageRejectedException>(() => Decoder.Decode(file)).Message;

    private static string Fixture(string name) => Path.Combine(TestImages.Fixtures, "Decode", name);
}
