namespace CovidCt.Reporting.Figures;

/// <summary>
/// A light-to-dark blue whose lightness falls evenly (in Oklab, Ottosson 2020): legible in gray and to the colour-blind.
/// </summary>
internal static class SequentialRamp
{
    private const double Lightest = 0.97, Darkest = 0.34, PalestChroma = 0.012, FullChroma = 0.11;
    private const double Hue = 255 * Math.PI / 180;

    /// <summary>The sRGB colour of a share in [0, 1].</summary>
    public static (byte R, byte G, byte B) At(double share)
    {
        var t = Math.Clamp(share, 0, 1);
        var lightness = Lightest + (Darkest - Lightest) * t;
        var chroma = PalestChroma + (FullChroma - PalestChroma) * t;
        var a = chroma * Math.Cos(Hue);
        var b = chroma * Math.Sin(Hue);
        var l = Cube(lightness + 0.3963377774 * a + 0.2158037573 * b);
        var m = Cube(lightness - 0.1055613458 * a - 0.0638541728 * b);
        var s = Cube(lightness - 0.0894841775 * a - 1.2914855480 * b);
        return (
            Encode(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
            Encode(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
            Encode(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s));
    }

    /// <summary>Whether white text is easier to read on a colour than black, by the contrast ratio of WCAG 2.</summary>
    public static bool WantsWhiteText((byte R, byte G, byte B) colour) =>
        1.05 / (Luminance(colour) + 0.05) > (Luminance(colour) + 0.05) / 0.05;

    /// <summary>Relative luminance in [0, 1].</summary>
    public static double Luminance((byte R, byte G, byte B) colour) =>
        0.2126 * Decode(colour.R) + 0.7152 * Decode(colour.G) + 0.0722 * Decode(colour.B);

    private static double Decode(byte value)
    {
        var v = value / 255.0;
        return v <= 0.04045 ? v / 12.92 : Math.Pow((v + 0.055) / 1.055, 2.4);
    }

    private static byte Encode(double linear)
    {
        var v = Math.Clamp(linear, 0, 1);
        return (byte)Math.Round(255 * (v <= 0.0031308 ? 12.92 * v : 1.055 * Math.Pow(v, 1 / 2.4) - 0.055));
    }

    private static double Cube(double v) => v * v * v;
}
