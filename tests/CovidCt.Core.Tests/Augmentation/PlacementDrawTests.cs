using CovidCt.Augmentation;
using CovidCt.Imaging;
using CovidCt.Recipes;
using CsCheck;

namespace CovidCt.Core.Tests.Augmentation;

public class PlacementDrawTests
{
    private static readonly ImageSize Canvas = new(335, 255);

    private static readonly AugmentationDraw[] Draws =
        [.. Enumerable.Range(0, 20_000).Select(i => AugmentationDraw.Of(AugmentationOptions.Authors, 11, i / 746, i % 746))];

    [Fact]
    public void An_image_stays_where_it_is_unless_asked_for() => Gen.Select(Gen.Long, Gen.Int[0, 1000], Gen.Int[0, 100_000]).Sample(
        (seed, epoch, row) => Assert.Null(AugmentationDraw.Of(new AugmentationOptions(), seed, epoch, row).Placement));

    [Fact]
    public void Sizes_are_those_of_the_authors_formula_to_the_pixel() =>
        Gen.Select(Gen.Int[16, 1200], Gen.Int[16, 1200], Gen.Double[0, 0.999999], Gen.Double[0.25, 1]).Sample((width, height, share, coverage) =>
        {
            var frame = Frame(new(width, height), CanvasPlacement.Centred);
            var placed = new PlacementDraw(coverage, true, share, 0, 0).Place(frame, Canvas);

            // The authors scale the image as it was read: by at most what makes it touch the canvas, and where its shape lets it, by at
            // least what makes it cover a share of the area.
            var most = Math.Min((double)Canvas.Width / width, (double)Canvas.Height / height);
            var least = Math.Sqrt(coverage * Canvas.Width * Canvas.Height / ((double)width * height));
            var scale = least > most ? most : least + (share * (most - least));
            Assert.Equal(width * scale, placed.Width, tolerance: 1.6);
            Assert.Equal(height * scale, placed.Height, tolerance: 1.6);
        });

    [Fact]
    public void An_image_lies_within_the_canvas_and_without_moving_within_its_own_place() =>
        Gen.Select(Gen.Int[16, 1200], Gen.Int[16, 1200], Gen.Double[0, 0.999999], Gen.Double[0, 0.999999], Gen.Bool).Sample((width, height, a, b, moves) =>
        {
            var frame = Frame(new(width, height), CanvasPlacement.Random);
            var placed = new PlacementDraw(0.25, moves, a, b, a).Place(frame, Canvas);
            var around = moves ? new(0, 0, Canvas.Width, Canvas.Height) : frame;
            Assert.False(placed.IsEmpty);
            Assert.InRange(placed.Left, around.Left, around.Right - placed.Width);
            Assert.InRange(placed.Top, around.Top, around.Bottom - placed.Height);
            if (!moves)
            {
                Assert.Equal((frame.Left + frame.Right) / 2.0, (placed.Left + placed.Right) / 2.0, tolerance: 0.5);
                Assert.Equal((frame.Top + frame.Bottom) / 2.0, (placed.Top + placed.Bottom) / 2.0, tolerance: 0.5);
            }
        });

    [Fact]
    public void Every_place_and_every_share_of_the_sizes_is_as_likely_as_any_other()
    {
        var frame = Frame(new(700, 500), CanvasPlacement.Centred); // 335×239: it can cover 0.94.
        List<PixelRectangle> placed = [.. Draws.Select(draw => draw.Unflipped(frame, Canvas))];
        Assert.All(placed, place => Assert.InRange(place.Width * place.Height / (double)(Canvas.Width * Canvas.Height), 0.795, 0.938));
        Uniform(Draws.Select(draw => draw.Placement!.Value.Size), 10);

        List<PixelRectangle> full = [.. Draws.Select(draw => (draw with { Placement = draw.Placement!.Value with { CoverageMin = null } }).Unflipped(frame, Canvas))];
        Assert.All(full, place => Assert.Equal((0, frame.Width, frame.Height), (place.Left, place.Width, place.Height)));
        Uniform(full.Select(place => (place.Top + 0.5) / (Canvas.Height - frame.Height + 1)), Canvas.Height - frame.Height + 1);

        static void Uniform(IEnumerable<double> values, int cells)
        {
            var counts = values.GroupBy(value => (int)(value * cells)).ToDictionary(group => group.Key, group => group.Count());
            Assert.Equal(Enumerable.Range(0, cells), counts.Keys.Order());
            Assert.All(counts.Values, count => Assert.InRange(count * cells / 20_000.0, 0.8, 1.2));
        }
    }

    [Fact]
    public void A_flip_mirrors_the_place() => Assert.All(Draws.Take(1000), draw =>
    {
        var frame = Frame(new(700, 500), CanvasPlacement.Random);
        var unflipped = draw.Unflipped(frame, Canvas);
        Assert.Equal(draw.Flip ? unflipped.Mirrored(Canvas.Width) : unflipped, draw.Placed(frame, Canvas));
    });

    [Fact]
    public void An_image_without_pixels_stays_without() =>
        Assert.Equal(new(5, 4, 5, 9), new PlacementDraw(0.5, true, 0.1, 0.2, 0.3).Place(new(5, 4, 5, 9), Canvas));

    private static PixelRectangle Frame(ImageSize image, CanvasPlacement placement) =>
        PixelRectangle.On(new CanvasTransform(new() { Placement = placement }).Place(image, Canvas, 0));
}
