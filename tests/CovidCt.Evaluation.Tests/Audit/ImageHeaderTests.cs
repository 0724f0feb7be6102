using CovidCt.Audit;
using CovidCt.Imaging;
using CovidCt.Tests;
using CsCheck;
using SkiaSharp;

namespace CovidCt.Evaluation.Tests.Audit;

public class ImageHeaderTests
{
    private static string Fixtures { get; } = Path.Combine(TestImages.Fixtures, "Decode");

    public static TheoryData<string> Images { get; } = new(
        Directory.GetFiles(Fixtures).Select(file => Path.GetFileName(file)).Where(name => !name.EndsWith(".pgm", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    // What the names of the fixtures say, which Pillow wrote.
    [Theory]
    [InlineData("gray.png", "PNG", "gray", 8, false, "none")]
    [InlineData("gray-1bit.png", "PNG", "gray", 1, false, "none")]
    [InlineData("gray-16bit.png", "PNG", "gray", 16, false, "none")]
    [InlineData("gray-alpha.png", "PNG", "gray+alpha", 8, false, "none")]
    [InlineData("palette.png", "PNG", "palette", 8, false, "none")]
    [InlineData("rgb.png", "PNG", "RGB", 8, false, "none")]
    [InlineData("rgb-16bit.png", "PNG", "RGB", 16, false, "none")]
    [InlineData("rgba.png", "PNG", "RGBA", 8, false, "none")]
    [InlineData("gray.jpg", "JPEG", "gray", 8, false, "none")]
    [InlineData("cmyk.jpg", "JPEG", "CMYK", 8, false, "4:4:4")]
    [InlineData("baseline-420.jpg", "JPEG", "YCbCr", 8, false, "4:2:0")]
    [InlineData("baseline-444.jpg", "JPEG", "YCbCr", 8, false, "4:4:4")]
    [InlineData("progressive.jpg", "JPEG", "YCbCr", 8, true, "4:2:0")]
    [InlineData("rgb.bmp", "BMP", "RGB", 8, false, "none")]
    [InlineData("gray.bmp", "BMP", "palette", 8, false, "none")]
    [InlineData("bilevel.bmp", "BMP", "palette", 1, false, "none")]
    [InlineData("rgb.gif", "GIF", "palette", 8, false, "none")]
    [InlineData("alpha.webp", "WebP", "RGBA", 8, false, "none")]
    [InlineData("lossy.webp", "WebP", "YCbCr", 8, false, "none")]
    public void It_says_what_the_file_is(string name, string container, string colour, int bits, bool progressive, string subsampling)
    {
        var header = Read(name);

        Assert.Equal((container, colour, bits, progressive, subsampling), (header.Container, header.ColourType, header.BitsPerSample, header.Progressive, header.Subsampling));
    }

    [Theory]
    [MemberData(nameof(Images))]
    public void Its_size_is_that_of_the_decoded_image(string name)
    {
        var image = new SkiaImageDecoder().DecodeFile(Path.Combine(Fixtures, name));
        var header = Read(name);

        Assert.Equal((image.Width, image.Height), (header.Width, header.Height));
    }

    [Theory]
    [MemberData(nameof(Images))]
    public void No_cut_and_no_change_makes_it_throw(string name)
    {
        var file = File.ReadAllBytes(Path.Combine(Fixtures, name));
        var container = ImageHeader.Read(file).Container;
        for (var length = 0; length < Math.Min(file.Length, 1000); length++)
        {
            var header = ImageHeader.Read(file.AsSpan(0, length));
            Assert.True(header.Container == container || length < 12, $"{length} bytes are {header.Container}.");
        }

        Gen.Select(Gen.Int[0, Math.Min(file.Length, 700) - 1], Gen.Byte).Array[1, 8].Sample(
            changes =>
            {
                var changed = file.ToArray();
                foreach (var (at, value) in changes)
                {
                    changed[at] = value;
                }

                var header = ImageHeader.Read(changed);
                Assert.True(header.Width >= 0 && header.Height >= 0 && header.JpegQuality is >= 0 and <= 100);
            },
            iter: 100);
    }

    [Fact]
    public void Noise_is_other() => Gen.Byte.Array[0, 200].Sample(bytes => Assert.NotNull(ImageHeader.Read(bytes)), iter: 2000);

    [Fact]
    public void The_quality_of_a_JPEG_is_the_one_it_was_written_with()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(32, 24, SKColorType.Gray8));
        for (var quality = 1; quality <= 100; quality++)
        {
            Assert.Equal(quality, ImageHeader.Read(AuditPhantom.Encode(bitmap, SKEncodedImageFormat.Jpeg, quality)).JpegQuality);
        }

        Assert.Equal(0, Read("rgb.png").JpegQuality);
    }

    [Fact]
    public void An_interlaced_PNG_is_progressive()
    {
        var file = TestImages.GrayPng();
        file[28] = 1;

        Assert.True(ImageHeader.Read(file).Progressive);
    }

    private static ImageHeader Read(string name) => ImageHeader.Read(File.ReadAllBytes(Path.Combine(Fixtures, name)));
}
