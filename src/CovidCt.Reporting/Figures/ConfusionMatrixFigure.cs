using System.Globalization;
using CovidCt.Evaluation;
using CovidCt.Reporting.Wording;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace CovidCt.Reporting.Figures;

/// <summary>
/// A network's confusion matrix over all its folds, as in the paper's figures 9 and 10: counts, and per cent of each
/// actual class, by which the cells are coloured.
/// </summary>
internal static class ConfusionMatrixFigure
{
    /// <summary>Sizes in pixels: a picture of its own, and a small one that stands among others.</summary>
    private sealed record Layout(
        int Width,
        int Height,
        float Title,
        float Axis,
        float Tick,
        float Count,
        float Share,
        double TickWidth,
        bool CentresTitle);

    private static readonly Layout Alone = new(
        640,
        560,
        Title: 17,
        Axis: 17,
        Tick: 16,
        Count: 36,
        Share: 19,
        TickWidth: 190,
        CentresTitle: true);
    private static readonly Layout Among = new(
        340,
        300,
        Title: 14,
        Axis: 12,
        Tick: 12,
        Count: 24,
        Share: 13,
        TickWidth: 100,
        CentresTitle: false);

    /// <summary>Draws the matrix into a file, which is whole or not there.</summary>
    /// <param name="path">The file: PNG of 1280×1120 pixels, or SVG where it ends in <c>.svg</c>.</param>
    /// <param name="network">The network's results.</param>
    /// <param name="report">The study they are of, for its data set, folds and classes.</param>
    /// <param name="displayName">The network's name in the title; its published name when null.</param>
    /// <exception cref="ArgumentException">The study is not of two classes, the positive one among them.</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void Save(
        string path, NetworkResult network, CrossValidationReport report, string? displayName = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(report);
        var name = displayName ?? network.Name;
        Draw(network, report, name, [$"{name} on {report.Dataset}", Counted(network, report)], Alone).Save(path);
    }

    /// <summary>A small matrix, to stand among those of other networks.</summary>
    internal static Figure Panel(NetworkResult network, CrossValidationReport report, string displayName) =>
        Draw(network, report, displayName, [displayName], Among);

    /// <summary>What all matrices of a study have in common, in words.</summary>
    internal static string Counted(NetworkResult network, CrossValidationReport report)
    {
        var counted = Numbers.Counted(network.Folds.Count, "fold");
        var folds = DesignWords.IsGiven(report.GroupBy)
            ? Lists.Capital(DesignWords.Brief(report.GroupBy, counted, network.Folds.Count))
            : $"{counted} by {DesignWords.Unit(report.GroupBy)}";
        return FormattableString.Invariant($"{folds}, {network.Total.Total} images; per cent of each actual class");
    }

    private static Figure Draw(
        NetworkResult network, CrossValidationReport report, string name, IEnumerable<string> title, Layout layout)
    {
        if (report.Classes.Count != 2 || !report.Classes.Contains(report.Positive))
        {
            throw new ArgumentException(
                $"A confusion matrix is of two classes, the positive one '{report.Positive}' among them, not of "
                    + $"{string.Join(", ", report.Classes)}.",
                nameof(report));
        }

        var positive = report.Classes[0] == report.Positive ? 0 : 1;
        var counts = Counts(network.Total, positive);
        string[] lines = [.. title.Select(line => FigureFont.Fit(line, layout.Title, layout.Width - (layout.CentresTitle ? 40 : 140)))];
        return new(
            $"confusion-{network.Name}",
            $"Confusion matrix of {name}",
            string.Create(
                CultureInfo.InvariantCulture,
                $"Confusion matrix of {name}: of {counts[0, 0] + counts[0, 1]} {DataWords.Class(report.Classes[0])} images "
                    + $"{counts[0, 0]} were called so, of {counts[1, 0] + counts[1, 1]} {DataWords.Class(report.Classes[1])} images "
                    + $"{counts[1, 1]}."),
            layout.Width,
            layout.Height,
            canvas =>
            {
                using var plot = Plot(counts, string.Join('\n', lines), report.Classes, layout);
                PlotPanel.Render(canvas, plot, 0, 0, layout.Width, layout.Height);
            });
    }

    private static Plot Plot(int[,] counts, string title, IReadOnlyList<string> classes, Layout layout)
    {
        var plot = new Plot();
        for (var actual = 0; actual < 2; actual++)
        {
            var total = counts[actual, 0] + counts[actual, 1];
            for (var predicted = 0; predicted < 2; predicted++)
            {
                DrawCell(plot, predicted, 1 - actual, counts[actual, predicted], total, layout);
            }
        }

        plot.Axes.Title.Label.Text = title;
        plot.Axes.Title.FullFigureCenter = layout.CentresTitle; // A small one has it above the matrix, a long one needs all the width.
        FigureFont.Set(plot.Axes.Title.Label, layout.Title);
        LabelAxis(plot.Axes.Bottom, "Predicted", [0, 1], classes, layout);
        LabelAxis(plot.Axes.Left, "Actual", [1, 0], classes, layout);
        plot.Axes.Left.Label.OffsetX = 6;
        plot.Axes.Right.MinimumSize = layout.Width / 26f;
        plot.Axes.Frame(false);
        plot.Axes.SetLimits(-0.5, 1.5, -0.5, 1.5);
        plot.HideGrid();
        return plot;
    }

    /// <summary>Counts by actual and predicted class, in the classes' order.</summary>
    private static int[,] Counts(ConfusionMatrix matrix, int positive)
    {
        var negative = 1 - positive;
        var counts = new int[2, 2];
        counts[positive, positive] = matrix.TruePositives;
        counts[positive, negative] = matrix.FalseNegatives;
        counts[negative, positive] = matrix.FalsePositives;
        counts[negative, negative] = matrix.TrueNegatives;
        return counts;
    }

    private static void DrawCell(Plot plot, int x, int y, int count, int total, Layout layout)
    {
        var share = total == 0 ? 0 : (double)count / total;
        var fill = SequentialRamp.At(share);
        var ink = SequentialRamp.WantsWhiteText(fill) ? Colors.White : Colors.Black;
        var cell = plot.Add.Rectangle(x - 0.5, x + 0.5, y - 0.5, y + 0.5);
        cell.FillColor = new(fill.R, fill.G, fill.B);
        cell.LineColor = Colors.White;
        cell.LineWidth = 2;
        Write(plot, count.ToString(CultureInfo.InvariantCulture), x, y + 0.06, layout.Count, ink);
        Write(plot, total == 0 ? Numbers.Unknown : Numbers.Percent(share) + " %", x, y - 0.14, layout.Share, ink);
    }

    private static void Write(Plot plot, string text, double x, double y, float size, Color ink)
    {
        var label = plot.Add.Text(text, x, y);
        FigureFont.Set(label.LabelStyle, size);
        label.LabelFontColor = ink;
        label.LabelAlignment = Alignment.MiddleCenter;
    }

    private static void LabelAxis(IAxis axis, string text, double[] places, IReadOnlyList<string> classes, Layout layout)
    {
        axis.Label.Text = text;
        FigureFont.Set(axis.Label, layout.Axis);
        axis.TickGenerator = new NumericManual(places, [.. classes.Select(c => FigureFont.Fit(c, layout.Tick, layout.TickWidth))]);
        FigureFont.Set(axis.TickLabelStyle, layout.Tick);
        axis.MajorTickStyle.Length = 5;
        axis.MajorTickStyle.Color = Colors.Transparent; // They only keep a distance; a line of no width would be a hairline.
    }
}
