using CovidCt.Answers;
using CovidCt.Imaging;
using CovidCt.Maps;
using SkiaSharp;

namespace CovidCt.Evaluation.Tests.Answers;

public sealed class ExplainedImageTests
{
    [Fact]
    public void The_overlay_is_the_picture_that_is_encoded()
    {
        var image = new GrayImage(6, 4, [.. Enumerable.Range(0, 24).Select(i => (byte)(10 * i))]);
        var explained = ExplainedImage.Of(
            new("COVID", 0.8, [0.8, 0.2]) { Positive = "COVID" }, "COVID", new ClassActivationMap(0, 1, 2, 2, [1, 0, -1, 0.5f]), image,
            new CanvasGeometry(new(6, 4), new(6, 4), new(6, 4), 0, 0), 100);
        using var encoded = SKBitmap.Decode(explained.OverlayPng(0.8));
        var overlay = explained.Overlay(0.8);
        Assert.Equal((6, 4), (overlay.Width, overlay.Height));
        Assert.Equal(encoded.Pixels.SelectMany(pixel => new[] { pixel.Red, pixel.Green, pixel.Blue }), overlay.Pixels);
        Assert.NotEqual(explained.Overlay().Pixels, overlay.Pixels);
    }
}
