using CovidCt.Imaging;
using CovidCt.Maps;
using CsCheck;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Explanation;

public sealed class ClassActivationMapReferenceTests
{
    private static readonly Gen<ClassActivationMap> Maps =
        from width in Gen.Int[1, 12]
        from height in Gen.Int[1, 12]
        from raw in Gen.Float[-3, 3].Array[width * height]
        select new ClassActivationMap(0, 1, width, height, raw);

    [Fact]
    public void A_map_on_the_canvas_is_what_interpolate_makes_of_it() => Gen.Select(Maps, Gen.Int[1, 70], Gen.Int[1, 70]).Sample((map, width, height) =>
    {
        using var scope = NewDisposeScope();
        var expected = nn.functional.interpolate(
            tensor(map.Normalised, [1, 1, map.Height, map.Width]), [height, width], mode: InterpolationMode.Bilinear, align_corners: false);
        Assert.All(
            expected.data<float>().ToArray().Zip(map.OnCanvas(new(width, height))),
            pair => Assert.Equal(pair.First, pair.Second, 2e-6f));
    });

    [Fact]
    public void A_map_over_the_original_is_what_PyTorch_makes_of_it()
    {
        var map = new ClassActivationMap(0, 1, 4, 3, GoldenCams.Uniform("map", 12));
        var most = map.Raw.Max();
        foreach (var golden in GoldenCams.Read().Resized)
        {
            int[] g = golden.Geometry;
            var geometry = new CanvasGeometry(new(g[0], g[1]), new(g[2], g[3]), new(g[4], g[5]), g[6], g[7]);
            var over = map.OnOriginal(geometry);
            Assert.Equal(g[0] * g[1], over.Length);
            Assert.All(golden.Values.Zip(over), pair => Assert.Equal(pair.First / most, pair.Second, 3e-6f));
        }
    }
}
