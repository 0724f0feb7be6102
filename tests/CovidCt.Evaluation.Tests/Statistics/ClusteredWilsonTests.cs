using CovidCt.Statistics;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Statistics;

public class ClusteredWilsonTests
{
    // Newcombe 1998, "Two-sided confidence intervals for the single proportion: comparison of seven methods", table I, method 3.
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void Single_images_have_the_published_interval(int right, int all, double low, double high)
    {
        var interval = Of(right, all, row => $"{row}");

        Assert.Equal((low, high), (Math.Round(interval.Low, 4), Math.Round(interval.High, 4)));
    }

    [Fact]
    public void Copies_of_an_image_count_once() => Gen.Select(Gen.Int[1, 39], Gen.Int[2, 6]).Sample((right, copies) =>
    {
        var single = Of(right, 40, row => $"{row}");
        var copied = Of(right * copies, 40 * copies, row => $"{row / copies}");

        Assert.Equal(single.Low, copied.Low, 1e-9);
        Assert.Equal(single.High, copied.High, 1e-9);
    });

    [Fact]
    public void Where_all_are_right_clusters_count()
    {
        var interval = Of(60, 60, row => $"{row / 3}");

        Assert.Equal(WilsonInterval.OfShare(1, 20), interval);
        Assert.Equal(1, interval.High);
    }

    private static Interval Of(int right, int all, Func<int, string> cluster)
    {
        var share = (double)right / all;
        return ClusteredWilson.Of(
            share,
            [.. Enumerable.Range(0, all).Select(row => row < right)],
            [.. Enumerable.Repeat(1.0 / all, all)],
            [.. Enumerable.Repeat(share, all)],
            [.. Enumerable.Range(0, all).Select(cluster)]);
    }
}
