using CovidCt.Imaging;
using CovidCt.Tests;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Imaging;

public class CanvasTransformTests
{
    private static readonly Gen<ImageSize> Size = Gen.Select(Gen.Int[1, 80], Gen.Int[1, 80]).Select((w, h) => new ImageSize(w, h));

    public static TheoryData<string> Resizes { get; } = new(
        Directory.GetFiles(Path.Combine(TestImages.Fixtures, "Resize")).Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Resizes))]
    public void Resampling_equals_torchvision_within_one_gray_level(string name)
    {
        var size = Array.ConvertAll(name.Split('x', '-')[..2], int.Parse);
        var expected = TestImages.ReadPgm(Path.Combine(TestImages.Fixtures, "Resize", name + ".pgm"));

        var actual = Transform(fit: CanvasFit.Stretch).Apply(TestImages.Noise(size[0], size[1]), new ImageSize(expected.Width, expected.Height)).Pixels;

        Assert.InRange(expected.Pixels.Zip(actual).Max(pair => Math.Abs(pair.First - pair.Second)), 0, 1);
        Assert.InRange(expected.Pixels.Zip(actual).Count(pair => pair.First != pair.Second), 0, expected.Pixels.Length / 100);
    }

    [Theory]
    [InlineData(400, 300, 335, 255, 335, 251, 0, 2)]
    [InlineData(300, 400, 335, 255, 191, 255, 72, 0)]
    [InlineData(335, 255, 335, 255, 335, 255, 0, 0)]
    [InlineData(20, 15, 349, 253, 337, 253, 6, 0)]
    [InlineData(10_000, 1, 335, 255, 335, 1, 0, 127)]
    [InlineData(1, 10_000, 335, 255, 1, 255, 167, 0)]
    [InlineData(2, 5, 10, 5, 2, 5, 4, 0)]
    public void The_image_touches_the_canvas_from_within(
        int width, int height, int canvasWidth, int canvasHeight, int scaledWidth, int scaledHeight, int offsetX, int offsetY) =>
        Assert.Equal(
            new CanvasGeometry(new(width, height), new(canvasWidth, canvasHeight), new(scaledWidth, scaledHeight), offsetX, offsetY),
            Transform().Apply(TestImages.Noise(width, height), new ImageSize(canvasWidth, canvasHeight)).Geometry);

    [Fact]
    public void The_aspect_is_kept_to_half_a_pixel() => Gen.Select(Size, Size).Sample((original, canvas) =>
    {
        var scaled = CanvasTransform.Place(original, canvas, new CanvasOptions(), 0).Scaled;
        var scale = Math.Min((double)canvas.Width / original.Width, (double)canvas.Height / original.Height);
        Assert.True(scaled.Width == canvas.Width || scaled.Height == canvas.Height);
        Assert.InRange(scaled.Width, Math.Max(1, (original.Width * scale) - 0.5 - 1e-9), Math.Max(1, (original.Width * scale) + 0.5 + 1e-9));
        Assert.InRange(scaled.Height, Math.Max(1, (original.Height * scale) - 0.5 - 1e-9), Math.Max(1, (original.Height * scale) + 0.5 + 1e-9));
    });

    [Fact]
    public void Padding_is_zero_and_the_inside_is_the_resampled_image() =>
        Gen.Select(Size, Size, Gen.Enum<CanvasPlacement>(), Gen.Int).Sample(
            (original, size, placement, sample) =>
            {
                var image = TestImages.Noise(original.Width, original.Height);
                var canvas = Transform(placement: placement).Apply(image, size, sample);
                var (scaled, left, top) = (canvas.Geometry.Scaled, canvas.Geometry.OffsetX, canvas.Geometry.OffsetY);
                var resampled = Transform(fit: CanvasFit.Stretch).Apply(image, scaled).Pixels;
                for (var y = 0; y < size.Height; y++)
                {
                    for (var x = 0; x < size.Width; x++)
                    {
                        var inside = x >= left && x < left + scaled.Width && y >= top && y < top + scaled.Height;
                        Assert.Equal(inside ? resampled[((y - top) * scaled.Width) + x - left] : 0, canvas.Pixels[(y * size.Width) + x]);
                    }
                }
            },
            iter: 100);

    [Fact]
    public void A_level_image_stays_level() => Gen.Select(Size, Size, Gen.Byte).Sample((original, size, level) =>
    {
        var pixels = new byte[original.Width * original.Height];
        pixels.AsSpan().Fill(level);
        var canvas = Transform(fit: CanvasFit.Stretch).Apply(new GrayImage(original.Width, original.Height, pixels), size);
        Assert.Equal(-1, canvas.Pixels.AsSpan().IndexOfAnyExcept(level));
    });

    [Fact]
    public void An_image_of_the_canvas_size_is_untouched()
    {
        var image = TestImages.Noise(335, 255);

        Assert.Equal(image.Pixels, Transform().Apply(image, new ImageSize(335, 255)).Pixels);
    }

    [Fact]
    public void Random_placement_is_a_function_of_seed_and_sample_alone() => Gen.Select(Gen.Long, Gen.Int).Sample((seed, sample) =>
    {
        var image = TestImages.Noise(30, 20);
        var first = Transform(placement: CanvasPlacement.Random, seed: seed);
        first.Apply(TestImages.Noise(9, 9), new ImageSize(40, 60), 5);
        Assert.Equal(
            first.Apply(image, new ImageSize(40, 60), sample).Geometry,
            Transform(placement: CanvasPlacement.Random, seed: seed).Apply(image, new ImageSize(40, 60), sample).Geometry);
    });

    [Fact]
    public void Random_placement_reaches_every_place_equally_often()
    {
        var places = new int[11];
        for (var sample = 0; sample < 11_000; sample++)
        {
            places[CanvasTransform.Place(new(10, 20), new(20, 20), new CanvasOptions { Placement = CanvasPlacement.Random, Seed = 3 }, sample).OffsetX]++;
        }

        // 1,000 each, with a standard deviation of 30.
        Assert.All(places, count => Assert.InRange(count, 850, 1150));
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Transform(fit: (CanvasFit)7));
        Assert.Throws<ArgumentException>(() => Transform(placement: (CanvasPlacement)7));
        Assert.Throws<ArgumentOutOfRangeException>(() => Transform().Apply(TestImages.Noise(2, 2), new ImageSize(0, 5)));
    }

    private static CanvasTransform Transform(
        CanvasFit fit = CanvasFit.KeepAspect, CanvasPlacement placement = CanvasPlacement.Centred, long seed = 0) =>
        new(new CanvasOptions { Fit = fit, Placement = placement, Seed = seed });
}
