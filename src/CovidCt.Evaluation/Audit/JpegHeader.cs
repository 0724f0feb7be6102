using System.Buffers.Binary;

namespace CovidCt.Audit;

/// <summary>What a JPEG file says before its pixels (ITU-T T.81): frame, quantisation tables, Adobe's colour mark.</summary>
internal static class JpegHeader
{
    // T.81, table K.1, in the zigzag order that files have.
    private static ReadOnlySpan<byte> Luminance =>
    [
        16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40,
        26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61, 60, 57, 51,
        56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87,
        95, 98, 103, 104, 103, 62, 77, 113, 121, 112, 100, 120, 92, 101, 103, 99,
    ];

    public static ImageHeader Read(ReadOnlySpan<byte> file)
    {
        var header = new ImageHeader("JPEG", ImageHeader.Unknown, 0, 0, 0);
        int? adobe = null;
        var at = 2;
        while (at + 4 <= file.Length && file[at] == 0xFF)
        {
            var marker = file[at + 1];
            if (marker is 0xFF or 0x01 or (>= 0xD0 and <= 0xD8))
            {
                at += marker == 0xFF ? 1 : 2; // Fill bytes, and markers without content.
                continue;
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (length < 2 || marker is 0xDA or 0xD9)
            {
                break;
            }

            var content = file.Slice(at + 4, Math.Min(length - 2, file.Length - at - 4));
            header = marker switch
            {
                0xDB => header with { JpegQuality = Quality(content) ?? header.JpegQuality },
                >= 0xC0 and <= 0xCF and not 0xC4 and not 0xC8 and not 0xCC => Frame(header, content, marker),
                _ => header,
            };
            if (marker == 0xEE && content.StartsWith("Adobe"u8) && content.Length >= 12)
            {
                adobe = content[11];
            }

            at += 2 + length;
        }

        return adobe == 0 && header.ColourType == "YCbCr" ? header with { ColourType = "RGB" } : header;
    }

    private static ImageHeader Frame(ImageHeader header, ReadOnlySpan<byte> content, int marker)
    {
        if (content.Length < 6)
        {
            return header;
        }

        var components = content[5];
        var sampling = content.Length >= 6 + (3 * components) ? Subsampling(content[6..], components) : "none";
        return header with
        {
            BitsPerSample = content[0],
            Height = BinaryPrimitives.ReadUInt16BigEndian(content[1..]),
            Width = BinaryPrimitives.ReadUInt16BigEndian(content[3..]),
            ColourType = components switch { 1 => "gray", 3 => "YCbCr", 4 => "CMYK", _ => ImageHeader.Unknown },
            Progressive = marker is 0xC2 or 0xC6 or 0xCA or 0xCE,
            Subsampling = sampling,
        };
    }

    // Each component has its number, its factors (4 bits across, 4 down) and its table.
    private static string Subsampling(ReadOnlySpan<byte> components, int count)
    {
        if (count < 3)
        {
            return "none";
        }

        var (y, c) = (components[1], components[4]);
        var (across, down) = ((double)(y >> 4) / Math.Max(c >> 4, 1), (double)(y & 15) / Math.Max(c & 15, 1));
        return (across, down) switch
        {
            (1, 1) => "4:4:4",
            (2, 1) => "4:2:2",
            (2, 2) => "4:2:0",
            (1, 2) => "4:4:0",
            (4, 1) => "4:1:1",
            _ => FormattableString.Invariant($"{across:0.##}×{down:0.##}"),
        };
    }

    // Table 0 is the luminance's. Each table: its precision and number in one byte, and 64 values.
    private static int? Quality(ReadOnlySpan<byte> content)
    {
        while (content.Length >= 65)
        {
            var wide = content[0] >> 4 != 0;
            var size = wide ? 128 : 64;
            if (content.Length < 1 + size)
            {
                return null;
            }

            if ((content[0] & 15) == 0)
            {
                Span<int> table = stackalloc int[64];
                for (var i = 0; i < 64; i++)
                {
                    table[i] = wide ? BinaryPrimitives.ReadUInt16BigEndian(content[(1 + (2 * i))..]) : content[1 + i];
                }

                return Nearest(table);
            }

            content = content[(1 + size)..];
        }

        return null;
    }

    private static int Nearest(ReadOnlySpan<int> table)
    {
        var (best, least) = (0, long.MaxValue);
        for (var quality = 1; quality <= 100; quality++)
        {
            // libjpeg, jpeg_quality_scaling and jpeg_add_quant_table.
            var scale = quality < 50 ? 5000 / quality : 200 - (2 * quality);
            var difference = 0L;
            for (var i = 0; i < 64; i++)
            {
                difference += Math.Abs(table[i] - Math.Clamp(((Luminance[i] * scale) + 50) / 100, 1, 255));
            }

            if (difference < least)
            {
                (best, least) = (quality, difference);
            }
        }

        return best;
    }
}
