using System.Buffers.Binary;
using CovidCt.Imaging;

namespace CovidCt.Audit;

/// <summary>What a file says of itself before its pixels. Never throws: what can't be read stays unknown.</summary>
/// <param name="Container">The file format by its first bytes, <c>other</c> for those that aren't known.</param>
/// <param name="ColourType">
/// How colours are stored, such as <c>gray</c>, <c>RGBA</c> or <c>palette</c>; <c>unknown</c> where it isn't said.
/// </param>
/// <param name="BitsPerSample">Bits of one channel, or of a palette's index; 0 where it isn't said.</param>
/// <param name="Width">Pixels a row, 0 where it isn't said.</param>
/// <param name="Height">Rows, 0 where it isn't said.</param>
/// <param name="Progressive">Whether it comes in several passes: an interlaced PNG, a progressive JPEG.</param>
internal sealed record ImageHeader(string Container, string ColourType, int BitsPerSample, int Width, int Height, bool Progressive = false)
{
    public const string Unknown = "unknown";

    /// <summary>The quality that libjpeg's tables would need to be most like the file's, 1…100; 0 for other files.</summary>
    public int JpegQuality { get; init; }

    /// <summary>How the colour of a JPEG is thinned out, such as <c>4:2:0</c>; <c>none</c> for other files and gray.</summary>
    public string Subsampling { get; init; } = "none";

    /// <summary>Reads the beginning of a file.</summary>
    public static ImageHeader Read(ReadOnlySpan<byte> file) => ImageSignature.Format(file) switch
    {
        "PNG" => Png(file),
        "JPEG" => JpegHeader.Read(file),
        "GIF" => Gif(file),
        "BMP" => Bmp(file),
        "WebP" => WebP(file),
        _ => new("other", Unknown, 0, 0, 0),
    };

    // Signature, then the chunk IHDR: length, name, width, height, depth, colour type, compression, filter, interlace.
    private static ImageHeader Png(ReadOnlySpan<byte> file)
    {
        if (file.Length < 29 || !file[12..].StartsWith("IHDR"u8))
        {
            return new("PNG", Unknown, 0, 0, 0);
        }

        var colour = file[25] switch { 0 => "gray", 2 => "RGB", 3 => "palette", 4 => "gray+alpha", 6 => "RGBA", _ => Unknown };
        return new(
            "PNG",
            colour,
            file[24],
            Clamped(BinaryPrimitives.ReadUInt32BigEndian(file[16..])),
            Clamped(BinaryPrimitives.ReadUInt32BigEndian(file[20..])),
            file[28] == 1);
    }

    private static ImageHeader Gif(ReadOnlySpan<byte> file) => file.Length < 11
        ? new("GIF", "palette", 0, 0, 0)
        : new(
            "GIF",
            "palette",
            (file[10] & 7) + 1,
            BinaryPrimitives.ReadUInt16LittleEndian(file[6..]),
            BinaryPrimitives.ReadUInt16LittleEndian(file[8..]));

    private static ImageHeader Bmp(ReadOnlySpan<byte> file)
    {
        if (file.Length < 30)
        {
            return new("BMP", Unknown, 0, 0, 0);
        }

        // The oldest header, of 12 bytes, has sizes of 16 bits.
        var old = BinaryPrimitives.ReadUInt32LittleEndian(file[14..]) == 12;
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(file[(old ? 24 : 28)..]);
        var (
            colour,
            sample) = bits switch
            {
                > 0 and <= 8 => ("palette", bits),
                16 => ("RGB", 5),
                24 => ("RGB", 8),
                32 => ("RGBA", 8),
                _ => (Unknown, 0)
            };
        return old
            ? new(
                "BMP",
                colour,
                sample,
                BinaryPrimitives.ReadUInt16LittleEndian(file[18..]),
                BinaryPrimitives.ReadUInt16LittleEndian(file[20..]))
            : new("BMP", colour, sample, Magnitude(file[18..]), Magnitude(file[22..]));
    }

    // RFC 9649: the first chunk is VP8X (with features), VP8L (lossless) or VP8 (lossy).
    private static ImageHeader WebP(ReadOnlySpan<byte> file)
    {
        if (file.Length < 30)
        {
            return new("WebP", Unknown, 0, 0, 0);
        }

        if (file[12..].StartsWith("VP8X"u8))
        {
            return new("WebP", (file[20] & 0x10) != 0 ? "RGBA" : "RGB", 8, 1 + Three(file[24..]), 1 + Three(file[27..]));
        }

        if (file[12..].StartsWith("VP8L"u8))
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(file[21..]);
            return new("WebP", (bits & (1 << 28)) != 0 ? "RGBA" : "RGB", 8, 1 + (int)(bits & 0x3FFF), 1 + (int)((bits >> 14) & 0x3FFF));
        }

        return file[12..].StartsWith("VP8 "u8)
            ? new(
                "WebP",
                "YCbCr",
                8,
                BinaryPrimitives.ReadUInt16LittleEndian(file[26..]) & 0x3FFF,
                BinaryPrimitives.ReadUInt16LittleEndian(file[28..]) & 0x3FFF)
            : new("WebP", Unknown, 0, 0, 0);
    }

    private static int Three(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);

    private static int Clamped(uint value) => (int)Math.Min(value, int.MaxValue);

    // A BMP's height is negative where rows come from the top.
    private static int Magnitude(ReadOnlySpan<byte> bytes) =>
        (int)Math.Min(Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(bytes)), int.MaxValue);
}
