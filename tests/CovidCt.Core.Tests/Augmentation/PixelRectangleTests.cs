using CovidCt.Augmentation;
using CsCheck;

namespace CovidCt.Core.Tests.Augmentation;

public class PixelRectangleTests
{
    private static readonly Gen<(int Width, int Height, PixelRectangle Rectangle)> InCanvas =
        from width in Gen.Int[1, 20]
        from height in Gen.Int[1, 20]
        from left in Gen.Int[0, width]
        from right in Gen.Int[left, width]
        from top in Gen.Int[0, height]
        from bottom in Gen.Int[top, height]
        select (width, height, new PixelRectangle(left, top, right, bottom));

    [Fact]
    public void With_what_is_around_it_it_covers_every_pixel_once() => InCanvas.Sample((width, height, rectangle) =>
    {
        var covered = new int[width, height];
        foreach (var part in rectangle.Around(width, height).Append(rectangle))
        {
            for (var x = part.Left; x < part.Right; x++)
            {
                for (var y = part.Top; y < part.Bottom; y++)
                {
                    covered[x, y]++;
                }
            }
        }

        Assert.All(covered.Cast<int>(), count => Assert.Equal(1, count));
    });

    [Fact]
    public void Mirroring_moves_each_pixel_to_its_mirror_image_and_back() => InCanvas.Sample((width, _, rectangle) =>
    {
        var mirrored = rectangle.Mirrored(width);
        Assert.Equal(rectangle, mirrored.Mirrored(width));
        Assert.Equal(
            Enumerable.Range(rectangle.Left, rectangle.Right - rectangle.Left).Select(x => width - 1 - x).Order(),
            Enumerable.Range(mirrored.Left, mirrored.Right - mirrored.Left));
    });
}
