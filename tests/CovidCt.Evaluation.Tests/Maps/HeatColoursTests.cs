using CovidCt.Maps;

namespace CovidCt.Evaluation.Tests.Maps;

public sealed class HeatColoursTests
{
    private static readonly double[] Values = [.. Enumerable.Range(0, 256).Select(i => i / 255.0)];

    [Fact]
    public void A_screen_can_show_every_colour() => Assert.All(Values, value =>
    {
        var (r, g, b) = HeatColours.Linear(HeatColours.Oklab(value));
        Assert.All(new[] { r, g, b }, channel => Assert.InRange(channel, -0.001, 1.001));
    });

    [Fact]
    public void Equal_steps_of_the_value_are_equal_steps_of_colour()
    {
        var steps = Values.Zip(Values.Skip(1), (one, other) => Distance(HeatColours.Oklab(one), HeatColours.Oklab(other))).ToList();
        Assert.InRange(steps.Max() / steps.Min(), 1, 1.06);
    }

    [Fact]
    public void In_gray_the_order_stays() => AssertRises(colour => Luminance(colour.R, colour.G, colour.B));

    /// <summary>Viénot, Brettel and Mollon 1999, on linear sRGB: what is left without the long or middle cones.</summary>
    [Theory]
    [InlineData(0.11238, 0.88762, 0.00401)]
    [InlineData(0.29275, 0.70725, -0.02234)]
    public void The_colour_blind_see_the_order_too(double red, double green, double blue) => AssertRises(colour =>
    {
        var both = (red * Decode(colour.R)) + (green * Decode(colour.G));
        var rest = (blue * (Decode(colour.R) - Decode(colour.G))) + Decode(colour.B);
        return (0.9278 * both) + (0.0722 * rest);
    });

    [Fact]
    public void Values_beyond_the_range_have_the_colours_of_its_ends()
    {
        Assert.Equal(HeatColours.At(0), HeatColours.At(-3));
        Assert.Equal(HeatColours.At(1), HeatColours.At(double.PositiveInfinity));
        Assert.Equal(HeatColours.At(0), HeatColours.At(double.NaN));
    }

    private static void AssertRises(Func<(byte R, byte G, byte B), double> lightness)
    {
        var rising = Values.Select(value => lightness(HeatColours.At(value))).ToList();
        Assert.All(rising.Zip(rising.Skip(4)), pair => Assert.True(pair.Second > pair.First));
    }

    private static double Distance((double L, double A, double B) one, (double L, double A, double B) other) =>
        Math.Sqrt(Math.Pow(one.L - other.L, 2) + Math.Pow(one.A - other.A, 2) + Math.Pow(one.B - other.B, 2));

    private static double Luminance(byte r, byte g, byte b) => (0.2126 * Decode(r)) + (0.7152 * Decode(g)) + (0.0722 * Decode(b));

    private static double Decode(byte value) =>
        value / 255.0 is var v && v <= 0.04045 ? v / 12.92 : Math.Pow(((value / 255.0) + 0.055) / 1.055, 2.4);
}
