using CovidCt.Canvases;
using CovidCt.Controls;
using CovidCt.Imaging;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Controls;

public sealed class BackgroundOnlyTests
{
    [Fact]
    public void An_ellipse_within_the_image_is_black_and_nothing_else_is_touched()
    {
        using var scope = NewDisposeScope();
        var size = new ImageSize(100, 80);
        CanvasGeometry[] geometries = [new(new(100, 40), size, new(100, 40), 0, 20), new(new(50, 80), size, new(50, 80), 25, 0)];
        using var canvases = new CanvasStore(size, full([2, 80, 100], 200, ScalarType.Byte), geometries);

        using var background = BackgroundOnly.Of(canvases);

        for (var row = 0; row < 2; row++)
        {
            var geometry = geometries[row];
            var pixels = new byte[100 * 80];
            canvases.Read(row, pixels);
            Assert.All(pixels, gray => Assert.Equal(200, gray));
            background.Read(row, pixels);
            var black = 0;
            for (var i = 0; i < pixels.Length; i++)
            {
                double x = ((i % 100) + 0.5 - geometry.OffsetX) / geometry.Scaled.Width, y = ((i / 100) + 0.5 - geometry.OffsetY) / geometry.Scaled.Height;
                var within = Math.Pow((2 * x) - 1, 2) + Math.Pow((2 * y) - 1, 2);
                Assert.Equal(within <= BackgroundOnly.Reach * BackgroundOnly.Reach ? 0 : 200, pixels[i]);
                black += pixels[i] == 0 ? 1 : 0;
            }

            Assert.Equal(Math.PI / 4 * BackgroundOnly.Reach * BackgroundOnly.Reach, (double)black / (geometry.Scaled.Width * geometry.Scaled.Height), 0.01);
        }
    }
}
