namespace CovidCt.Imaging;

/// <summary>Tells what a file is by its first bytes, never by its name.</summary>
internal static class ImageSignature
{
    /// <summary>How many bytes of a file's beginning are enough for either question.</summary>
    public const int HeadLength = 512;

    private static readonly (string Name, int Offset, byte[] Magic)[] Readable =
    [
        ("PNG", 0, [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]),
        ("JPEG", 0, [0xFF, 0xD8, 0xFF]),
        ("GIF", 0, "GIF87a"u8.ToArray()),
        ("GIF", 0, "GIF89a"u8.ToArray()),
        ("BMP", 0, "BM"u8.ToArray()),
        ("WebP", 8, "WEBP"u8.ToArray()),
    ];

    private static readonly (string Name, int Offset, byte[] Magic)[] OtherImages =
    [
        ("DICOM", 128, "DICM"u8.ToArray()),
        ("TIFF", 0, [(byte)'I', (byte)'I', 42, 0]),
        ("TIFF", 0, [(byte)'M', (byte)'M', 0, 42]),
        ("NIfTI", 344, "n+1\0"u8.ToArray()),
        ("gzip", 0, [0x1F, 0x8B]),
        ("JPEG 2000", 4, "jP  "u8.ToArray()),
        ("HEIF or AVIF", 4, "ftyp"u8.ToArray()),
        ("NumPy", 0, [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y']),
    ];

    private static readonly (string Name, int Offset, byte[] Magic)[] NoImages =
    [
        ("a ZIP archive", 0, [(byte)'P', (byte)'K', 3, 4]),
        ("a PDF document", 0, "%PDF"u8.ToArray()),
        ("a thumbnail cache or an Office document", 0, [0xD0, 0xCF, 0x11, 0xE0]),
        ("a folder's display settings", 4, "Bud1"u8.ToArray()),
    ];

    private static readonly byte[][] ImagesThatBeginAsText =
    [
        "P2"u8.ToArray(), "P3"u8.ToArray(), "P5"u8.ToArray(), "P6"u8.ToArray(), "NRRD"u8.ToArray(), "ObjectType"u8.ToArray(),
        "NDims"u8.ToArray(), "BM"u8.ToArray(), "GIF8"u8.ToArray(),
    ];

    /// <summary>The name of the format that Skia reads; null for any other.</summary>
    public static string? Format(ReadOnlySpan<byte> file) => Find(Readable, file);

    /// <summary>The name of an image format that Skia does not read; null for an unknown one.</summary>
    public static string? OtherFormat(ReadOnlySpan<byte> file) => Find(OtherImages, file);

    /// <summary>
    /// Why no decoder whatever would take the file for an image: it is empty, a well-known file of another kind, or text
    /// and not one of the image formats that begin as text. Null where a decoder has to say.
    /// </summary>
    public static string? PlainlyNoImage(ReadOnlySpan<byte> file)
    {
        if (file.IsEmpty)
        {
            return "The file is empty.";
        }

        if (Find(NoImages, file) is { } kind)
        {
            return $"The file is {kind}, not an image.";
        }

        foreach (var start in ImagesThatBeginAsText)
        {
            if (file.StartsWith(start))
            {
                return null;
            }
        }

        var head = file[..Math.Min(file.Length, HeadLength)];
        return head.IndexOfAnyInRange((byte)0, (byte)8) < 0 && head.IndexOfAnyInRange((byte)14, (byte)31) < 0 && IsUtf8(head)
            ? "The file is text, not an image."
            : null;
    }

    private static bool IsUtf8(ReadOnlySpan<byte> head)
    {
        // A cut through the last character is no error of encoding.
        for (var cut = 0; cut < 4 && cut < head.Length; cut++)
        {
            if (System.Text.Unicode.Utf8.IsValid(head[..^cut]))
            {
                return true;
            }
        }

        return false;
    }

    private static string? Find((string Name, int Offset, byte[] Magic)[] formats, ReadOnlySpan<byte> file)
    {
        foreach (var (name, offset, magic) in formats)
        {
            if (file.Length >= offset + magic.Length && file[offset..].StartsWith(magic))
            {
                return name;
            }
        }

        return null;
    }
}
