using CovidCt.Imaging;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Imaging;

public class CanvasGeometryTests
{
    private static readonly Gen<ImageSize> Size = Gen.Select(Gen.Int[1, 3000], Gen.Int[1, 3000]).Select((w, h) => new ImageSize(w, h));

    [Fact]
    public void There_and_back_is_the_same_place() =>
        Gen.Select(Size, Size, Gen.Enum<CanvasFit>(), Gen.Double[-10, 3010], Gen.Double[-10, 3010]).Sample((original, canvas, fit, x, y) =>
        {
            var geometry = Geometry(original, canvas, fit);
            var there = geometry.ToCanvas(x, y);
            var back = geometry.ToOriginal(there.X, there.Y);
            Assert.Equal(x, back.X, 1e-9);
            Assert.Equal(y, back.Y, 1e-9);
        });

    [Fact]
    public void The_corners_of_the_image_are_the_corners_of_its_place() => Gen.Select(Size, Size).Sample((original, canvas) =>
    {
        var geometry = Geometry(original, canvas, CanvasFit.KeepAspect);
        Assert.Equal((geometry.OffsetX, geometry.OffsetY), geometry.ToCanvas(0, 0));
        var (right, bottom) = geometry.ToCanvas(original.Width, original.Height);
        Assert.Equal(geometry.OffsetX + geometry.Scaled.Width, right, 1e-9);
        Assert.Equal(geometry.OffsetY + geometry.Scaled.Height, bottom, 1e-9);
    });

    [Fact]
    public void Centres_of_pixels_lie_at_halves()
    {
        var geometry = new CanvasGeometry(new ImageSize(10, 10), new ImageSize(30, 24), new ImageSize(20, 20), 5, 2);

        Assert.Equal((6, 3), geometry.ToCanvas(0.5, 0.5));
        Assert.Equal((0.25, 0.25), geometry.ToOriginal(5.5, 2.5));
    }

    private static CanvasGeometry Geometry(ImageSize original, ImageSize canvas, CanvasFit fit) =>
        CanvasTransform.Place(original, canvas, new CanvasOptions { Fit = fit }, 0);
}
