using CovidCt.Records;
using CovidCt.Reporting.Wording;
using SkiaSharp;

namespace CovidCt.Reporting.Figures;

/// <summary>
/// Images with their maps, original beside overlay, in the manner of the paper's figures 13 to 16: some of each
/// outcome, the misclassified ones first.
/// </summary>
internal static class MapSheet
{
    private const int MostEach = 6, PairsARow = 3;
    private const int Picture = 170, Gap = 6, Margin = 14, TitleSize = 17, HeadingSize = 14, TextSize = 12, LineHeight = 16,
        HeadingHeight = 32;
    private const int Top = Margin + 34, PairWidth = (2 * Picture) + (4 * Gap);

    /// <summary>A heading, or a row of pairs, with its place on the sheet.</summary>
    private sealed record Band(int Y, int Height, string? Heading, IReadOnlyList<MapEntry> Images);

    public static Figure Draw(string network, string displayName, IReadOnlyList<MapEntry> images, string positive)
    {
        var groups = images
            .GroupBy(image => (image.Label, image.Predicted))
            .OrderBy(group => group.Key.Label == group.Key.Predicted)
            .ThenBy(group => group.Key.Label == positive ? 0 : 1)
            .Select(group => (
                Name: group.Key.Label == group.Key.Predicted
                    ? $"{group.Key.Label}, called so"
                    : $"{group.Key.Label}, called {group.Key.Predicted}: misclassified",
                Total: group.Count(),
                Shown: group.Take(MostEach).ToList()))
            .ToList();
        var columns = Math.Min(PairsARow, groups.Max(group => group.Shown.Count));
        var bands = new List<Band>();
        var y = Top;
        foreach (var (name, total, shown) in groups)
        {
            Add(HeadingHeight, FormattableString.Invariant($"{name} ({shown.Count} of {total})"), []);
            foreach (var row in shown.Chunk(columns))
            {
                Add(row.Max(HeightOf) + (2 * LineHeight) + (3 * Gap), null, row);
            }
        }

        var width = (columns * PairWidth) - (2 * Gap) + (2 * Margin);
        var title = $"{string.Join(", ", images.Select(image => image.MethodName).Distinct())} maps of {displayName}";
        return new(
            $"maps-{network}",
            title,
            "Images beside the same images under their maps: "
                + $"{string.Join("; ", groups.Select(group => $"{Numbers.Counted(group.Shown.Count, "image")} of {group.Name}"))}.",
            width,
            y + Margin,
            canvas =>
            {
                FigureText.Draw(canvas, FigureFont.Fit(title, TitleSize, width - (2 * Margin)), Margin, Margin + TitleSize, TitleSize);
                foreach (var band in bands)
                {
                    if (band.Heading is { } heading)
                    {
                        FigureText.Draw(
                            canvas,
                            FigureFont.Fit(heading, HeadingSize, width - (2 * Margin)),
                            Margin,
                            band.Y + HeadingHeight - 10,
                            HeadingSize);
                    }

                    for (var i = 0; i < band.Images.Count; i++)
                    {
                        DrawPair(canvas, band.Images[i], Margin + (i * PairWidth), band.Y, positive);
                    }
                }
            });

        void Add(int height, string? heading, IReadOnlyList<MapEntry> row)
        {
            bands.Add(new(y, height, heading, row));
            y += height;
        }
    }

    private static int HeightOf(MapEntry image)
    {
        using var codec = SKCodec.Create(image.OriginalFile);
        return codec is null ? Picture : (int)Math.Ceiling(codec.Info.Height * Scale(codec.Info.Width, codec.Info.Height));
    }

    private static float Scale(int width, int height) => Math.Min((float)Picture / width, (float)Picture / height);

    private static void DrawPair(SKCanvas canvas, MapEntry image, float x, float y, string positive)
    {
        var height = Math.Max(DrawPicture(canvas, image.OriginalFile, x, y), DrawPicture(canvas, image.OverlayFile, x + Picture + Gap, y));
        var width = (2 * Picture) + Gap;
        FigureText.Draw(canvas, FigureFont.Fit(Path.GetFileName(image.Path), TextSize, width), x, y + height + LineHeight, TextSize);
        FigureText.Draw(
            canvas,
            FigureFont.Fit(
                FormattableString.Invariant($"probability of {positive} {image.Probability:0.00}; map of {image.ExplainedClass}"),
                TextSize,
                width),
            x,
            y + height + (2 * LineHeight),
            TextSize,
            FigureColours.Secondary);
    }

    /// <summary>Draws a picture with its aspect ratio kept, and gives its height.</summary>
    private static float DrawPicture(SKCanvas canvas, string file, float x, float y)
    {
        using var picture = Pictures.Load(file, 2 * Picture);
        var scale = Scale(picture.Width, picture.Height);
        var (width, height) = (picture.Width * scale, picture.Height * scale);
        using var image = SKImage.FromBitmap(picture);
        canvas.DrawImage(
            image,
            SKRect.Create(x + ((Picture - width) / 2), y, width, height),
            new SKSamplingOptions(SKCubicResampler.Mitchell));
        return height;
    }
}
