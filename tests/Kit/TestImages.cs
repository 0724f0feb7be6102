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

    /// <summary>A PNG file of 16-bit samples.</summary>
    /// <param name="samples">Row by row, of each pixel its channels.</param>
    /// <param name="colourType">0 gray, 2 RGB, 4 gray and alpha, 6 RGBA.</param>
    /// <param name="stated">What an sBIT chunk says of every channel; null writes none.</param>
    /// <param name="filters">The filter of each row, in turn.</param>
    /// <param name="interlaced">Whether it comes in Adam7's passes.</param>
    public static byte[] DeepPng(
        int width, int height, ushort[] samples, byte colourType = 0, int? stated = null, byte[]? filters = null, bool interlaced = false)
    {
        var channels = colourType switch { 0 => 1, 2 => 3, 4 => 2, _ => 4 };
        (int X, int Y, int Dx, int Dy)[] passes = interlaced
            ? [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
            : [(0, 0, 1, 1)];
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            var rows = 0;
            foreach (var (left, top, dx, dy) in passes.Where(pass => pass.X < width))
            {
                byte[]? above = null;
                for (var y = top; y < height; y += dy)
                {
                    byte[] row = [.. Enumerable.Range(0, width).Where(x => x >= left && (x - left) % dx == 0)
                        .SelectMany(x => samples.Skip(((y * width) + x) * channels).Take(channels)).SelectMany(v => new[] { (byte)(v >> 8), (byte)v })];
                    var filter = filters is null ? (byte)0 : filters[rows++ % filters.Length];
                    zlib.WriteByte(filter);
                    zlib.Write(Filtered(filter, row, above ?? new byte[row.Length], 2 * channels));
                    above = row;
                }
            }
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = (16, colourType, interlaced ? (byte)1 : (byte)0);
        byte[] significant = stated is { } bits ? Chunk("sBIT", [.. Enumerable.Repeat((byte)bits, channels)]) : [];
        return
        [
            0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR", header), .. significant, .. Chunk("IDAT", data.ToArray()), .. Chunk("IEND", []),
        ];
    }

    private static byte[] Filtered(byte filter, byte[] row, byte[] above, int pixel) => [.. row.Select((value, i) =>
    {
        var (a, b, c) = (i < pixel ? 0 : row[i - pixel], (int)above[i], i < pixel ? 0 : above[i - pixel]);
        var (pa, pb, pc) = (Math.Abs(b - c), Math.Abs(a - c), Math.Abs(a + b - (2 * c)));
        return (byte)(value - filter switch
        {
            0 => 0,
            1 => a,
            2 => b,
            3 => (a + b) >> 1,
            _ => pa <= pb && pa <= pc ? a : pb <= pc ? b : c,
        });
    })];

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

    /// <summary>Gives the chunks of a PNG the checksums of what is in them, as far as they can be told apart.</summary>
    public static void Reseal(byte[] png)
    {
        for (var at = 8; at + 12 <= png.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at));
            if (length > png.Length - at - 12)
            {
                return;
            }

            var content = png.AsSpan(at + 4, (int)length + 4);
            BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(at + 8 + (int)length), Crc(content));
            at += (int)length + 12;
        }
    }

    private static uint Crc(ReadOnlySpan<byte> content)
    {
        var crc = uint.MaxValue;
        foreach (var value in content)
        {
            crc = CrcTable[(byte)(crc ^ value)] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static byte[] Chunk(string name, byte[] data)
    {
        byte[] content = [.. Encoding.ASCII.GetBytes(name), .. data];
        var crc = Crc(content);
        var chunk = new byte[content.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        content.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(^4..), crc);
        return chunk;
    }
}
