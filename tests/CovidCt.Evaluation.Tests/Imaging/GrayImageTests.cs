using CovidCt.Imaging;

namespace CovidCt.Evaluation.Tests.Imaging;

public class GrayImageTests
{
    [Theory]
    [InlineData(2, 3, 5)]
    [InlineData(2, 3, 7)]
    [InlineData(70_000, 70_000, 4)]
    public void Pixels_that_do_not_fill_the_size_are_refused(int width, int height, int pixels) =>
        Assert.Throws<ArgumentException>(() => new GrayImage(width, height, new byte[pixels]));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, -1)]
    public void A_size_without_pixels_is_refused(int width, int height) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new GrayImage(width, height, []));
}
