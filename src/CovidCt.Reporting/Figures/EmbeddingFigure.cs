using System.Globalization;
using CovidCt.Records;
using CovidCt.Reporting.Wording;
using SkiaSharp;

namespace CovidCt.Reporting.Figures;

/// <summary>
/// An embedding in the manner of the paper's figures 11 and 12: four colours, class × (train, test). In gray the
/// classes differ by shape, and the parts by being hollow or full.
/// </summary>
internal static class EmbeddingFigure
{
    private const int Width = 400, Margin = 10, TitleSize = 14, TextSize = 13, LegendHeight = 66;
    private const int Top = 34, Side = Width - (2 * Margin), LeastHeight = 170, MostHeight = 330;

    public static Figure Draw(
        string network,
        int fold,
        string displayName,
        EmbeddingReport embedding,
        IReadOnlyList<string> classes,
        string positive)
    {
        // The positive class first; a label that is none of the classes would be a fault of the file, and is drawn as negative.
        string[] names = [positive, classes.FirstOrDefault(name => name != positive) ?? "other"];
        var title = FormattableString.Invariant(
            $"{(embedding.Perplexity is not null ? "t-SNE" : "Embedding")} of {displayName}, fold {fold}");
        var counts = Groups(embedding, positive);
        var bounds = Bounds(embedding.Points);

        // A flat cloud needs no square.
        var height = (int)Math.Clamp(Side * bounds.Height / Math.Max(bounds.Width, 1e-12), LeastHeight, MostHeight);
        var groups = counts.Select(group =>
            $"{Numbers.Whole(group.Count)} {names[group.IsPositive ? 0 : 1]} {(group.IsTest ? "test" : "train")}");
        return new(
            FormattableString.Invariant($"embedding-{network}-fold-{fold}"),
            title,
            $"Scatter plot of the features of {Numbers.Whole(embedding.Points.Count)} images, by class and part: "
                + $"{string.Join(", ", groups)}.",
            Width,
            Top + height + Margin + LegendHeight,
            canvas =>
            {
                FigureText.Draw(canvas, FigureFont.Fit(title, TitleSize, Width - 20), Width / 2f, 22, TitleSize, align: SKTextAlign.Center);
                using var frame = new SKPaint
                {
                    Color = FigureColours.Faint,
                    Style = SKPaintStyle.Stroke,
                    StrokeWidth = 1,
                    IsAntialias = true,
                };
                canvas.DrawRect(Margin, Top, Side, height, frame);
                DrawPoints(canvas, embedding.Points, bounds, height, positive);
                DrawLegend(canvas, Top + height + Margin, counts, names);
            })
        { Note = Quality(embedding) };
    }

    /// <summary>How an embedding was made and how far it can be trusted.</summary>
    private static string? Quality(EmbeddingReport facts)
    {
        (string Words, string? Value)[] known =
        [
            ("method", facts.Method),
            ("perplexity", Number(facts.Perplexity)),
            ("iterations", Number(facts.Iterations)),
            ("initialisation", facts.Initialisation),
            ("seed", Number(facts.Seed)),
            ("KL divergence", Number(facts.KlDivergence)),
            ("trustworthiness", Number(facts.Trustworthiness)),
            ("recall of neighbours", Number(facts.NeighbourRecall)),
            ("neighbours counted", Number(facts.Neighbours)),
        ];
        List<string> stated = [.. known.Where(fact => fact.Value is not null).Select(fact => $"{fact.Words} {fact.Value}")];
        return stated.Count == 0 ? null : $"{string.Join(", ", stated)}.";

        static string? Number(double? value) => value?.ToString("0.####", CultureInfo.InvariantCulture);
    }

    private static (double X, double Y, double Width, double Height) Bounds(IReadOnlyList<EmbeddingReport.Point> points)
    {
        var (left, right) = (points.Min(p => p.X), points.Max(p => p.X));
        var (bottom, top) = (points.Min(p => p.Y), points.Max(p => p.Y));
        return ((left + right) / 2, (bottom + top) / 2, right - left, top - bottom);
    }

    private static void DrawPoints(
        SKCanvas canvas,
        IReadOnlyList<EmbeddingReport.Point> points,
        (double X, double Y, double Width, double Height) bounds,
        int height,
        string positive)
    {
        // One unit is as long in both directions: only distances mean something in an embedding.
        var scale = Math.Min(
            (Side - (2 * Margin)) / Math.Max(bounds.Width, 1e-12),
            (height - (2 * Margin)) / Math.Max(bounds.Height, 1e-12));
        var radius = points.Count > 1000 ? 2.2f : points.Count > 300 ? 3.2f : 4.2f;

        // In an order that has nothing to do with the class, so that none hides another; the test images on top.
        foreach (var (point, _) in points.Select((point, i) => (point, Order: unchecked((uint)i * 2654435761u)))
            .OrderBy(p => p.point.IsTest).ThenBy(p => p.Order))
        {
            DrawMarker(
                canvas,
                (float)((Width / 2.0) + ((point.X - bounds.X) * scale)),
                (float)(Top + (height / 2.0) - ((point.Y - bounds.Y) * scale)),
                radius,
                point.Label == positive,
                point.IsTest);
        }
    }

    private static void DrawLegend(
        SKCanvas canvas,
        int top,
        IReadOnlyList<(bool IsPositive, bool IsTest, int Count)> groups,
        string[] names)
    {
        for (var i = 0; i < groups.Count; i++)
        {
            var (isPositive, isTest, count) = groups[i];
            var (x, y) = (Margin + (i / 2 * Side / 2f), top + 22 + (i % 2 * 26));
            DrawMarker(canvas, x + 8, y - 4.5f, 5, isPositive, isTest);
            var text = FormattableString.Invariant($"{names[isPositive ? 0 : 1]}, {(isTest ? "test" : "train")} ({count})");
            FigureText.Draw(canvas, FigureFont.Fit(text, TextSize, (Side / 2) - 26), x + 22, y, TextSize);
        }
    }

    private static IReadOnlyList<(bool IsPositive, bool IsTest, int Count)> Groups(EmbeddingReport embedding, string positive)
    {
        (bool IsPositive, bool IsTest)[] groups = [(true, false), (true, true), (false, false), (false, true)];
        var counts = embedding.Points.CountBy(point => (IsPositive: point.Label == positive, point.IsTest)).ToDictionary();
        return [.. groups.Select(group => (group.IsPositive, group.IsTest, counts.GetValueOrDefault(group)))];
    }

    private static void DrawMarker(SKCanvas canvas, float x, float y, float radius, bool isPositive, bool isTest)
    {
        var colour = (isPositive, isTest) switch
        {
            (true, true) => FigureColours.Vermillion,
            (true, false) => FigureColours.Orange,
            (false, true) => FigureColours.Blue,
            (false, false) => FigureColours.SkyBlue,
        };
        using var paint = new SKPaint
        {
            Color = colour,
            IsAntialias = true,
            Style = isTest ? SKPaintStyle.StrokeAndFill : SKPaintStyle.Stroke,
            StrokeWidth = 1.1f,
            StrokeJoin = SKStrokeJoin.Miter,
        };
        if (!isPositive)
        {
            canvas.DrawCircle(x, y, radius, paint);
            return;
        }

        using var triangle = new SKPath();
        triangle.MoveTo(x, y - (1.25f * radius));
        triangle.LineTo(x + (1.15f * radius), y + (0.8f * radius));
        triangle.LineTo(x - (1.15f * radius), y + (0.8f * radius));
        triangle.Close();
        canvas.DrawPath(triangle, paint);
    }
}
