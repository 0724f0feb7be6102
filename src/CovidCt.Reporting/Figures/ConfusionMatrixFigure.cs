using System.Globalization;
using System.Text;
using CovidCt.Evaluation;
using CovidCt.Models;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace CovidCt.Reporting.Figures;

/// <summary>
/// A network's confusion matrix over all its folds, as in the paper's figures 9 and 10: counts, and per cent of each
/// actual class, by which the cells are coloured.
/// </summary>
public static class ConfusionMatrixFigure
{
    private const int Width = 640, Height = 560, Scale = 2;
    private const float TitleSize = 17, AxisSize = 17, TickSize = 16, CountSize = 36, ShareSize = 19;
    private const double TickWidth = 190;

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
        if (report.Classes.Count != 2 || !report.Classes.Contains(report.Positive))
            throw new ArgumentException(
                $"A confusion matrix is of two classes, the positive one '{report.Positive}' among them, not of {string.Join(", ", report.Classes)}.",
                nameof(report));

        using var plot = Draw(network, report, displayName ?? network.Name);
        byte[] file = Path.GetExtension(path).Equals(".svg", StringComparison.OrdinalIgnoreCase)
            ? Encoding.UTF8.GetBytes(plot.GetSvgXml(Width, Height))
            : Png(plot);
        AtomicFile.WriteAllBytes(path, file);
    }

    private static byte[] Png(Plot plot)
    {
        plot.ScaleFactor = Scale;
        return plot.GetImageBytes(Scale * Width, Scale * Height, ImageFormat.Png);
    }

    private static Plot Draw(NetworkResult network, CrossValidationReport report, string name)
    {
        var plot = new Plot();
        int positive = report.Classes[0] == report.Positive ? 0 : 1;
        int[,] counts = Counts(network.Total, positive);
        for (int actual = 0; actual < 2; actual++)
        {
            int total = counts[actual, 0] + counts[actual, 1];
            for (int predicted = 0; predicted < 2; predicted++)
                DrawCell(plot, predicted, 1 - actual, counts[actual, predicted], total);
        }

        plot.Axes.Title.Label.Text = Title(network, report, name);
        plot.Axes.Title.FullFigureCenter = true;
        FigureFont.Set(plot.Axes.Title.Label, TitleSize);
        LabelAxis(plot.Axes.Bottom, "Predicted", [0, 1], report.Classes);
        LabelAxis(plot.Axes.Left, "Actual", [1, 0], report.Classes);
        plot.Axes.Left.Label.OffsetX = 6;
        plot.Axes.Right.MinimumSize = 24;
        plot.Axes.Frame(false);
        plot.Axes.SetLimits(-0.5, 1.5, -0.5, 1.5);
        plot.HideGrid();
        return plot;
    }

    private static string Title(NetworkResult network, CrossValidationReport report, string name)
    {
        string folds = network.Folds.Count == 1 ? "1 fold" : FormattableString.Invariant($"{network.Folds.Count} folds");
        string counted = FormattableString.Invariant(
            $"{folds} by {report.GroupBy}, {network.Total.Total} images; per cent of each actual class");
        return string.Join('\n', new[] { $"{name} on {report.Dataset}", counted }
            .Select(line => FigureFont.Fit(line, TitleSize, Width - 40)));
    }

    /// <summary>Counts by actual and predicted class, in the classes' order.</summary>
    private static int[,] Counts(ConfusionMatrix matrix, int positive)
    {
        int negative = 1 - positive;
        int[,] counts = new int[2, 2];
        counts[positive, positive] = matrix.TruePositives;
        counts[positive, negative] = matrix.FalseNegatives;
        counts[negative, positive] = matrix.FalsePositives;
        counts[negative, negative] = matrix.TrueNegatives;
        return counts;
    }

    private static void DrawCell(Plot plot, int x, int y, int count, int total)
    {
        double share = total == 0 ? 0 : (double)count / total;
        var fill = SequentialRamp.At(share);
        var ink = SequentialRamp.WantsWhiteText(fill) ? Colors.White : Colors.Black;
        var cell = plot.Add.Rectangle(x - 0.5, x + 0.5, y - 0.5, y + 0.5);
        cell.FillColor = new(fill.R, fill.G, fill.B);
        cell.LineColor = Colors.White;
        cell.LineWidth = 2;
        Write(plot, count.ToString(CultureInfo.InvariantCulture), x, y + 0.06, CountSize, ink);
        Write(plot, total == 0 ? "—" : (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %", x, y - 0.14, ShareSize, ink);
    }

    private static void Write(Plot plot, string text, double x, double y, float size, Color ink)
    {
        var label = plot.Add.Text(text, x, y);
        FigureFont.Set(label.LabelStyle, size);
        label.LabelFontColor = ink;
        label.LabelAlignment = Alignment.MiddleCenter;
    }

    private static void LabelAxis(IAxis axis, string text, double[] places, IReadOnlyList<string> classes)
    {
        axis.Label.Text = text;
        FigureFont.Set(axis.Label, AxisSize);
        axis.TickGenerator = new NumericManual(places, [.. classes.Select(c => FigureFont.Fit(c, TickSize, TickWidth))]);
        FigureFont.Set(axis.TickLabelStyle, TickSize);
        axis.MajorTickStyle.Length = 5;
        axis.MajorTickStyle.Width = 0;
    }
}
