using SkiaSharp;

namespace CovidCt.Reporting.Figures;

/// <summary>
/// Images with their maps, original beside overlay, in the manner of the paper's figures 13 to 16: some of each
/// outcome, the misclassified ones first.
/// </summary>
internal static class MapSheet
{
    private const int MostEach = 6, PairsARow = 3;
    private const int Picture = 170, Gap = 6, Margin = 14, TitleSize = 17, TextSize = 12, LineHeight = 16;

    public static Figure? Draw(string network, string displayName, IReadOnlyList<ExplainedImage> images, string positive)
    {
        var groups = images
            .GroupBy(image => (image.Label, image.Predicted))
            .OrderBy(group => group.Key.Label == group.Key.Predicted)
            .ThenBy(group => group.Key.Label == positive ? 0 : 1)
            .Select(group => (
                Heading: $"{group.Key.Label}, called {group.Key.Predicted}" + (group.Key.Label == group.Key.Predicted ? "" : ": misclassified"),
                Total: group.Count(),
                Images: group.OrderBy(image => image.Path, StringComparer.Ordinal).Take(MostEach).ToList()))
            .ToList();
        if (groups.Count == 0)
        {
            return null;
        }

        var columns = Math.Min(PairsARow, groups.Max(group => group.Images.Count));
        var pairWidth = (2 * Picture) + (3 * Gap);
        var pairHeight = Picture + (2 * LineHeight) + (2 * Gap);
        var headingHeight = 30;
        var width = (columns * pairWidth) + (2 * Margin);
        var height = Margin + 34 + groups.Sum(group => headingHeight + (Rows(group.Images.Count, columns) * pairHeight)) + Margin;
        var methods = string.Join(", ", images.Select(image => image.Method).Distinct());
        var title = $"{methods} maps of {displayName}";
        return new(
            $"maps-{network}",
            title,
            $"Images beside the same images under their maps: {string.Join("; ", groups.Select(group => $"{FigureNumbers.Counted(group.Images.Count, "image")} of {group.Heading}"))}.",
            width,
            height,
            canvas =>
            {
                FigureText.Draw(canvas, FigureFont.Fit(title, TitleSize, width - (2 * Margin)), Margin, Margin + TitleSize, TitleSize);
                var y = Margin + 34f;
                foreach (var (heading, total, shown) in groups)
                {
                    FigureText.Draw(canvas, FigureFont.Fit($"{heading} ({shown.Count} of {total})", 14, width - (2 * Margin)), Margin, y + 18, 14);
                    y += headingHeight;
                    for (var i = 0; i < shown.Count; i++)
                    {
                        DrawPair(canvas, shown[i], Margin + (i % columns * pairWidth), y + (i / columns * pairHeight));
                    }

                    y += Rows(shown.Count, columns) * pairHeight;
                }
            });
    }

    private static int Rows(int pairs, int columns) => (pairs + columns - 1) / columns;

    private static void DrawPair(SKCanvas canvas, ExplainedImage image, float x, float y)
    {
        DrawPicture(canvas, image.Original, x, y);
        DrawPicture(canvas, image.Overlay, x + Picture + Gap, y);
        var width = (2 * Picture) + Gap;
        FigureText.Draw(canvas, FigureFont.Fit(Path.GetFileName(image.Path), TextSize, width), x, y + Picture + LineHeight, TextSize);
        FigureText.Draw(
            canvas,
            FigureFont.Fit(FormattableString.Invariant($"probability {image.Probability:0.00}; map of {image.ExplainedClass}"), TextSize, width),
            x, y + Picture + (2 * LineHeight), TextSize, FigureColours.Secondary);
    }

    /// <summary>The picture with its aspect ratio kept, in the middle of its square.</summary>
    private static void DrawPicture(SKCanvas canvas, string file, float x, float y)
    {
        using var picture = Pictures.Load(file, 2 * Picture);
        var scale = Math.Min((float)Picture / picture.Width, (float)Picture / picture.Height);
        var (width, height) = (picture.Width * scale, picture.Height * scale);
        var place = SKRect.Create(x + ((Picture - width) / 2), y + ((Picture - height) / 2), width, height);
        using var image = SKImage.FromBitmap(picture);
        canvas.DrawImage(image, place, new SKSamplingOptions(SKCubicResampler.Mitchell));
    }
}
