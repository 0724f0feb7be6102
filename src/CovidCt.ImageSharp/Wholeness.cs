using System.Buffers.Binary;
using System.IO.Compression;

namespace CovidCt.ImageSharp;

/// <summary>
/// Whether a file has all the data that its header promises. ImageSharp fills what is missing with nothing and says nothing of it; formats
/// that it reads from beginning to end are told by how far it read instead.
/// </summary>
internal static class Wholeness
{
    // Of Adam7, in the order of its passes: the first column and row, and the steps to the next ones.
    private static readonly (int X, int Y, int StepX, int StepY)[] Passes =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    /// <summary>Whether the file of a format is whole.</summary>
    public static bool Of(ReadOnlySpan<byte> file, string format) => format switch
    {
        "PNG" => Png(file),
        "JPEG" => Jpeg(file),
        "GIF" => Gif(file),
        "WebP" => WebP(file),
        "TIFF" => Tiff(file),
        _ => true,
    };

    // The data of a PNG are inflated once more, since nothing else tells how many there are.
    private static bool Png(ReadOnlySpan<byte> file)
    {
        using var compressed = new MemoryStream(file.Length);
        for (var at = 8; at + 12L <= file.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            var isData = file.Slice(at + 4, 4).SequenceEqual("IDAT"u8);
            if (length > file.Length - at - 12)
            {
                return false;
            }

            if (isData)
            {
                compressed.Write(file.Slice(at + 8, (int)length));
            }

            at += (int)length + 12;
        }

        compressed.Position = 0;
        using var data = new ZLibStream(compressed, CompressionMode.Decompress);
        var missing = PngBytes(file);
        var part = new byte[1 << 14];
        while (missing > 0 && data.Read(part, 0, (int)Math.Min(part.Length, missing)) is > 0 and var count)
        {
            missing -= count;
        }

        return missing == 0;
    }

    private static long PngBytes(ReadOnlySpan<byte> file)
    {
        long width = BinaryPrimitives.ReadInt32BigEndian(file[16..]), height = BinaryPrimitives.ReadInt32BigEndian(file[20..]);
        var bits = file[24] * (file[25] switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 });
        var bytes = 0L;
        foreach (var (x, y, stepX, stepY) in file[28] == 1 ? Passes : [(0, 0, 1, 1)])
        {
            var (columns, rows) = ((width - x + stepX - 1) / stepX, (height - y + stepY - 1) / stepY);
            bytes += columns > 0 && rows > 0 ? rows * (1 + (((columns * bits) + 7) / 8)) : 0;
        }

        return bytes;
    }

    // Segments, and after a scan's header its data up to the next marker, until the end of the image.
    private static bool Jpeg(ReadOnlySpan<byte> file)
    {
        var scans = 0;
        for (var at = 2; at + 1 < file.Length;)
        {
            if (file[at] != 0xFF || file[at + 1] is 0xFF or 0 or (>= 0xD0 and <= 0xD7) or 1)
            {
                at += file[at] == 0xFF && file[at + 1] == 0xFF ? 1 : file[at] == 0xFF ? 2 : 1;
                continue;
            }

            if (file[at + 1] == 0xD9)
            {
                return scans > 0;
            }

            scans += file[at + 1] == 0xDA ? 1 : 0;
            if (at + 3 >= file.Length)
            {
                return false;
            }

            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
        }

        return false;
    }

    // Up to the first image, whose codes are counted: 89a section 20 and appendix F.
    private static bool Gif(ReadOnlySpan<byte> file)
    {
        if (file.Length < 13)
        {
            return false;
        }

        var at = 13 + ColourTable(file[10]);
        while (at < file.Length)
        {
            switch (file[at])
            {
                case 0x21:
                    at = AfterBlocks(file, at + 2);
                    break;
                case 0x2C when at + 10 < file.Length:
                    var pixels = (long)BinaryPrimitives.ReadUInt16LittleEndian(file[(at + 5)..])
                        * BinaryPrimitives.ReadUInt16LittleEndian(file[(at + 7)..]);
                    at += 10 + ColourTable(file[at + 9]);
                    return at < file.Length && AfterBlocks(file, at + 1) <= file.Length && GifPixels.Reach(file[at..], pixels);
                default:
                    return false;
            }
        }

        return false;
    }

    private static int ColourTable(byte flags) => (flags & 0x80) != 0 ? 3 << ((flags & 7) + 1) : 0;

    private static int AfterBlocks(ReadOnlySpan<byte> file, int at)
    {
        while (at < file.Length && file[at] != 0)
        {
            at += 1 + file[at];
        }

        return at + 1;
    }

    private static bool WebP(ReadOnlySpan<byte> file)
    {
        if (file.Length < 20)
        {
            return false;
        }

        var end = 8 + (long)BinaryPrimitives.ReadUInt32LittleEndian(file[4..]);
        if (end > file.Length)
        {
            return false;
        }

        for (var at = 12L; at + 8 <= end;)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(file[((int)at + 4)..]);
            if (file[(int)at..].StartsWith("VP8 "u8) && !HasModes(file[((int)at + 8)..]))
            {
                return false;
            }

            at += 8 + length + (length & 1);
            if (at > end + 1)
            {
                return false;
            }
        }

        return true;
    }

    // The modes of each block of 16×16 pixels, in the first partition, take three bits at the least: RFC 6386, section 11.
    private static bool HasModes(ReadOnlySpan<byte> vp8)
    {
        if (vp8.Length < 10)
        {
            return false;
        }

        var partition = (vp8[0] | (vp8[1] << 8) | (vp8[2] << 16)) >> 5;
        var (width, height) = (
            BinaryPrimitives.ReadUInt16LittleEndian(vp8[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(vp8[8..]) & 0x3FFF);
        var blocks = (long)((width + 15) / 16) * ((height + 15) / 16);
        return partition <= vp8.Length && 8L * partition >= 3 * blocks;
    }

    // Of the first directory, the strips or tiles: TIFF 6.0, sections 2 and 15.
    private static bool Tiff(ReadOnlySpan<byte> file)
    {
        var reader = new TiffDirectory(file);
        var offsets = reader.Numbers(273) ?? reader.Numbers(324);
        var lengths = reader.Numbers(279) ?? reader.Numbers(325);
        if (offsets is not { Length: > 0 } || lengths is null || lengths.Length != offsets.Length)
        {
            return false;
        }

        for (var i = 0; i < offsets.Length; i++)
        {
            if (lengths[i] == 0 || offsets[i] + lengths[i] > file.Length)
            {
                return false;
            }
        }

        return true;
    }
}
