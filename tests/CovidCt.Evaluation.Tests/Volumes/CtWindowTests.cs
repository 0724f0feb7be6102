using CovidCt.Volumes;

namespace CovidCt.Evaluation.Tests.Volumes;

public sealed class CtWindowTests
{
    [Fact]
    public void The_lung_window_is_the_linear_one_of_the_standard()
    {
        Assert.Equal([0, 0, 255, 255], new[] { -2000, -1350, 150, 149.1 }.Select(CtWindow.Lung.Gray).Select(gray => (int)gray));
        Assert.Equal(128, CtWindow.Lung.Gray(-600.5));
        Assert.Equal((0, 255), (new CtWindow(0, 1).Gray(-0.5), new CtWindow(0, 1).Gray(-0.4)));
    }

    [Fact]
    public void A_slice_is_black_where_nothing_was_measured() =>
        Assert.Equal([0, 0, 128, 255], new CtSlice(2, 2, [float.NaN, -2000, -600.5f, 300]).ToGray(CtWindow.Lung).Pixels);

    [Fact]
    public void A_slice_has_a_value_for_each_pixel() => Assert.Throws<ArgumentException>(() => new CtSlice(2, 2, new float[3]));
}
