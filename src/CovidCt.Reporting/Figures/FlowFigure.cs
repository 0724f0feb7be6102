using CovidCt.Records;
using CovidCt.Reporting.Wording;
using SkiaSharp;

namespace CovidCt.Reporting.Figures;

/// <summary>The way of images through a study as boxes and arrows, in the manner of STARD's diagram.</summary>
internal static class FlowFigure
{
    /// <summary>The name of its files.</summary>
    public const string Name = "flow";

    private const int Width = 540, Margin = 14, Gap = 30, Between = 16, Middle = Width / 2;
    private const int Full = Width - (2 * Margin), Half = (Full - Between) / 2;
    private const int Padding = 12, TitleSize = 14, TextSize = 12, TitleHeight = 19, LineHeight = 17;
    private const float Corner = 6, Bar = 4, Head = 5;

    private static readonly SKColor Ground = new(0xF6, 0xF9, 0xFC), Rim = new(0x9F, 0xB8, 0xCC), Line = new(0x6B, 0x7C, 0x8A);

    /// <summary>The diagram; null as long as no image is known.</summary>
    /// <param name="study">What lies in the study's folder.</param>
    public static Figure? Draw(StudyReport study) => StudyFlow.Of(study) is not { } flow ? null
        : new(Name, $"Flow of the images: {study.Dataset}", flow.InWords(), Width, Lay(flow, null), canvas => Lay(flow, canvas));

    /// <summary>Lays everything out from above, and draws it where there is a canvas.</summary>
    /// <returns>The height.</returns>
    private static int Lay(StudyFlow flow, SKCanvas? canvas)
    {
        var y = Margin;
        if (flow.Found is { } found)
        {
            y += Box(canvas, found, Middle - (Half / 2), y, Half);
            y = LeftOut(canvas, flow.LeftOut, y);
        }

        y += Box(canvas, flow.Images, Middle - (Half / 2), y, Half);
        (y, var classes) = Row(canvas, flow.Classes, y, [Middle], isSplit: true);
        return Row(canvas, flow.Parts, y, classes, isSplit: false).Bottom + Margin;
    }

    /// <summary>The arrow from the files to the images, and what leaves it.</summary>
    private static int LeftOut(SKCanvas? canvas, FlowStep? step, int y)
    {
        const int left = Middle + Between + 12;
        var height = step is null ? 0 : Height(step, Width - Margin - left);
        var end = y + height + Gap;
        Arrow(canvas, (Middle, y), (Middle, end));
        if (step is not null)
        {
            var top = y + (Gap / 2);
            Arrow(canvas, (Middle, top + (height / 2)), (left, top + (height / 2)));
            Box(canvas, step, left, top, Width - Margin - left, FigureColours.Faint);
        }

        return end;
    }

    /// <summary>Boxes beside each other, two a row, with lines from the middles of what is above.</summary>
    private static (int Bottom, IReadOnlyList<int> Middles) Row(
        SKCanvas? canvas, IReadOnlyList<FlowStep> steps, int y, IReadOnlyList<int> above, bool isSplit)
    {
        for (var first = 0; first < steps.Count; first += 2)
        {
            FlowStep[] row = [.. steps.Skip(first).Take(2)];
            var width = row.Length == 1 ? Full : Half;
            int[] middles = [.. row.Select((_, i) => Margin + (i * (Half + Between)) + (width / 2))];
            var (below, height) = (y + Gap, row.Max(step => Height(step, width)));
            Join(canvas, above, y, middles, below);
            foreach (var (i, step) in row.Index())
            {
                var accent = !isSplit ? (SKColor?)null : first + i == 0 ? FigureColours.Vermillion : FigureColours.Blue;
                Box(canvas, step, middles[i] - (width / 2), below, width, accent, height);
            }

            (y, above) = (below + height, middles);
        }

        return (y, above);
    }

    private static int Height(FlowStep step, int width) =>
        (2 * Padding) + TitleHeight + (LineHeight * Lines(step, width).Count) - (TitleHeight - TitleSize);

    private static IReadOnlyList<string> Lines(FlowStep step, int width) =>
        [.. step.Lines.SelectMany(line => FigureText.Wrap(line, TextSize, width - (2 * Padding)))];

    private static int Box(SKCanvas? canvas, FlowStep step, int x, int y, int width, SKColor? accent = null, int? tall = null)
    {
        var height = tall ?? Height(step, width);
        if (canvas is null)
        {
            return height;
        }

        using var ground = new SKPaint { Color = Ground, IsAntialias = true };
        using var rim = new SKPaint { Color = Rim, IsStroke = true, StrokeWidth = 1, IsAntialias = true };
        using var bar = new SKPaint { Color = accent ?? FigureColours.SkyBlue, IsAntialias = true };
        var box = new SKRect(x, y, x + width, y + height);
        canvas.DrawRoundRect(box, Corner, Corner, ground);
        canvas.DrawRoundRect(box, Corner, Corner, rim);
        canvas.DrawRect(x, y + Corner, Bar, height - (2 * Corner), bar);
        var title = FigureFont.Fit(step.Title, TitleSize, width - (2 * Padding));
        FigureText.Draw(canvas, title, x + Padding, y + Padding + TitleSize - 2, TitleSize);
        foreach (var (i, line) in Lines(step, width).Index())
        {
            FigureText.Draw(
                canvas, line, x + Padding, y + Padding + TitleHeight + ((i + 1) * LineHeight) - 6, TextSize, FigureColours.Secondary);
        }

        return height;
    }

    /// <summary>Lines that come down, meet, and part again.</summary>
    private static void Join(SKCanvas? canvas, IReadOnlyList<int> above, int top, IReadOnlyList<int> below, int bottom)
    {
        var level = top + (Gap / 2) - 3;
        foreach (var x in above)
        {
            Stroke(canvas, (x, top), (x, level));
        }

        Stroke(canvas, (above.Concat(below).Min(), level), (above.Concat(below).Max(), level));
        foreach (var x in below)
        {
            Arrow(canvas, (x, level), (x, bottom));
        }
    }

    private static void Stroke(SKCanvas? canvas, (float X, float Y) from, (float X, float Y) to)
    {
        using var paint = new SKPaint { Color = Line, StrokeWidth = 1.2f, IsAntialias = true, StrokeCap = SKStrokeCap.Square };
        canvas?.DrawLine(from.X, from.Y, to.X, to.Y, paint);
    }

    /// <summary>A line down or to the right, with a head.</summary>
    private static void Arrow(SKCanvas? canvas, (float X, float Y) from, (float X, float Y) to)
    {
        var isDown = to.Y > from.Y;
        Stroke(canvas, from, isDown ? (to.X, to.Y - Head) : (to.X - Head, to.Y));
        if (canvas is null)
        {
            return;
        }

        using var paint = new SKPaint { Color = Line, IsAntialias = true };
        using var head = new SKPath();
        head.MoveTo(to.X, to.Y);
        head.LineTo(isDown ? to.X - Head : to.X - (2 * Head), isDown ? to.Y - (2 * Head) : to.Y - Head);
        head.LineTo(isDown ? to.X + Head : to.X - (2 * Head), isDown ? to.Y - (2 * Head) : to.Y + Head);
        head.Close();
        canvas.DrawPath(head, paint);
    }
}
