using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace CovidCt.Reporting.Figures;

/// <summary>What the small plots have in common: typeface, sizes, axes, legend, and drawing into a part of a picture.</summary>
internal static class PlotPanel
{
    public const int Width = 340;
    public const float TextSize = 12, TitleSize = 14;
    private const double TitleWidth = Width - 90;
    private static readonly Color Grid = new(0xE4, 0xE4, 0xE4);

    /// <summary>An empty plot with its labels.</summary>
    public static Plot Create(string? title, string bottom, string left)
    {
        var plot = new Plot();
        if (title is not null)
        {
            plot.Axes.Title.Label.Text = FigureFont.Fit(title, TitleSize, TitleWidth);
            FigureFont.Set(plot.Axes.Title.Label, TitleSize);
        }

        foreach (var (axis, text) in ((IAxis, string)[])[(plot.Axes.Bottom, bottom), (plot.Axes.Left, left)])
        {
            axis.Label.Text = text;
            FigureFont.Set(axis.Label, TextSize);
            FigureFont.Set(axis.TickLabelStyle, TextSize);
            axis.MinorTickStyle.Length = 0;
        }

        plot.Axes.Right.MinimumSize = 14;
        plot.Axes.Top.MinimumSize = title is null ? 10 : 0;
        plot.Axes.Left.MinimumSize = 56; // Plots below each other line up.
        plot.Grid.MajorLineColor = Grid;
        return plot;
    }

    /// <summary>Ticks at given places.</summary>
    public static void Ticks(IAxis axis, IEnumerable<double> places, string format) =>
        axis.TickGenerator = new NumericManual(
            [.. places],
            [.. places.Select(place => place.ToString(format, CultureInfo.InvariantCulture))]);

    /// <summary>About <paramref name="most"/> round numbers from one value to another: steps of 1, 2 or 5 times a power of ten.</summary>
    public static IReadOnlyList<double> RoundNumbers(double from, double to, int most, double leastStep = 0)
    {
        var raw = Math.Max((to - from) / most, leastStep);
        if (!(raw > 0) || !double.IsFinite(raw))
        {
            return [from];
        }

        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var step = Math.Max(leastStep, power * new[] { 1.0, 2, 5, 10 }.First(factor => factor * power >= raw * (1 - 1e-9)));
        var first = Math.Ceiling((from / step) - 1e-9);
        return [.. Enumerable.Range(0, most + 2).Select(i => (first + i) * step).TakeWhile(place => place <= to + (1e-9 * step))];
    }

    /// <summary>Renders a plot into a part of a picture, and nothing outside of it.</summary>
    public static void Render(SKCanvas canvas, Plot plot, float x, float y, int width, int height)
    {
        plot.RenderManager.ClearCanvasBeforeEachRender = false;
        plot.RenderInMemory(width, height); // The layout is that of the rendering before.
        canvas.Save();
        canvas.Translate(x, y);
        plot.Render(canvas, width, height);
        canvas.Restore();
    }
}
