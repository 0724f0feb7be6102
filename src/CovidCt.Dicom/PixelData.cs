using System.Buffers.Binary;

namespace CovidCt.Dicom;

/// <summary>
/// The pixels of a frame: as they are stored, or put together of their fragments and decompressed (PS3.5, sections 8 and A.4).
/// </summary>
internal static class PixelData
{
    /// <summary>The bytes of a frame, row by row, of 16 bits the less significant byte first.</summary>
    public static ReadOnlyMemory<byte> Frame(DicomFile file, DicomPixelFormat format, int frame, IReadOnlyList<IDicomCodec> codecs)
    {
        var pixels = file.Data.Find(Tags.PixelData) ?? throw Fault.Missing(Tags.PixelData, "there is no image");
        if (file.Syntax.IsNative)
        {
            return Native(file, pixels, format, frame);
        }

        if (codecs.FirstOrDefault(codec => codec.Decodes(file.TransferSyntaxUid)) is not { } codec)
        {
            throw Fault.Of(Tags.PixelData, pixels.Offset, file.Syntax.Refusal);
        }

        if (pixels.Fragments is not { Count: > 0 } fragments)
        {
            throw Fault.Of(Tags.PixelData, pixels.Offset, "is not in fragments, as compressed pixels are");
        }

        var decoded = codec.Decode(Join(Fragments(file, fragments, pixels.Offset, frame)), format);
        return decoded.Length == format.FrameLength
            ? decoded
            : throw Fault.Of(Tags.PixelData, pixels.Offset, "was decoded to another number of pixels than the file says");
    }

    private static ReadOnlyMemory<byte> Native(DicomFile file, DicomElement pixels, DicomPixelFormat format, int frame)
    {
        if (pixels.Fragments is not null)
        {
            throw Fault.Of(Tags.PixelData, pixels.Offset, "is in fragments, which the transfer syntax has none of");
        }

        var length = (long)format.FrameLength * file.FrameCount;
        if (pixels.Value.Length != length + (length % 2) && pixels.Value.Length != length)
        {
            throw Fault.Of(Tags.PixelData, pixels.Offset, Fault.Text($"has {pixels.Value.Length} bytes, and its frames take {length}"));
        }

        // Bytes within words have changed places too.
        return pixels.IsBigEndian && (format.BytesPerPixel == 2 || pixels.Representation == "OW")
            ? Swapped(pixels, format.FrameLength, frame * format.FrameLength)
            : pixels.Value.Slice(frame * format.FrameLength, format.FrameLength);
    }

    private static byte[] Swapped(DicomElement pixels, int length, int offset)
    {
        var stored = pixels.Value.Span;
        var swapped = new byte[length];
        for (var i = 0; i < length; i++)
        {
            var from = (offset + i) ^ 1;
            swapped[i] = from < stored.Length
                ? stored[from] : throw Fault.Of(Tags.PixelData, pixels.Offset, "ends in the middle of a word");
        }

        return swapped;
    }

    /// <summary>The fragments of a frame: all of a file's only frame, those from its offset on, or one for each frame.</summary>
    private static IReadOnlyList<ReadOnlyMemory<byte>> Fragments(
        DicomFile file, IReadOnlyList<(int Offset, ReadOnlyMemory<byte> Value)> items, int offset, int frame)
    {
        var (count, fragments) = (file.FrameCount, items.Skip(1).ToList());
        if (count == 1)
        {
            return [.. fragments.Select(fragment => fragment.Value)];
        }

        if (Offsets(file, items[0].Value, items[0].Offset, count) is { } offsets && fragments.Count > 0)
        {
            var (from, to) = (fragments[0].Offset + offsets(frame), frame + 1 < count
                ? fragments[0].Offset + offsets(frame + 1) : long.MaxValue);
            return fragments.Any(fragment => fragment.Offset == from) && from < to
                ? [.. fragments.Where(fragment => fragment.Offset >= from && fragment.Offset < to).Select(fragment => fragment.Value)]
                : throw Fault.Of(Tags.Item, items[0].Offset, "is an offset table that leads to no fragment");
        }

        return fragments.Count == count
            ? [fragments[frame].Value]
            : throw Fault.Of(Tags.PixelData, offset, Fault.Text($"has {fragments.Count} fragments of {count} frames, and no offset table"));
    }

    // Of the first fragment's item, in bytes: the basic table has 32 bits an offset, the extended one 64 (sections A.4 and C.7.6.3.1.8).
    private static Func<int, long>? Offsets(DicomFile file, ReadOnlyMemory<byte> basic, int tableOffset, int count)
    {
        var extended = file.Data.Find(Tags.ExtendedOffsetTable);
        var (table, size, tag, offset) = extended is not null
            ? (extended.Value, 8, Tags.ExtendedOffsetTable, extended.Offset)
            : (basic, 4, Tags.Item, tableOffset);
        if (table.IsEmpty)
        {
            return null;
        }

        return table.Length == (long)size * count
            ? frame => size == 8
                ? (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(table.Span[(8 * frame)..]), int.MaxValue)
                : BinaryPrimitives.ReadUInt32LittleEndian(table.Span[(4 * frame)..])
            : throw Fault.Of(tag, offset, "is an offset table of another number of frames than there are");
    }

    private static ReadOnlyMemory<byte> Join(IReadOnlyList<ReadOnlyMemory<byte>> fragments)
    {
        if (fragments.Count == 1)
        {
            return fragments[0];
        }

        var joined = new byte[fragments.Sum(fragment => fragment.Length)];
        var at = 0;
        foreach (var fragment in fragments)
        {
            fragment.CopyTo(joined.AsMemory(at));
            at += fragment.Length;
        }

        return joined;
    }
}
