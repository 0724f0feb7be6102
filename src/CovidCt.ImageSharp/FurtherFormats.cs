using System.Buffers.Binary;

namespace CovidCt.ImageSharp;

/// <summary>Tells the formats that ImageSharp reads and Skia doesn't by their first bytes.</summary>
internal static class FurtherFormats
{
    private const int TgaHeader = 18;

    public static string? Of(ReadOnlySpan<byte> file) =>
        file.StartsWith("II*\0"u8) || file.StartsWith("MM\0*"u8) ? "TIFF" : IsPbm(file) ? "PBM" : IsTga(file) ? "TGA" : null;

    private static bool IsPbm(ReadOnlySpan<byte> file) =>
        file.Length > 3 && file[0] == 'P' && file[1] is >= (byte)'1' and <= (byte)'6' && " \t\r\n"u8.Contains(file[2]);

    // TGA has no signature: a header counts whose every field is possible.
    private static bool IsTga(ReadOnlySpan<byte> file)
    {
        if (file.Length <= TgaHeader)
        {
            return false;
        }

        var (hasPalette, type, bits) = (file[1], file[2], file[16]);
        return hasPalette <= 1
            && type is 1 or 2 or 3 or 9 or 10 or 11
            && (type is 1 or 9) == (hasPalette == 1)
            && (type is 1 or 3 or 9 or 11 ? bits is 8 or 16 : bits is 15 or 16 or 24 or 32)
            && (hasPalette == 1 ? file[7] is 15 or 16 or 24 or 32 : file[3..8].IndexOfAnyExcept((byte)0) < 0)
            && BinaryPrimitives.ReadUInt16LittleEndian(file[12..]) > 0
            && BinaryPrimitives.ReadUInt16LittleEndian(file[14..]) > 0
            && (file[17] & 0xC0) == 0;
    }
}
