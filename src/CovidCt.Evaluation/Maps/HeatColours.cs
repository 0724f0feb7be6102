namespace CovidCt.Maps;

/// <summary>
/// The colours of heat: from a dark violet over red and orange to a light yellow. Lightness rises evenly, so that the
/// order survives gray printing and colour blindness, and equal steps of the value are equal steps of colour: on its
/// way through Oklab (Ottosson 2020) no step is 6 % longer than another.
/// </summary>
internal static class HeatColours
{
    private const double Darkest = 0.22, Lightest = 0.93;
    private const double FirstHue = 295, LastHue = 460; // degrees
    private const double ChromaAtEnds = 0.1, ChromaControl = 0.3; // of a quadratic Bézier curve

    private static readonly (byte R, byte G, byte B)[] Table = [.. Enumerable.Range(0, 256).Select(i => Colour(i / 255.0))];

    /// <summary>The sRGB colour of a value in [0, 1], in 256 steps; values beyond are drawn as the nearest end.</summary>
    public static (byte R, byte G, byte B) At(double value) =>
        Table[double.IsNaN(value) ? 0 : (int)Math.Round(255 * Math.Clamp(value, 0, 1))];

    /// <summary>The place of a value in Oklab: lightness and the two opponent axes.</summary>
    internal static (double L, double A, double B) Oklab(double value)
    {
        var hue = (FirstHue + ((LastHue - FirstHue) * value)) * Math.PI / 180;
        var chroma = (ChromaAtEnds * (Square(1 - value) + Square(value))) + (2 * value * (1 - value) * ChromaControl);
        return (Darkest + ((Lightest - Darkest) * value), chroma * Math.Cos(hue), chroma * Math.Sin(hue));
    }

    /// <summary>Linear sRGB of a place in Oklab; within [0, 1] where a screen can show it.</summary>
    internal static (double R, double G, double B) Linear((double L, double A, double B) place)
    {
        var l = Cube(place.L + (0.3963377774 * place.A) + (0.2158037573 * place.B));
        var m = Cube(place.L - (0.1055613458 * place.A) - (0.0638541728 * place.B));
        var s = Cube(place.L - (0.0894841775 * place.A) - (1.2914855480 * place.B));
        return (
            (4.0767416621 * l) - (3.3077115913 * m) + (0.2309699292 * s),
            (-1.2684380046 * l) + (2.6097574011 * m) - (0.3413193965 * s),
            (-0.0041960863 * l) - (0.7034186147 * m) + (1.7076147010 * s));
    }

    private static (byte R, byte G, byte B) Colour(double value)
    {
        var (r, g, b) = Linear(Oklab(value));
        return (Encode(r), Encode(g), Encode(b));
    }

    private static byte Encode(double linear)
    {
        var value = Math.Clamp(linear, 0, 1);
        return (byte)Math.Round(255 * (value <= 0.0031308 ? 12.92 * value : (1.055 * Math.Pow(value, 1 / 2.4)) - 0.055));
    }

    private static double Square(double value) => value * value;

    private static double Cube(double value) => value * value * value;
}
