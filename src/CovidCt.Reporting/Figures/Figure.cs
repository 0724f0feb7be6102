using System.Text;
using System.Text.RegularExpressions;
using SkiaSharp;

namespace CovidCt.Reporting.Figures;

/// <summary>A picture that can be had as PNG and as SVG: the same drawing, so that they show the same.</summary>
internal sealed partial class Figure
{
    private const int Scale = 2;

    // Verdana has nearly the widths of DejaVu Sans, for machines that lack it.
    private const string Families = "DejaVu Sans, Verdana, Geneva, sans-serif";

    private readonly Action<SKCanvas> _draw;

    internal Figure(string name, string title, string description, int width, int height, Action<SKCanvas> draw)
    {
        (Name, Title, Description, Width, Height) = (name, title, description, width, height);
        _draw = draw;
    }

    /// <summary>The name of its files, without an extension.</summary>
    public string Name { get; }

    /// <summary>What it is, in a few words.</summary>
    public string Title { get; }

    /// <summary>What it shows, in words, for those who don't see it.</summary>
    public string Description { get; }

    /// <summary>What belongs below it; null where nothing does.</summary>
    public string? Note { get; internal init; }

    /// <summary>Its width in pixels of 1/96 inch; a PNG has twice as many.</summary>
    public int Width { get; }

    /// <summary>Its height in pixels of 1/96 inch; a PNG has twice as many.</summary>
    public int Height { get; }

    /// <summary>The content of a PNG file, at twice <see cref="Width"/> and <see cref="Height"/>.</summary>
    public byte[] ToPng()
    {
        using var surface = SKSurface.Create(new SKImageInfo(Scale * Width, Scale * Height, SKColorType.Rgba8888, SKAlphaType.Premul));
        surface.Canvas.Scale(Scale);
        surface.Canvas.Clear(SKColors.White);
        _draw(surface.Canvas);
        using var image = surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Png, quality: 100);
        return data.ToArray();
    }

    /// <summary>The picture of <see cref="ToPng"/> without loss in fewer bytes, for web pages.</summary>
    internal byte[] ToWebp()
    {
        using var picture = SKBitmap.Decode(ToPng());
        using var pixels = picture.PeekPixels();
        using var data = pixels.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossless, quality: 40))
            ?? throw new InvalidOperationException("Skia has no encoder for WebP.");
        return data.ToArray();
    }

    /// <summary>The content of an SVG file, whose texts are texts.</summary>
    public string ToSvg()
    {
        using var stream = new MemoryStream();
        using (var canvas = SKSvgCanvas.Create(new SKRect(0, 0, Width, Height), stream))
        {
            using var white = new SKPaint { Color = SKColors.White };
            canvas.DrawRect(0, 0, Width, Height, white);
            _draw(canvas);
        }

        var root = FormattableString.Invariant($"width=\"{Width}\" height=\"{Height}\"");
        var text = Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
        var end = text.IndexOf(root, StringComparison.Ordinal) + root.Length;
        return Renumber($"{text[..end]} viewBox=\"0 0 {FormattableString.Invariant($"{Width} {Height}")}\"{text[end..]}"
            .Replace("font-family=\"DejaVu Sans\"", $"font-family=\"{Families}\"", StringComparison.Ordinal));
    }

    /// <summary>Skia counts ids on through the life of a process; here they begin anew, so that equal figures are equal files.</summary>
    private static string Renumber(string svg)
    {
        var numbers = Ids().Matches(svg).Select((id, i) => (id.Groups[1].Value, i)).ToDictionary(id => id.Value, id => $"i{id.i}");
        return References().Replace(
            svg,
            match => numbers.TryGetValue(match.Groups[2].Value, out var number)
                ? match.Groups[1].Value + number + match.Groups[3].Value
                : match.Value);
    }

    [GeneratedRegex(" id=\"([^\"]+)\"")]
    private static partial Regex Ids();

    [GeneratedRegex("( id=\"|url\\(#|href=\"#)([^\")]+)(\"|\\))")]
    private static partial Regex References();

    /// <summary>Writes the figure, whole or not at all.</summary>
    /// <param name="path">The file: SVG where it ends in <c>.svg</c>, else PNG.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void Save(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        AtomicFile.WriteAllBytes(
            path, Path.GetExtension(path).Equals(".svg", StringComparison.OrdinalIgnoreCase) ? Encoding.UTF8.GetBytes(ToSvg()) : ToPng());
    }

    /// <summary>Draws it with its upper left corner at a point of a larger picture.</summary>
    internal void DrawAt(SKCanvas canvas, float x, float y)
    {
        canvas.Save();
        canvas.Translate(x, y);
        _draw(canvas);
        canvas.Restore();
    }
}
