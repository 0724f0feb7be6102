using CovidCt.Evaluation;
using ScottPlot;

namespace CovidCt.Reporting.Figures;

/// <summary>
/// A network's ROC curve: the vertical average over the folds with a band of one sample standard deviation, the folds'
/// own curves behind it, and the area in the legend.
/// </summary>
internal static class RocFigure
{
    private const int Width = 340, Height = 340;
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
        var area = $"AUC {FigureNumbers.Fraction(network.Mean.Auc, network.Std.Auc)}";
        return new(
            $"roc-{network.Name}",
            $"ROC curve of {displayName}",
            $"ROC curve of {displayName}, mean over {FigureNumbers.Counted(curves.Count, "fold")}: {area}.",
            Width,
            Height,
            canvas =>
            {
                using var plot = Plot(curves, mean, FigureFont.Fit(displayName, PlotPanel.TitleSize, Width - 30), area);
                PlotPanel.Render(canvas, plot, 0, 0, Width, Height);
            });
    }

    private static Plot Plot(
        List<IReadOnlyList<RocPoint>> curves, IReadOnlyList<RocPoint> mean, string title, string area)
    {
        var plot = PlotPanel.Create(title, "False-positive rate (1 − specificity)", "True-positive rate (sensitivity)");
        List<LegendItem> legend = [];
        Line(plot, [new(0, 0, 0), new(1, 1, 0)], FigureColours.Secondary.ToPlot(), 1).LinePattern = LinePattern.Dotted;
        if (curves.Count > 1)
        {
            var band = plot.Add.FillY(
                [.. mean.Select(p => p.X)],
                [.. mean.Select(p => Math.Max(0, p.Y - p.Deviation))],
                [.. mean.Select(p => Math.Min(1, p.Y + p.Deviation))]);
            band.FillColor = FigureColours.SkyBlue.ToPlot(0.4);
            band.LineWidth = 0;
            foreach (var curve in curves)
            {
                Line(plot, curve, FigureColours.Secondary.ToPlot(0.55), 0.8f);
            }

            legend.Add(new() { LabelText = FigureNumbers.Counted(curves.Count, "fold"), LineColor = FigureColours.Secondary.ToPlot(0.55), LineWidth = 0.8f });
            legend.Add(new() { LabelText = "± 1 standard deviation", FillColor = FigureColours.SkyBlue.ToPlot(0.4) });
        }

        Line(plot, mean, FigureColours.Blue.ToPlot(), 2.2f);
        legend.Insert(0, new() { LabelText = curves.Count > 1 ? $"mean, {area}" : area, LineColor = FigureColours.Blue.ToPlot(), LineWidth = 2.2f });
        legend.Add(new() { LabelText = "chance", LineColor = FigureColours.Secondary.ToPlot(), LineWidth = 1, LinePattern = LinePattern.Dotted });
        PlotPanel.Legend(plot, Alignment.LowerRight, [.. legend]);
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
