using SkiaSharp;

namespace CovidCt.Reporting.Figures;

/// <summary>Text in the figures' typeface, where a figure is drawn without ScottPlot.</summary>
internal static class FigureText
{
    /// <summary>Draws a line of text; <paramref name="y"/> is its baseline.</summary>
    public static void Draw(
        SKCanvas canvas,
        string text,
        float x,
        float y,
        float size,
        SKColor? colour = null,
        SKTextAlign align = SKTextAlign.Left)
    {
        using var font = FigureFont.Of(size);
        using var paint = new SKPaint { Color = colour ?? SKColors.Black, IsAntialias = true };
        canvas.DrawText(text, x, y, align, font, paint);
    }

    /// <summary>The text in lines, broken between words; a word that is too wide loses its middle.</summary>
    public static IReadOnlyList<string> Wrap(string text, double size, double width)
    {
        List<string> lines = [];
        var line = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var longer = line.Length == 0 ? word : $"{line} {word}";
            if (FigureFont.Width(longer, size) <= width)
            {
                line = longer;
                continue;
            }

            if (line.Length > 0)
            {
                lines.Add(line);
            }

            line = FigureFont.Fit(word, size, width);
        }

        return line.Length == 0 ? lines : [.. lines, line];
    }
}
