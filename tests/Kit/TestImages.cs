using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using CovidCt.Imaging;

namespace CovidCt.Tests;

/// <summary>Images made by hand, byte by byte, and the fixtures beside the tests.</summary>
internal static class TestImages
{
    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(n =>
    {
        var c = (uint)n;
        for (var bit = 0; bit < 8; bit++)
        {
            c = (c & 1) == 0 ? c >> 1 : 0xEDB88320 ^ (c >> 1);
        }

        return c;
    })];

    public static string Fixtures { get; } = Path.Combine(AppContext.BaseDirectory, "Imaging", "Fixtures");

    /// <summary>The noise that <c>make_resize_golden.py</c> resizes.</summary>
    public static GrayImage Noise(int width, int height)
    {
        var pixels = new byte[width * height];
        for (uint y = 0; y < height; y++)
        {
            for (uint x = 0; x < width; x++)
            {
                pixels[(y * width) + x] = (byte)((((x * 2654435761) + (y * 2246822519)) ^ (x * y * 3266489917)) >> 24);
            }
        }

        return new GrayImage(width, height, pixels);
    }

    public static GrayImage ReadPgm(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var start = 0;
        for (var lines = 0; lines < 3; start++)
        {
            lines += bytes[start] == '\n' ? 1 : 0;
        }

        var size = Encoding.ASCII.GetString(bytes, 0, start).Split('\n')[1].Split(' ');
        return new GrayImage(int.Parse(size[0]), int.Parse(size[1]), bytes[start..]);
    }

    public static byte[] GrayPng(GrayImage image) => Png(image.Width, image.Height, 8, 0, image.Pixels);

    public static byte[] GrayPng(int width = 20, int height = 16) => GrayPng(Noise(width, height));

    /// <summary>A PNG file of these samples, whatever its header claims.</summary>
    public static byte[] Png(int width, int height, byte depth, byte colourType, ReadOnlySpan<byte> samples)
    {
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            var stride = samples.Length / Math.Max(1, Math.Min(height, samples.Length));
            for (var y = 0; stride > 0 && y < samples.Length / stride; y++)
            {
                zlib.WriteByte(0);
                zlib.Write(samples.Slice(y * stride, stride));
            }
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (depth, colourType);
        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR", header), .. Chunk("IDAT", data.ToArray()), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string name, byte[] data)
    {
        byte[] content = [.. Encoding.ASCII.GetBytes(name), .. data];
        var crc = ~content.Aggregate(uint.MaxValue, (c, b) => CrcTable[(byte)(c ^ b)] ^ (c >> 8));
        var chunk = new byte[content.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        content.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(^4..), crc);
        return chunk;
    }
}
