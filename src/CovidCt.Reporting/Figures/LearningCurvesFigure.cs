using System.Globalization;
using CovidCt.Records;
using CovidCt.Reporting.Wording;
using ScottPlot;

namespace CovidCt.Reporting.Figures;

/// <summary>How a network's training went: loss and accuracy on the training images by epoch, mean and range over the folds.</summary>
internal static class LearningCurvesFigure
{
    private const int Width = 340, PlotHeight = 220, Height = (2 * PlotHeight) + 30;

    private const float LineWidth = 2;
    private const double BandOpacity = 0.4;

    private sealed record Epoch(int Number, double Mean, double Least, double Most);

    /// <summary>The figure, or null where no epoch has finite figures.</summary>
    public static Figure? Draw(string network, string displayName, IReadOnlyList<IReadOnlyList<EpochRecord>> histories)
    {
        var folds = histories.Count(history => history.Count > 0);
        var loss = Summarise(histories, epoch => epoch.Loss);
        var accuracy = Summarise(histories, epoch => 100 * epoch.Accuracy);
        if (loss.Count == 0 || accuracy.Count == 0)
        {
            return null;
        }

        return new(
            $"learning-{network}",
            $"Learning curves of {displayName}",
            string.Create(
                CultureInfo.InvariantCulture,
                $"Training of {displayName} over {Numbers.Counted(loss.Count, "epoch")}: mean loss from {loss[0].Mean:0.000} to "
                    + $"{loss[^1].Mean:0.000}, mean training accuracy from {accuracy[0].Mean:0.0} % to {accuracy[^1].Mean:0.0} %."),
            PlotPanel.Width,
            Height,
            canvas =>
            {
                using var upper = Plot(loss, displayName, "", "Training loss (nats)");
                var most = loss.Max(epoch => epoch.Most);
                upper.Axes.SetLimitsY(0, most > 0 ? 1.08 * most : 1);
                PlotPanel.Ticks(upper.Axes.Left, PlotPanel.RoundNumbers(0, 1.08 * most, 5), "0.####");
                PlotPanel.Render(canvas, upper, 0, 0, PlotPanel.Width, PlotHeight);

                using var lower = Plot(accuracy, null, "Epoch", "Training accuracy (%)");
                var least = Math.Floor(Math.Min(accuracy.Min(epoch => epoch.Least), 95) / 10) * 10;
                lower.Axes.SetLimitsY(least, 102);
                PlotPanel.Ticks(lower.Axes.Left, PlotPanel.RoundNumbers(least, 100, 5), "0");
                PlotPanel.Render(canvas, lower, 0, PlotHeight, PlotPanel.Width, PlotHeight);
                var line = new LegendEntry(
                    folds > 1 ? $"mean of {Numbers.Counted(folds, "fold")}" : "1 fold",
                    FigureColours.Blue,
                    LineWidth);
                FigureLegend.DrawRow(
                    canvas,
                    PlotPanel.Width,
                    Height - 14,
                    folds > 1 ? [line, new("range over the folds", FigureColours.Band)] : [line]);
            });
    }

    private static IReadOnlyList<Epoch> Summarise(IEnumerable<IReadOnlyList<EpochRecord>> histories, Func<EpochRecord, double> figure) =>
    [
        .. histories.SelectMany(history => history)
            .Select(epoch => (epoch.Epoch, Value: figure(epoch)))
            .Where(entry => double.IsFinite(entry.Value))
            .GroupBy(entry => entry.Epoch, entry => entry.Value)
            .OrderBy(epoch => epoch.Key)
            .Select(epoch => new Epoch(epoch.Key + 1, epoch.Average(), epoch.Min(), epoch.Max())),
    ];

    private static Plot Plot(IReadOnlyList<Epoch> epochs, string? title, string bottom, string left)
    {
        var plot = PlotPanel.Create(title, bottom, left);
        double[] numbers = [.. epochs.Select(epoch => (double)epoch.Number)];
        var band = plot.Add.FillY(numbers, [.. epochs.Select(epoch => epoch.Least)], [.. epochs.Select(epoch => epoch.Most)]);
        band.FillColor = FigureColours.Band.ToPlot();
        band.LineWidth = 0;
        var line = plot.Add.Scatter(numbers, (double[])[.. epochs.Select(epoch => epoch.Mean)]);
        line.Color = FigureColours.Blue.ToPlot();
        line.LineWidth = LineWidth;
        line.MarkerSize = epochs.Count > 30 ? 0 : 5;
        var (first, last) = (numbers[0], numbers[^1]);
        var margin = Math.Max(0.5, 0.03 * (last - first));
        PlotPanel.Ticks(plot.Axes.Bottom, PlotPanel.RoundNumbers(first, last, 6, leastStep: 1), "0");
        plot.Axes.SetLimitsX(first - margin, last + margin);
        return plot;
    }
}
