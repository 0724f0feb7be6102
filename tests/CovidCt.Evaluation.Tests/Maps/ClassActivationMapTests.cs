using CovidCt.Imaging;
using CovidCt.Maps;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Maps;

public sealed class ClassActivationMapTests
{
    private static readonly Gen<ClassActivationMap> Maps =
        from width in Gen.Int[1, 12]
        from height in Gen.Int[1, 12]
        from raw in Gen.Float[-3, 3].Array[width * height]
        select new ClassActivationMap(0, 1, width, height, raw);

    private static readonly Gen<CanvasGeometry> Geometries =
        from width in Gen.Int[1, 90]
        from height in Gen.Int[1, 90]
        from canvas in Gen.Select(Gen.Int[1, 60], Gen.Int[1, 60])
        from placement in Gen.Enum<CanvasPlacement>()
        from sample in Gen.Int[0, 1000]
        select new CanvasTransform(new CanvasOptions { Placement = placement }).Place(new ImageSize(width, height), new(canvas.Item1, canvas.Item2), sample);

    [Fact]
    public void A_normalised_map_lies_between_0_and_1_and_reaches_1_where_anything_is_positive() => Maps.Sample(map =>
    {
        var most = map.Raw.Max();
        Assert.All(map.Normalised, value => Assert.InRange(value, 0, 1));
        Assert.Equal(most > 0 ? 1 : 0, map.Normalised.Max());
        Assert.All(map.Raw.Zip(map.Normalised), pair => Assert.Equal(most > 0 ? Math.Max(pair.First, 0) / most : 0, pair.Second));
    });

    [Fact]
    public void A_map_of_nothing_positive_is_all_zero_everywhere()
    {
        var map = new ClassActivationMap(3, -1, 2, 2, [-1, 0, -3, float.NegativeZero]);
        Assert.All(map.Normalised, value => Assert.Equal(0, value));
        Assert.All(map.OnCanvas(new(7, 5)), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Padding_has_no_part_in_the_map_over_the_original() => Gen.Select(Maps, Geometries, Gen.Float[-9, 9]).Sample((map, geometry, other) =>
    {
        var canvas = map.OnCanvas(geometry.Canvas);
        var changed = canvas.Select((value, i) => IsInside(geometry, i % geometry.Canvas.Width, i / geometry.Canvas.Width) ? value : other).ToArray();
        Assert.Equal(map.OnOriginal(geometry), MapResampling.ToOriginal(changed, geometry));
        Assert.All(map.OnOriginal(geometry), value => Assert.InRange(value, 0, 1));
    });

    [Fact]
    public void An_image_that_is_its_canvas_keeps_the_canvas_map() => Maps.Sample(map =>
    {
        var size = new ImageSize(33, 21);
        Assert.Equal(map.OnCanvas(size), map.OnOriginal(new CanvasGeometry(size, size, size, 0, 0)));
    });

    [Fact]
    public void Values_that_do_not_fill_the_grid_are_refused() =>
        Assert.Contains("2×2", Assert.Throws<ArgumentException>(() => new ClassActivationMap(0, 0, 2, 2, [1, 2, 3])).Message, StringComparison.Ordinal);

    private static bool IsInside(CanvasGeometry geometry, int x, int y) =>
        x >= geometry.OffsetX && x < geometry.OffsetX + geometry.Scaled.Width && y >= geometry.OffsetY && y < geometry.OffsetY + geometry.Scaled.Height;
}
