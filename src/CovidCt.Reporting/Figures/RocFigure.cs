using CovidCt.Evaluation;
using CovidCt.Reporting.Wording;
using ScottPlot;

namespace CovidCt.Reporting.Figures;

/// <summary>
/// A network's ROC curve: the vertical average over the folds with a band of one sample standard deviation, the folds'
/// own curves behind it, and the area in the legend.
/// </summary>
internal static class RocFigure
{
    private const int PlotHeight = 320, Height = PlotHeight + (2 * FigureLegend.RowHeight) + 12;
    private const float MeanWidth = 2.2f, FoldWidth = 0.8f, ChanceWidth = 1;
    private const double Edge = 0.02;

    /// <summary>The figure, or null where no fold has images of both classes.</summary>
    public static Figure? Draw(NetworkResult network, IEnumerable<IReadOnlyList<Prediction>> folds, string positive, string displayName)
    {
        var curves = folds
            .Select(fold => RocCurve.Of(fold.Select(p => (p.Label == positive, p.Probability))))
            .Where(curve => curve.Count > 0)
            .ToList();
        if (curves.Count == 0)
        {
            return null;
        }

        var mean = RocCurve.Mean(curves);
        var area = $"AUC {Numbers.Fraction(network.Mean.Auc, network.Std.Auc)}";
        return new(
            $"roc-{network.Name}",
            $"ROC curve of {displayName}",
            $"ROC curve of {displayName}, mean over {Numbers.Counted(curves.Count, "fold")}: {area}.",
            PlotPanel.Width,
            Height,
            canvas =>
            {
                using var plot = Plot(curves, mean, displayName);
                PlotPanel.Render(canvas, plot, 0, 0, PlotPanel.Width, PlotHeight);
                var line = new LegendEntry(curves.Count > 1 ? $"mean, {area}" : area, FigureColours.Blue, MeanWidth);
                var chance = new LegendEntry("chance", FigureColours.Secondary, ChanceWidth, IsDotted: true);
                FigureLegend.DrawRow(canvas, PlotPanel.Width, PlotHeight + 14, line, chance);
                if (curves.Count > 1)
                {
                    var folds = new LegendEntry(Numbers.Counted(curves.Count, "fold"), FigureColours.Behind, FoldWidth);
                    FigureLegend.DrawRow(
                        canvas,
                        PlotPanel.Width,
                        PlotHeight + 14 + FigureLegend.RowHeight,
                        folds,
                        new LegendEntry("± 1 standard deviation", FigureColours.Band));
                }
            });
    }

    private static Plot Plot(List<IReadOnlyList<RocPoint>> curves, IReadOnlyList<RocPoint> mean, string title)
    {
        var plot = PlotPanel.Create(title, "False-positive rate (1 − specificity)", "True-positive rate (sensitivity)");
        Line(plot, [new(0, 0, 0), new(1, 1, 0)], FigureColours.Secondary.ToPlot(), ChanceWidth).LinePattern = LinePattern.Dotted;
        if (curves.Count > 1)
        {
            var band = plot.Add.FillY(
                [.. mean.Select(p => p.X)],
                [.. mean.Select(p => Math.Max(0, p.Y - p.Deviation))],
                [.. mean.Select(p => Math.Min(1, p.Y + p.Deviation))]);
            band.FillColor = FigureColours.Band.ToPlot();
            band.LineWidth = 0;
            foreach (var curve in curves)
            {
                Line(plot, curve, FigureColours.Behind.ToPlot(), FoldWidth);
            }
        }

        Line(plot, mean, FigureColours.Blue.ToPlot(), MeanWidth);
        double[] ticks = [0, 0.2, 0.4, 0.6, 0.8, 1];
        PlotPanel.Ticks(plot.Axes.Bottom, ticks, "0.0");
        PlotPanel.Ticks(plot.Axes.Left, ticks, "0.0");
        plot.Axes.SetLimits(-Edge, 1 + Edge, -Edge, 1 + Edge);
        return plot;
    }

    private static ScottPlot.Plottables.Scatter Line(Plot plot, IReadOnlyList<RocPoint> points, Color colour, float width)
    {
        var line = plot.Add.ScatterLine([.. points.Select(p => p.X)], (double[])[.. points.Select(p => p.Y)]);
        line.Color = colour;
        line.LineWidth = width;
        return line;
    }
}
