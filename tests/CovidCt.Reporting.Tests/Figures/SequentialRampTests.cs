using CovidCt.Reporting.Figures;

namespace CovidCt.Reporting.Tests.Figures;

public sealed class SequentialRampTests
{
    [Fact]
    public void Darkens_evenly_to_the_eye()
    {
        // CIE L* of the relative luminance, with the equal steps of a ramp that is legible in gray.
        double[] lightness = [.. Enumerable.Range(0, 11).Select(i => Lightness(SequentialRamp.At(i / 10.0)))];
        double[] steps = [.. lightness.Zip(lightness.Skip(1), (a, b) => a - b)];
        Assert.All(steps, step => Assert.InRange(step, 5, 9));
        Assert.InRange(lightness[0], 93, 99);
        Assert.InRange(lightness[^1], 15, 30);
    }

    [Fact]
    public void Text_on_every_colour_has_the_contrast_that_WCAG_asks_for()
    {
        for (int i = 0; i <= 100; i++)
        {
            var colour = SequentialRamp.At(i / 100.0);
            double luminance = SequentialRamp.Luminance(colour);
            double contrast = SequentialRamp.WantsWhiteText(colour) ? 1.05 / (luminance + 0.05) : (luminance + 0.05) / 0.05;
            Assert.InRange(contrast, 4.5, 21);
        }
    }

    [Fact]
    public void Ends_where_it_ends()
    {
        Assert.Equal(SequentialRamp.At(0), SequentialRamp.At(-1));
        Assert.Equal(SequentialRamp.At(1), SequentialRamp.At(2));
    }

    private static double Lightness((byte, byte, byte) colour) =>
        116 * Math.Cbrt(SequentialRamp.Luminance(colour)) - 16;
}
