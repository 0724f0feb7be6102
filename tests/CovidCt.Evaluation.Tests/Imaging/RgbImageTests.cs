using CovidCt.Imaging;

namespace CovidCt.Evaluation.Tests.Imaging;

public sealed class RgbImageTests
{
    [Fact]
    public void A_picture_has_three_bytes_a_pixel()
    {
        Assert.Equal(18, new RgbImage(3, 2, new byte[18]).Pixels.Length);
        Assert.Throws<ArgumentException>(() => new RgbImage(3, 2, new byte[6]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RgbImage(0, 2, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RgbImage(3, -2, []));
    }
}
