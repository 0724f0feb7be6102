using CovidCt.Calibration;
using CovidCt.Records;
using CovidCt.Reporting.Wording;
using ScottPlot;

namespace CovidCt.Reporting.Figures;

/// <summary>A network's reliability diagram and its decision curve below, with intervals.</summary>
internal static class ReliabilityFigure
{
    private const int PlotHeight = 260, Height = (2 * PlotHeight) + (2 * FigureLegend.RowHeight) + 12;
    private const float LineWidth = 2, ThinWidth = 1;

    public static Figure Draw(NetworkStatistics network, string displayName, bool isOneTest) => new(
        $"reliability-{network.Network}",
        $"Reliability and decision curve of {displayName}",
        ProbabilityWords.Figure(displayName, network.Probabilities, isOneTest),
        PlotPanel.Width,
        Height,
        canvas =>
        {
            using var upper = Reliability(network.Probabilities.Reliability, displayName);
            PlotPanel.Render(canvas, upper, 0, 0, PlotPanel.Width, PlotHeight);
            FigureLegend.DrawRow(
                canvas, PlotPanel.Width, PlotHeight + 14,
                new LegendEntry("observed, 95 %", FigureColours.Blue, LineWidth),
                new LegendEntry("as stated", FigureColours.Secondary, ThinWidth, IsDotted: true));
            using var lower = Decisions(network.Probabilities.Decisions);
            PlotPanel.Render(canvas, lower, 0, PlotHeight + FigureLegend.RowHeight + 6, PlotPanel.Width, PlotHeight);
            FigureLegend.DrawRow(
                canvas, PlotPanel.Width, Height - 8,
                new LegendEntry("network, 95 %", FigureColours.Blue, LineWidth), new LegendEntry(
                    "all positive",
                    FigureColours.Vermillion,
                    LineWidth,
                    IsDotted: true), new LegendEntry("none", FigureColours.Secondary, ThinWidth));
        });

    private static Plot Reliability(IReadOnlyList<ReliabilityBin> bins, string title)
    {
        var plot = PlotPanel.Create(title, "Stated probability", "Share that is positive");
        Line(plot, [0, 1], [0, 1], FigureColours.Secondary, ThinWidth).LinePattern = LinePattern.Dotted;
        ReliabilityBin[] filled = [.. bins.Where(bin => bin.Count > 0)];
        foreach (var bin in filled)
        {
            Line(
                plot,
                [bin.MeanProbability!.Value, bin.MeanProbability.Value],
                [bin.Interval!.Low, bin.Interval.High],
                FigureColours.SkyBlue,
                LineWidth);
        }

        var line = Line(
            plot,
            [.. filled.Select(bin => bin.MeanProbability!.Value)],
            [.. filled.Select(bin => bin.ObservedRate!.Value)],
            FigureColours.Blue,
            LineWidth);
        line.MarkerSize = 6;
        double[] ticks = [0, 0.2, 0.4, 0.6, 0.8, 1];
        PlotPanel.Ticks(plot.Axes.Bottom, ticks, "0.0");
        PlotPanel.Ticks(plot.Axes.Left, ticks, "0.0");
        plot.Axes.SetLimits(-0.02, 1.02, -0.02, 1.02);
        return plot;
    }

    private static Plot Decisions(IReadOnlyList<DecisionPoint> points)
    {
        var plot = PlotPanel.Create(null, "Threshold probability", "Net benefit");
        double[] thresholds = [.. points.Select(point => point.Threshold)];
        var most = Math.Max(0.05, points.Select(point => Math.Max(point.NetBenefit, point.TreatAll)).DefaultIfEmpty(0).Max());
        var least = -0.25 * most;
        Line(plot, [0, 1], [0, 0], FigureColours.Secondary, ThinWidth);
        Line(
            plot,
            thresholds,
            [.. points.Select(point => Math.Max(point.TreatAll, 2 * least))],
            FigureColours.Vermillion,
            LineWidth).LinePattern = LinePattern.Dotted;
        DecisionPoint[] sure = [.. points.Where(point => point.Interval is not null)];
        foreach (var end in (Func<DecisionPoint, double>[])[point => point.Interval!.Low, point => point.Interval!.High])
        {
            Line(
                plot,
                [.. sure.Select(point => point.Threshold)],
                [.. sure.Select(point => Math.Max(end(point), 2 * least))],
                FigureColours.SkyBlue,
                ThinWidth);
        }

        Line(plot, thresholds, [.. points.Select(point => Math.Max(point.NetBenefit, 2 * least))], FigureColours.Blue, LineWidth);
        PlotPanel.Ticks(plot.Axes.Bottom, [0, 0.2, 0.4, 0.6, 0.8, 1], "0.0");
        PlotPanel.Ticks(plot.Axes.Left, PlotPanel.RoundNumbers(0, most, 5), "0.##");
        plot.Axes.SetLimits(-0.02, 1.02, least, 1.05 * most);
        return plot;
    }

    private static ScottPlot.Plottables.Scatter Line(Plot plot, double[] x, double[] y, SkiaSharp.SKColor colour, float width)
    {
        var line = plot.Add.ScatterLine(x, y);
        line.Color = colour.ToPlot();
        line.LineWidth = width;
        return line;
    }
}
