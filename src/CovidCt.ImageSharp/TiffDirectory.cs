using System.Buffers.Binary;

namespace CovidCt.ImageSharp;

/// <summary>The first directory of a TIFF file (TIFF 6.0, section 2), as far as it is there.</summary>
/// <param name="file">The whole file.</param>
internal readonly ref struct TiffDirectory(ReadOnlySpan<byte> file)
{
    private const int Entry = 12;

    private readonly ReadOnlySpan<byte> _file = file;
    private readonly bool _isBigEndian = file[0] == 'M';

    /// <summary>The values of an entry of 16-bit or 32-bit numbers; null where there is none.</summary>
    public long[]? Numbers(int tag)
    {
        var start = Number(4, 4);
        var entries = Number(start, 2);
        for (var at = start + 2; entries > 0 && at + Entry <= _file.Length; at += Entry, entries--)
        {
            if (Number(at, 2) == tag)
            {
                return Values(at);
            }
        }

        return null;
    }

    private long[]? Values(long at)
    {
        var (size, count) = (Number(at + 2, 2) switch { 3 => 2, 4 => 4, _ => 0 }, Number(at + 4, 4));
        var from = size * count <= 4 ? at + 8 : Number(at + 8, 4);
        if (size == 0 || from + (size * count) > _file.Length)
        {
            return null;
        }

        var values = new long[count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Number(from + (i * size), size);
        }

        return values;
    }

    private long Number(long at, int size)
    {
        if (at + size > _file.Length)
        {
            return 0;
        }

        var bytes = _file.Slice((int)at, size);
        return (size, _isBigEndian) switch
        {
            (2, true) => BinaryPrimitives.ReadUInt16BigEndian(bytes),
            (2, false) => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            (_, true) => BinaryPrimitives.ReadUInt32BigEndian(bytes),
            _ => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        };
    }
}
