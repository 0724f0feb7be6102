using CovidCt.Explanation;
using CovidCt.Imaging;
using CovidCt.Maps;
using CsCheck;

namespace CovidCt.Core.Tests.Explanation;

public sealed class MapStatisticsTests
{
    private static readonly CanvasGeometry Geometry = new(new(8, 4), new(4, 4), new(4, 2), 0, 1);

    [Fact]
    public void Similarities_are_those_of_SciPy_and_PyTorch() => Assert.All(GoldenCams.Read().Similar, golden =>
    {
        var count = golden.Width * golden.Height;
        var one = GoldenCams.Uniform("one", count);
        var other = one.Zip(GoldenCams.Uniform("other", count), (x, y) => (float)Math.Round(8 * ((0.5f * x) + (0.5f * y))) / 8).ToArray();
        Assert.Equal(golden.Spearman, MapStatistics.RankCorrelation(one, other)!.Value, 1e-6);
        Assert.Equal(golden.Ssim, MapStatistics.Ssim(one, other, new(golden.Width, golden.Height)), 1e-6);
    });

    [Fact]
    public void Energy_outside_is_the_share_in_the_padding()
    {
        Assert.Equal(0.5, MapStatistics.EnergyOutside(Enumerable.Repeat(0.3f, 16).ToArray(), Geometry));
        Assert.Equal(0, MapStatistics.EnergyOutside([0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0], Geometry));
        Assert.Equal(1, MapStatistics.EnergyOutside([1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0], Geometry));
        Assert.Null(MapStatistics.EnergyOutside(new float[16], Geometry));
        Assert.Contains("4×4", Assert.Throws<ArgumentException>(() => MapStatistics.EnergyOutside(new float[15], Geometry)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Energy_in_a_mask_is_that_share_and_of_a_constant_map_the_masks_share()
    {
        bool[] mask = [true, false, false, true];
        Assert.Equal(0.75, MapStatistics.EnergyInMask([2, 1, 0, 1], mask));
        Assert.Equal(0.5, MapStatistics.EnergyInMask([3, 3, 3, 3], mask));
        Assert.Equal(0, MapStatistics.EnergyInMask([3, 3, 3, 3], new bool[4]));
        Assert.Null(MapStatistics.EnergyInMask(new float[4], mask));
        Assert.Throws<ArgumentException>(() => MapStatistics.EnergyInMask(new float[3], mask));
    }

    [Fact]
    public void The_pointing_game_is_won_on_a_finding_or_near_it()
    {
        bool[] mask = [true, false, false, false, false, false, false, false];
        Assert.Equal(1, MapStatistics.PointingGame([9, 1, 1, 1, 1, 1, 1, 1], mask, 4));
        Assert.Equal(0, MapStatistics.PointingGame([1, 1, 9, 1, 1, 1, 1, 1], mask, 4));
        Assert.Equal(1, MapStatistics.PointingGame([1, 1, 9, 1, 1, 1, 1, 1], mask, 4, tolerance: 2));
        Assert.Equal(0, MapStatistics.PointingGame([1, 1, 1, 1, 1, 9, 1, 1], mask, 4, tolerance: 1));
        Assert.Equal(0.125, MapStatistics.PointingGame(Enumerable.Repeat(1f, 8).ToArray(), mask, 4));
        Assert.Null(MapStatistics.PointingGame(new float[8], mask, 4));
        Assert.Null(MapStatistics.PointingGame(Enumerable.Repeat(1f, 8).ToArray(), new bool[8], 4));
        Assert.Throws<ArgumentException>(() => MapStatistics.PointingGame(new float[8], mask, 3));
    }

    [Fact]
    public void Pointing_anywhere_hits_as_often_as_pixels_are_near_a_finding() =>
        Gen.Select(Gen.Bool.Array[6, 60], Gen.Int[1, 6], Gen.Int[0, 4]).Sample((marks, width, tolerance) =>
        {
            var mask = marks[..(marks.Length / width * width)];
            var near = Enumerable.Range(0, mask.Length).Count(i => Enumerable.Range(0, mask.Length).Any(j =>
                mask[j] && Math.Pow((i % width) - (j % width), 2) + Math.Pow((i / width) - (j / width), 2) <= tolerance * tolerance));
            Assert.Equal(mask.Contains(true) ? (double)near / mask.Length : null, MapStatistics.PointingChance(mask, width, tolerance));
        });

    [Fact]
    public void Constant_maps_have_no_rank_correlation_and_equal_ones_the_similarity_1()
    {
        float[] constant = [2, 2, 2, 2], other = [1, 2, 3, 4];
        Assert.Null(MapStatistics.RankCorrelation(constant, other));
        Assert.Null(MapStatistics.RankCorrelation(constant, constant));
        Assert.Null(MapStatistics.RankCorrelation([1], [2]));
        Assert.Equal(1, MapStatistics.Ssim(new float[4], new float[4], new(2, 2)));
        Assert.Equal(1, MapStatistics.Ssim(constant, constant, new(2, 2)), 1e-12);
        Assert.Throws<ArgumentException>(() => MapStatistics.RankCorrelation(constant, new float[3]));
    }

    [Fact]
    public void A_rank_correlation_knows_only_the_order() => Gen.Float[0, 1].Array[2, 40].Where(map => map.Distinct().Count() > 1).Sample(map =>
    {
        var cubes = Array.ConvertAll(map, value => (2 * value * value * value) + 1);
        var reversed = Array.ConvertAll(map, value => -value);
        Assert.Equal(1, MapStatistics.RankCorrelation(map, map)!.Value, 1e-9);
        Assert.Equal(-1, MapStatistics.RankCorrelation(map, reversed)!.Value, 1e-9);
        if (cubes.Distinct().Count() == map.Distinct().Count())
        {
            Assert.Equal(1, MapStatistics.RankCorrelation(map, cubes)!.Value, 1e-9);
        }
    });

    [Fact]
    public void Agreement_is_the_mean_over_all_pairs_of_folds()
    {
        ClassActivationMap Of(params float[] raw) => new(1, 0, 3, 1, raw);
        Assert.Equal(1, MapStatistics.Agreement([Of(1, 2, 3), Of(2, 3, 9), Of(-3, -2, 0)])!.Value, 1e-12);
        Assert.Equal(-1.0 / 3, MapStatistics.Agreement([Of(1, 2, 3), Of(2, 3, 9), Of(3, 2, 1)])!.Value, 1e-12);
        Assert.Equal(1, MapStatistics.Agreement([Of(1, 2, 3), Of(2, 3, 9), Of(1, 1, 1)])!.Value, 1e-12);
        Assert.Null(MapStatistics.Agreement([Of(0, 0, 0), Of(2, 3, 9)]));
        Assert.Throws<ArgumentException>(() => MapStatistics.Agreement([Of(1, 2, 3)]));
        Assert.Throws<ArgumentException>(() => MapStatistics.Agreement([Of(1, 2, 3), Of(1, 2, 3) with { Class = 0 }]));
    }
}
