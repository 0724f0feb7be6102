using ScottPlot;
using SkiaSharp;

namespace CovidCt.Reporting.Figures;

/// <summary>
/// Colours that the colour-blind tell apart: Okabe and Ito, "Color Universal Design" (2008). What differs in colour
/// differs in lightness, shape or line too, since a print may be gray.
/// </summary>
internal static class FigureColours
{
    public static readonly SKColor Blue = new(0x00, 0x72, 0xB2);
    public static readonly SKColor SkyBlue = new(0x56, 0xB4, 0xE9);
    public static readonly SKColor Vermillion = new(0xD5, 0x5E, 0x00);
    public static readonly SKColor Orange = new(0xE6, 0x9F, 0x00);
    public static readonly SKColor Secondary = new(0x55, 0x55, 0x55);
    public static readonly SKColor Faint = new(0xBB, 0xBB, 0xBB);

    /// <summary>The band around a mean.</summary>
    public static readonly SKColor Band = SkyBlue.WithAlpha(0x66);

    /// <summary>What stands behind a mean.</summary>
    public static readonly SKColor Behind = Secondary.WithAlpha(0x8C);

    public static Color ToPlot(this SKColor colour) => new(colour.Red, colour.Green, colour.Blue, colour.Alpha);
}
