namespace CovidCt.Reporting.Figures;

/// <summary>Puts figures of equal size on one sheet, row by row, under a title.</summary>
internal static class FigureSheet
{
    private const int Margin = 12, TitleSize = 17, CaptionSize = 13, LineHeight = 22;

    public static Figure Compose(string name, string title, string caption, IReadOnlyList<Figure> panels)
    {
        var columns = Columns(panels.Count);
        var rows = (panels.Count + columns - 1) / columns;
        var (width, height) = (panels.Max(panel => panel.Width), panels.Max(panel => panel.Height));
        var sheetWidth = (columns * width) + (2 * Margin);
        var lines = FigureText.Wrap(caption, CaptionSize, sheetWidth - (2 * Margin));
        var top = Margin + ((1 + lines.Count) * LineHeight) + Margin;
        var description = string.Join(' ', panels.Select(panel => panel.Description));
        return new(name, title, description, sheetWidth, top + (rows * height) + Margin, canvas =>
        {
            FigureText.Draw(canvas, FigureFont.Fit(title, TitleSize, sheetWidth - (2 * Margin)), Margin, Margin + TitleSize, TitleSize);
            for (var i = 0; i < lines.Count; i++)
            {
                FigureText.Draw(
                    canvas,
                    lines[i],
                    Margin,
                    Margin + TitleSize + ((i + 1) * LineHeight),
                    CaptionSize,
                    FigureColours.Secondary);
            }

            for (var i = 0; i < panels.Count; i++)
            {
                panels[i].DrawAt(canvas, Margin + (i % columns * width), top + (i / columns * height));
            }
        });
    }

    /// <summary>Three a row fill a page; four are better as two rows of two.</summary>
    private static int Columns(int panels) => panels == 4 ? 2 : Math.Min(panels, 3);
}
