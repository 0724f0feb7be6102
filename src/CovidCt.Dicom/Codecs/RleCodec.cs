using System.Buffers.Binary;

namespace CovidCt.Dicom.Codecs;

/// <summary>RLE Lossless (PS3.5, annex G): a segment for each byte of a pixel, the most significant first, each packed by itself.</summary>
internal sealed class RleCodec : IDicomCodec
{
    private const string Name = "RLE";
    private const int HeaderLength = 64;

    // Two bytes stand for at most 128.
    private const int MostExpansion = 64;

    /// <inheritdoc/>
    public bool Decodes(string transferSyntaxUid) => transferSyntaxUid == TransferSyntax.Rle;

    /// <inheritdoc/>
    public byte[] Decode(ReadOnlyMemory<byte> frame, DicomPixelFormat format)
    {
        var data = frame.Span;
        if (data.Length < HeaderLength || (long)data.Length * MostExpansion < format.FrameLength)
        {
            throw Fault.InFrame(Name, data.Length, "end before the image does");
        }

        var segments = format.BytesPerPixel;
        if (BinaryPrimitives.ReadUInt32LittleEndian(data) != segments)
        {
            throw Fault.InFrame(Name, 0, "have another number of segments than a pixel has bytes");
        }

        var pixels = new byte[format.FrameLength];
        for (var segment = 0; segment < segments; segment++)
        {
            var at = BinaryPrimitives.ReadUInt32LittleEndian(data[(4 + (4 * segment))..]);
            var end = segment + 1 < segments ? BinaryPrimitives.ReadUInt32LittleEndian(data[(8 + (4 * segment))..]) : (uint)data.Length;
            if (at < HeaderLength || at > end || end > data.Length)
            {
                throw Fault.InFrame(Name, 4 + (4 * segment), "have a segment that is not within the frame");
            }

            Unpack(data[..(int)end], (int)at, pixels, segments - 1 - segment, segments);
        }

        return pixels;
    }

    private static void Unpack(ReadOnlySpan<byte> data, int at, byte[] pixels, int first, int step)
    {
        for (var target = first; target < pixels.Length;)
        {
            if (at + 1 >= data.Length)
            {
                throw Fault.InFrame(Name, at, "end before the image does");
            }

            var control = (sbyte)data[at++];
            var count = control >= 0 ? control + 1 : control == sbyte.MinValue ? 0 : 1 - control;
            if (count > (pixels.Length - target + step - 1) / step || (control >= 0 && count > data.Length - at))
            {
                throw Fault.InFrame(Name, at - 1, "have a run that is longer than what is left");
            }

            for (var i = 0; i < count; i++, target += step)
            {
                pixels[target] = control >= 0 ? data[at + i] : data[at];
            }

            at += control >= 0 ? count : control == sbyte.MinValue ? 0 : 1;
        }
    }
}
