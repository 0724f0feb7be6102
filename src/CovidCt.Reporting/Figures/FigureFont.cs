using System.Globalization;
using ScottPlot;
using SkiaSharp;

namespace CovidCt.Reporting.Figures;

/// <summary>
/// The typeface of all figures. It travels in the assembly, so that a figure looks the same on every machine and has
/// its text in a container without fonts too.
/// </summary>
internal static class FigureFont
{
    /// <summary>The name under which ScottPlot finds the typeface.</summary>
    public const string Family = "CovidCt figures";

    private static readonly SKTypeface Typeface = Load();

    // ScottPlot asks a list for typefaces by name: it has no other way to take one that isn't installed.
    static FigureFont() => Fonts.FontResolvers.Insert(0, new Resolver());

    /// <summary>Sets a label in the typeface, and never bold: ScottPlot would smear it.</summary>
    public static void Set(LabelStyle label, float size)
    {
        label.FontName = Family;
        label.FontSize = size;
        label.Bold = false;
    }

    /// <summary>The typeface at a size, for drawing without ScottPlot.</summary>
    public static SKFont Of(double size) =>
        new(Typeface, (float)size) { Edging = SKFontEdging.Antialias, Subpixel = true, Hinting = SKFontHinting.None };

    /// <summary>The width of a line of text, in pixels.</summary>
    public static double Width(string text, double size)
    {
        using var font = new SKFont(Typeface, (float)size);
        return font.MeasureText(text);
    }

    /// <summary>The text, or as much of its beginning and end as fits, with … between them.</summary>
    public static string Fit(string text, double size, double width)
    {
        if (Width(text, size) <= width)
        {
            return text;
        }

        var starts = StringInfo.ParseCombiningCharacters(text);
        for (var kept = starts.Length - 1; kept > 1; kept--)
        {
            var shorter = $"{text[..starts[(kept + 1) / 2]].TrimEnd()}…{text[starts[starts.Length - kept / 2]..].TrimStart()}";
            if (Width(shorter, size) <= width)
            {
                return shorter;
            }
        }

        return "…";
    }

    private static SKTypeface Load()
    {
        using var stream = typeof(FigureFont).Assembly.GetManifestResourceStream("CovidCt.Reporting.Figures.Fonts.DejaVuSans.ttf")
            ?? throw new InvalidOperationException("The figures' typeface is missing from the assembly.");
        return SKTypeface.FromStream(stream)
            ?? throw new InvalidOperationException("The figures' typeface can't be read.");
    }

    private sealed class Resolver : IFontResolver
    {
        public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
            fontName == Family ? Typeface : null;

        public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) =>
            fontName == Family ? Typeface : null;
    }
}
