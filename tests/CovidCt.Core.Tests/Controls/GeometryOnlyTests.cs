using CovidCt.Canvases;
using CovidCt.Controls;
using CovidCt.Imaging;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Controls;

public sealed class GeometryOnlyTests
{
    [Fact]
    public void The_image_is_black_and_the_fill_around_it_stays()
    {
        using var scope = NewDisposeScope();
        var size = new ImageSize(100, 80);
        CanvasGeometry[] geometries = [new(new(100, 40), size, new(100, 40), 0, 20), new(new(50, 80), size, new(50, 80), 25, 0)];
        using var canvases = new CanvasStore(size, randint(1, 256, [2, 80, 100], ScalarType.Byte), geometries);

        using var geometry = GeometryOnly.Of(canvases);

        for (var row = 0; row < 2; row++)
        {
            var (before, after) = (new byte[100 * 80], new byte[100 * 80]);
            canvases.Read(row, before);
            geometry.Read(row, after);
            var of = geometries[row];
            for (var i = 0; i < after.Length; i++)
            {
                var isInside = i % 100 >= of.OffsetX && i % 100 < of.OffsetX + of.Scaled.Width && i / 100 >= of.OffsetY && i / 100 < of.OffsetY + of.Scaled.Height;
                Assert.Equal(isInside ? 0 : before[i], after[i]);
            }
        }
    }

    [Fact]
    public void On_a_stretched_canvas_nothing_is_left()
    {
        using var scope = NewDisposeScope();
        var size = new ImageSize(10, 8);
        using var canvases = new CanvasStore(size, full([1, 8, 10], 200, ScalarType.Byte), [new(new(50, 80), size, size, 0, 0)]);
        using var geometry = GeometryOnly.Of(canvases);
        var pixels = new byte[80];

        geometry.Read(0, pixels);

        Assert.All(pixels, gray => Assert.Equal(0, gray));
    }
}
