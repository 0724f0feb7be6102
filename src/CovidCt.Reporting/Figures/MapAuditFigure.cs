using System.Globalization;
using CovidCt.Maps;
using CovidCt.Records;
using ScottPlot;

namespace CovidCt.Reporting.Figures;

/// <summary>What becomes of a network's answer while its images lose, or get back, the pixels that its maps mark.</summary>
internal static class MapAuditFigure
{
    private const int PlotHeight = 250, Height = (2 * PlotHeight) + (2 * FigureLegend.RowHeight) + 12;
    private const float LineWidth = 2;

    public static Figure Draw(string network, int fold, string displayName, RunMapAudit audit) => new(
        FormattableString.Invariant($"map-audit-{network}-fold-{fold}"),
        $"Deletion, insertion and ROAD of {displayName}",
        string.Create(
            CultureInfo.InvariantCulture,
            $"Mean over {audit.Images} images of {displayName}: area under the deletion curve {audit.Deletion.Area:0.000}, under the "
                + $"insertion curve {audit.Insertion.Area:0.000}, ROAD {audit.Road.Score:0.000}."),
        PlotPanel.Width,
        Height,
        canvas =>
        {
            using var upper = Plot(displayName, "Changed share of the pixels", audit.Deletion, audit.Insertion);
            PlotPanel.Render(canvas, upper, 0, 0, PlotPanel.Width, PlotHeight);
            FigureLegend.DrawRow(
                canvas, PlotPanel.Width, PlotHeight + 14,
                new LegendEntry("deletion", FigureColours.Blue, LineWidth),
                new LegendEntry("insertion", FigureColours.Vermillion, LineWidth, IsDotted: true));
            using var lower = Plot(null, "Removed share of the pixels (ROAD)", audit.Road.MostRelevantFirst, audit.Road.LeastRelevantFirst);
            PlotPanel.Render(canvas, lower, 0, PlotHeight + FigureLegend.RowHeight + 6, PlotPanel.Width, PlotHeight);
            FigureLegend.DrawRow(
                canvas, PlotPanel.Width, Height - 8,
                new LegendEntry("most relevant first", FigureColours.Blue, LineWidth),
                new LegendEntry("least first", FigureColours.Vermillion, LineWidth, IsDotted: true));
        });

    private static Plot Plot(string? title, string bottom, PerturbationCurve full, PerturbationCurve dotted)
    {
        var plot = PlotPanel.Create(title, bottom, "Probability of the class");
        Line(plot, full, FigureColours.Blue.ToPlot());
        Line(plot, dotted, FigureColours.Vermillion.ToPlot()).LinePattern = LinePattern.Dotted;
        double[] ticks = [0, 0.2, 0.4, 0.6, 0.8, 1];
        PlotPanel.Ticks(plot.Axes.Bottom, ticks, "0.0");
        PlotPanel.Ticks(plot.Axes.Left, ticks, "0.0");
        plot.Axes.SetLimits(-0.02, 1.02, -0.02, 1.02);
        return plot;
    }

    private static ScottPlot.Plottables.Scatter Line(Plot plot, PerturbationCurve curve, Color colour)
    {
        var line = plot.Add.ScatterLine([.. curve.Shares], (double[])[.. curve.Probabilities]);
        line.Color = colour;
        line.LineWidth = LineWidth;
        return line;
    }
}
