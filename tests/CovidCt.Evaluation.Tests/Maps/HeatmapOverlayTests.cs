using CovidCt.Imaging;
using CovidCt.Maps;
using CovidCt.Tests;
using SkiaSharp;

namespace CovidCt.Evaluation.Tests.Maps;

public sealed class HeatmapOverlayTests
{
    private static readonly GrayImage Image = new(4, 2, [0, 40, 80, 120, 160, 200, 240, 255]);

    [Fact]
    public void Where_the_map_is_0_the_image_is_as_it_was()
    {
        var colours = HeatmapOverlay.Draw(Image, new float[8]);
        Assert.Equal(Image.Pixels.SelectMany(pixel => new[] { pixel, pixel, pixel }), colours);
    }

    [Fact]
    public void With_full_opacity_the_hottest_places_have_the_hottest_colour()
    {
        var (r, g, b) = HeatColours.At(1);
        Assert.All(HeatmapOverlay.Draw(Image, [1, 1, 1, 1, 1, 1, 1, 1], opacity: 1).Chunk(3), colour => Assert.Equal([r, g, b], colour));
    }

    [Fact]
    public void The_file_holds_the_picture()
    {
        using var folder = new TemporaryFolder();
        float[] heat = [0, 0.1f, 0.2f, 0.3f, 0.5f, 0.7f, 0.9f, 1];
        HeatmapOverlay.Save(folder["new/overlay.png"], Image, heat);
        using var picture = SKBitmap.Decode(folder["new/overlay.png"]);
        Assert.Equal((4, 2), (picture.Width, picture.Height));
        Assert.Equal(HeatmapOverlay.Draw(Image, heat), picture.Pixels.SelectMany(pixel => new[] { pixel.Red, pixel.Green, pixel.Blue }));
        Assert.All(picture.Pixels, pixel => Assert.Equal(255, pixel.Alpha));
    }

    [Fact]
    public void A_heatmap_of_another_size_and_an_opacity_beyond_1_are_told()
    {
        Assert.Contains("4×2", Assert.Throws<ArgumentException>(() => HeatmapOverlay.Draw(Image, new float[7])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => HeatmapOverlay.Draw(Image, new float[8], 1.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => HeatmapOverlay.Draw(Image, new float[8], double.NaN));
    }
}
