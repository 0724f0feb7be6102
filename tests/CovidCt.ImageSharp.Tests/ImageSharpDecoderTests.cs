using System.Text;
using CovidCt.Imaging;
using CovidCt.Tests;
using CsCheck;

namespace CovidCt.ImageSharp.Tests;

public sealed class ImageSharpDecoderTests
{
    private const int Side = 16;

    private static readonly ImageSharpDecoder Decoder = new();
    private static readonly SkiaImageDecoder Skia = new();

    public static TheoryData<string> Images { get; } = new(TestFiles.Names);

    [Theory]
    [MemberData(nameof(Images))]
    public void Gray_equals_Skias_but_for_what_loses_some(string name)
    {
        var file = TestFiles.Read(name);
        var expected = Skia.Decode(file);

        var image = Decoder.Decode(file);

        Assert.Equal((expected.Width, expected.Height), (image.Width, image.Height));
        Assert.Equal(expected.Note, image.Note);
        var most = image.Pixels.Zip(expected.Pixels, (a, b) => Math.Abs(a - b)).Max();
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {most}");
        Assert.InRange(most, 0, TestFiles.LosesSome(name) ? TestFiles.LevelsApart : 0);
    }

    [Fact]
    public void A_PNG_of_any_colour_type_gives_Skias_gray()
    {
        var files =
            from width in Gen.Int[Side, 40]
            from height in Gen.Int[Side, 24]
            from type in Gen.Int[0, 3].Select(i => new byte[] { 0, 2, 4, 6 }[i])
            from samples in Gen.Byte.Array[width * height * (type switch { 0 => 1, 2 => 3, 4 => 2, _ => 4 })]
            select TestImages.Png(width, height, 8, type, samples);

        files.Sample(file => Assert.Equal(Skia.Decode(file).Pixels, Decoder.Decode(file).Pixels), iter: 100);
    }

    [Fact]
    public void A_PNG_of_16_bits_gives_Skias_gray_whatever_is_known_of_its_bits()
    {
        var files =
            from width in Gen.Int[Side, 24]
            from type in Gen.Int[0, 3].Select(i => new byte[] { 0, 2, 4, 6 }[i])
            from bits in Gen.Int[8, 16]
            from samples in Gen.UShort[0, (ushort)((1 << bits) - 1)].Array[width * Side * (type switch { 0 => 1, 2 => 3, 4 => 2, _ => 4 })]
            from stated in Gen.Int[7, 16]
            from known in Gen.Int[7, 16]
            from interlaced in Gen.Bool
            select (File: TestImages.DeepPng(width, Side, samples, type, stated < 8 ? null : stated, [0, 1, 2, 3, 4], interlaced), Known: known < 8 ? (int?)null : known);

        files.Sample(
            one =>
            {
                var (expected, image) = (Skia.ForSamples(one.Known).Decode(one.File), Decoder.ForSamples(one.Known).Decode(one.File));
                Assert.Equal(expected.Pixels, image.Pixels);
                Assert.Equal(expected.Note, image.Note);
                Assert.Equal(Skia.SampleBitsOf(one.File), Decoder.SampleBitsOf(one.File));
            },
            iter: 100);
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
    [InlineData("gray.tif")]
    [InlineData("gray.pgm")]
    [InlineData("gray.tga")]
    public void A_file_cut_off_anywhere_is_whole_or_rejected(string name)
    {
        var file = TestFiles.Read(name);
        var expected = Decoder.Decode(file).Pixels;
        var wrong = new List<int>();
        for (var length = 0; length < file.Length; length++)
        {
            try
            {
                if (!expected.AsSpan().SequenceEqual(Decoder.Decode(file.AsMemory(0, length)).Pixels))
                {
                    wrong.Add(length);
                }
            }
            catch (ImageRejectedException e)
            {
                Assert.EndsWith(".", e.Message, StringComparison.Ordinal);
            }
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("gray.tif")]
    [InlineData("gray-big-endian.tif")]
    [InlineData("gray.pgm")]
    [InlineData("gray-text.pgm")]
    [InlineData("gray.tga")]
    public void TIFF_PBM_and_TGA_are_read(string name) => Assert.Equal(TestFiles.Gray.Pixels, Decoder.Decode(TestFiles.Read(name)).Pixels);

    [Fact]
    public void A_TIFF_of_16_bits_says_what_became_of_them()
    {
        var image = Decoder.Decode(TestFiles.Tiff(TestFiles.Gray, bits: 16));

        Assert.Equal(TestFiles.Gray.Pixels, image.Pixels);
        Assert.Contains("16 bits", image.Note!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("This is no picture.\n")]
    [InlineData("%PDF-1.7 \u0001\u0002")]
    [InlineData("PK\u0003\u0004rest")]
    [InlineData("BM")]
    public void What_is_no_image_is_rejected_in_the_words_of_Skias_decoder(string content) =>
        Assert.Equal(Reason(Skia, Encoding.UTF8.GetBytes(content)), Reason(Decoder, Encoding.UTF8.GetBytes(content)));

    [Fact]
    public void What_is_too_large_or_too_small_is_rejected_in_the_words_of_Skias_decoder()
    {
        byte[][] files = [TestImages.Png(30_000, 30_000, 8, 0, new byte[3000]), TestImages.Png(20_000, 16, 8, 0, new byte[3000]), TestImages.GrayPng(15, 40)];

        Assert.All(files, file => Assert.Equal(Reason(Skia, file), Reason(Decoder, file)));
        Assert.Contains("DICOM", Reason(Decoder, [.. new byte[128], .. "DICM"u8]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_huge_image_in_a_small_file_is_rejected_before_memory_is_taken()
    {
        var file = TestImages.Png(30_000, 30_000, 8, 0, new byte[3000]);
        Reason(Decoder, file);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Reason(Decoder, file);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 16);
    }

    [Fact]
    public void A_PNG_that_lacks_data_is_rejected_before_memory_is_taken()
    {
        var file = TestImages.Png(8000, 8000, 8, 6, new byte[3000]);
        Reason(Decoder, file);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Contains("cut off", Reason(Decoder, file), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 17);
    }

    [Fact]
    public void Many_threads_decode_at_once()
    {
        var file = TestFiles.Read("rgb.png");
        var expected = Decoder.Decode(file).Pixels;

        Parallel.For(0, 64, _ => Assert.Equal(expected, Decoder.Decode(file).Pixels));
    }

    [Fact]
    public void Limits_and_bits_are_part_of_the_version_and_Skias_is_another()
    {
        IImageDecoder[] decoders = [Decoder, Skia, new ImageSharpDecoder(new() { MaxSide = 30 }), Decoder.ForSamples(12)];

        Assert.Equal(decoders.Length, decoders.Select(decoder => decoder.Version).Distinct().Count());
        Assert.Contains("MaxSide", Assert.Throws<ArgumentException>(() => new ImageSharpDecoder(new() { MaxSide = 0 })).Message, StringComparison.Ordinal);
    }

    private static string Reason(IImageDecoder decoder, byte[] file) => Assert.Throws<ImageRejectedException>(() => decoder.Decode(file)).Message;
}
