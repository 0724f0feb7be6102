using System.Buffers.Binary;
using System.Text;
using CovidCt.Imaging;
using CovidCt.Tests;

namespace CovidCt.ImageSharp.Tests;

/// <summary>The files of the decoders' tests, and those of the formats that Skia doesn't read.</summary>
internal static class TestFiles
{
    /// <summary>The most gray levels that a file which loses some differs by.</summary>
    public const int LevelsApart = 4;

    private static readonly string Folder = Path.Combine(TestImages.Fixtures, "Decode");

    /// <summary>The files that both decoders read.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Directory.GetFiles(Folder).Select(file => Path.GetFileName(file)).Where(name => !name.EndsWith(".pgm", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>What the files of the other formats hold.</summary>
    public static GrayImage Gray { get; } = TestImages.Noise(20, 16);

    /// <summary>Whether a file's format doesn't keep every level.</summary>
    public static bool LosesSome(string name) => name.EndsWith(".jpg", StringComparison.Ordinal) || name == "lossy.webp";

    /// <summary>The content of a file.</summary>
    public static byte[] Read(string name) => name switch
    {
        "gray.tif" => Tiff(Gray),
        "gray-big-endian.tif" => Tiff(Gray, isBigEndian: true),
        "gray.pgm" => [.. Encoding.ASCII.GetBytes($"P5\n{Gray.Width} {Gray.Height}\n255\n"), .. Gray.Pixels],
        "gray-text.pgm" => Encoding.ASCII.GetBytes($"P2\n{Gray.Width} {Gray.Height}\n255\n{string.Join('\n', Gray.Pixels)}\n"),
        "gray.tga" => [0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte)Gray.Width, 0, (byte)Gray.Height, 0, 8, 0x20, .. Gray.Pixels],
        _ => File.ReadAllBytes(Path.Combine(Folder, name)),
    };

    /// <summary>A TIFF of one strip, without compression.</summary>
    public static byte[] Tiff(GrayImage image, int bits = 8, bool isBigEndian = false)
    {
        byte[] pixels = bits == 8 ? image.Pixels : [.. image.Pixels.SelectMany(level => new[] { level, level })];
        (int Tag, int Value)[] entries =
        [
            (256, image.Width), (257, image.Height), (258, bits), (259, 1), (262, 1), (273, 8), (277, 1), (278, image.Height), (279, pixels.Length),
        ];
        var directory = 8 + pixels.Length;
        var file = new byte[directory + 2 + (12 * entries.Length) + 4];
        (isBigEndian ? "MM\0*"u8 : "II*\0"u8).CopyTo(file);
        Write(4, 4, directory);
        pixels.CopyTo(file, 8);
        Write(directory, 2, entries.Length);
        foreach (var (index, (tag, value)) in entries.Index())
        {
            var at = directory + 2 + (12 * index);
            Write(at, 2, tag);
            var isShort = tag is 258 or 259 or 262 or 277;
            Write(at + 2, 2, isShort ? 3 : 4);
            Write(at + 4, 4, 1);
            Write(at + 8, isShort ? 2 : 4, value);
        }

        return file;

        void Write(int at, int size, int value)
        {
            Span<byte> four = stackalloc byte[4];
            if (isBigEndian)
            {
                BinaryPrimitives.WriteInt32BigEndian(four, value);
                four[^size..].CopyTo(file.AsSpan(at));
            }
            else
            {
                BinaryPrimitives.WriteInt32LittleEndian(four, value);
                four[..size].CopyTo(file.AsSpan(at));
            }
        }
    }
}
