using SkiaSharp;

namespace CovidCt.Reporting.Figures;

/// <summary>An entry of a legend: a line, or a band where it has no width.</summary>
/// <param name="Text">What it stands for.</param>
/// <param name="Colour">Its colour.</param>
/// <param name="LineWidth">The width of its line; 0 for a band.</param>
/// <param name="IsDotted">Whether the line is dotted.</param>
internal readonly record struct LegendEntry(string Text, SKColor Colour, float LineWidth = 0, bool IsDotted = false);

/// <summary>A legend below the plots, where it hides nothing.</summary>
internal static class FigureLegend
{
    public const int RowHeight = 19;
    private const float Symbol = 22, Gap = 6, Between = 18;
    private static readonly float[] Dots = [2, 3];

    /// <summary>Draws one row, in the middle of a width; <paramref name="y"/> is its baseline.</summary>
    public static void DrawRow(SKCanvas canvas, float width, float y, params LegendEntry[] entries)
    {
        float[] widths = [.. entries.Select(entry => Symbol + Gap + (float)FigureFont.Width(entry.Text, PlotPanel.TextSize))];
        var x = (width - widths.Sum() - ((entries.Length - 1) * Between)) / 2;
        foreach (var (entry, entryWidth) in entries.Zip(widths))
        {
            DrawSymbol(canvas, entry, x, y);
            FigureText.Draw(canvas, entry.Text, x + Symbol + Gap, y, PlotPanel.TextSize);
            x += entryWidth + Between;
        }
    }

    private static void DrawSymbol(SKCanvas canvas, LegendEntry entry, float x, float y)
    {
        using var dots = entry.IsDotted ? SKPathEffect.CreateDash(Dots, 0) : null;
        using var paint = new SKPaint { Color = entry.Colour, StrokeWidth = entry.LineWidth, PathEffect = dots, IsAntialias = true };
        if (entry.LineWidth > 0)
        {
            canvas.DrawLine(x, y - 4, x + Symbol, y - 4, paint);
        }
        else
        {
            canvas.DrawRect(x, y - 9, Symbol, 10, paint);
        }
    }
}
