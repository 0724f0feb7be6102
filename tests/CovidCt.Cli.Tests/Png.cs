using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace CovidCt.Cli.Tests;

/// <summary>PNG files that no encoder writes.</summary>
internal static class Png
{
    /// <summary>A gray image of one level.</summary>
    public static byte[] Gray(int width, int height, byte level = 90)
    {
        var rows = new byte[height * (width + 1)]; // Each row begins with the number of its filter, 0.
        for (var y = 0; y < height; y++)
        {
            rows.AsSpan((y * (width + 1)) + 1, width).Fill(level);
        }

        return File(width, height, rows);
    }

    /// <summary>A header that claims a size, and too few pixels for it.</summary>
    public static byte[] Claiming(int width, int height) => File(width, height, new byte[100_000]);

    private static byte[] File(int width, int height, byte[] rows)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(rows);
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8; // Bits a sample; the colour type stays 0, gray.
        return [.. "\u0089PNG\r\n\u001a\n".Select(c => (byte)c), .. Chunk("IHDR", header), .. Chunk("IDAT", compressed.ToArray()), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string type, byte[] content)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. content];
        var chunk = new byte[body.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        body.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(body.Length + 4), Crc(body));
        return chunk;
    }

    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320 * (crc & 1));
            }
        }

        return ~crc;
    }
}
