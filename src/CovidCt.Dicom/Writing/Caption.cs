using System.Collections.Frozen;
using CovidCt.Imaging;

namespace CovidCt.Dicom.Writing;

/// <summary>A picture with <see cref="Part10.Notice"/> below it, which viewers that show no comments show too.</summary>
internal static class Caption
{
    private const int GlyphWidth = 5, GlyphHeight = 8, CellWidth = 6, CellHeight = 10, Margin = 3, MostScale = 4;

    // A bit a pixel, row by row from the top left: 5×8, the last row below the line.
    private static readonly FrozenDictionary<char, ulong> Glyphs = new Dictionary<char, ulong>
    {
        [' '] = 0,
        ['.'] = 0x0000003180,
        ['F'] = 0xFC21E84200,
        ['N'] = 0x8E7359CE20,
        ['a'] = 0x001C17C5E0,
        ['c'] = 0x001D0841C0,
        ['d'] = 0x085F18C5E0,
        ['e'] = 0x001D1FC1C0,
        ['g'] = 0x001F18BC2E,
        ['h'] = 0x843D18C620,
        ['i'] = 0x20184211C0,
        ['l'] = 0x61084211C0,
        ['n'] = 0x003D18C620,
        ['o'] = 0x001D18C5C0,
        ['r'] = 0x002D884200,
        ['s'] = 0x001F0707C0,
        ['t'] = 0x423C8420C0,
        ['u'] = 0x002318CDA0,
        ['y'] = 0x002318BC2E,
    }.ToFrozenDictionary();

    /// <summary>The picture, and the sentence in white on black below it; one too narrow for a word is widened to the right.</summary>
    public static RgbImage Below(RgbImage picture)
    {
        string[] words = Part10.Notice.Split(' ');
        var width = Math.Max(picture.Width, Margin + (CellWidth * words.Max(word => word.Length)) + Margin);
        var scale = Math.Clamp((width - (2 * Margin)) / (CellWidth * Part10.Notice.Length), 1, MostScale);
        var lines = Wrapped(words, (width - (2 * Margin)) / (CellWidth * scale));
        var height = picture.Height + (2 * Margin) + (lines.Count * CellHeight * scale);
        var pixels = new byte[3 * width * height];
        for (var row = 0; row < picture.Height; row++)
        {
            picture.Pixels.AsSpan(3 * row * picture.Width, 3 * picture.Width).CopyTo(pixels.AsSpan(3 * row * width));
        }

        foreach (var (line, text) in lines.Index())
        {
            foreach (var (column, letter) in text.Index())
            {
                Draw(Glyphs[letter], Margin + (column * CellWidth * scale), picture.Height + Margin + (line * CellHeight * scale));
            }
        }

        return new(width, height, pixels);

        void Draw(ulong glyph, int left, int top)
        {
            for (var i = 0; i < GlyphWidth * GlyphHeight * scale * scale; i++)
            {
                var (x, y) = (i % (GlyphWidth * scale), i / (GlyphWidth * scale));
                var bit = (y / scale * GlyphWidth) + (x / scale);
                if (((glyph >> ((GlyphWidth * GlyphHeight) - 1 - bit)) & 1) != 0)
                {
                    pixels.AsSpan(3 * (((top + y) * width) + left + x), 3).Fill(byte.MaxValue);
                }
            }
        }
    }

    private static List<string> Wrapped(string[] words, int most)
    {
        List<string> lines = [words[0]];
        foreach (var word in words.Skip(1))
        {
            if (lines[^1].Length + 1 + word.Length <= most)
            {
                lines[^1] += $" {word}";
            }
            else
            {
                lines.Add(word);
            }
        }

        return lines;
    }
}
