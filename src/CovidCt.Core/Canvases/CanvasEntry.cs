using System.Numerics;
using System.Runtime.InteropServices;
using CovidCt.Imaging;

namespace CovidCt.Canvases;

/// <summary>
/// What a canvas file says of one row, 64 bytes: of which file it was made and where the image lies on the canvas, or that the
/// file was rejected; an entry that was never written, or damaged, isn't whole.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal readonly struct CanvasEntry
{
    public const int Size = 64;

    private readonly ImageStamp _stamp;
    private readonly int _width;
    private readonly int _height;
    private readonly int _scaledWidth;
    private readonly int _scaledHeight;
    private readonly int _left;
    private readonly int _top;
    private readonly uint _content;
    private readonly uint _check;

    public CanvasEntry(ImageStamp stamp, CanvasGeometry geometry, ReadOnlySpan<byte> pixels)
    {
        _stamp = stamp;
        (_width, _height) = (geometry.Original.Width, geometry.Original.Height);
        (_scaledWidth, _scaledHeight) = (geometry.Scaled.Width, geometry.Scaled.Height);
        (_left, _top) = (geometry.OffsetX, geometry.OffsetY);
        _content = Sum(pixels);
        _check = Check;
    }

    /// <summary>A rejected file, of which the reason in UTF-8 stands in the place of pixels.</summary>
    public CanvasEntry(ImageStamp stamp, ReadOnlySpan<byte> reason, bool wasRead)
    {
        _stamp = stamp;
        _height = wasRead ? 1 : 0;
        _scaledWidth = reason.Length;
        _content = Sum(reason);
        _check = Check;
    }

    public ImageStamp Stamp => _stamp;

    public bool IsRejected => _width == 0;

    /// <summary>Whether a rejected file could be read from the disk at all; if not, it may be readable another time.</summary>
    public bool WasRead => _height != 0;

    public bool IsWhole => _check == Check;

    public CanvasGeometry GeometryOn(ImageSize canvas) =>
        new(new(_width, _height), canvas, new(_scaledWidth, _scaledHeight), _left, _top);

    /// <summary>How many bytes stand in the row.</summary>
    public int ContentLength(ImageSize canvas) => IsRejected ? _scaledWidth : canvas.Width * canvas.Height;

    public bool IsContent(ReadOnlySpan<byte> bytes) => _content == Sum(bytes);

    private uint Check => Sum(MemoryMarshal.AsBytes(new ReadOnlySpan<CanvasEntry>(in this))[..(Size - sizeof(uint))]);

    /// <summary>
    /// A sum by the polynomial of CRC-32C (Castagnoli; RFC 3720), which processors have an instruction for; not the CRC-32C
    /// of the bytes, because parts are summed beside each other.
    /// </summary>
    public static uint Sum(ReadOnlySpan<byte> bytes)
    {
        // Three interleaved parts hide the latency of the instruction; their sums, and what is left, are summed in turn.
        var part = bytes.Length / 24 * 8;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes[..(3 * part)]);
        var count = part / 8;
        uint first = ~0u, second = ~0u, third = ~0u;
        for (var i = 0; i < count; i++)
        {
            first = BitOperations.Crc32C(first, words[i]);
            second = BitOperations.Crc32C(second, words[i + count]);
            third = BitOperations.Crc32C(third, words[i + (2 * count)]);
        }

        first = BitOperations.Crc32C(BitOperations.Crc32C(first, second), third);
        foreach (var value in bytes[(3 * part)..])
        {
            first = BitOperations.Crc32C(first, value);
        }

        return ~first;
    }
}
