using System.Buffers.Binary;
using System.Text;

namespace CovidCt.Models.Weights.Formats;

/// <summary>A file in a zip archive: its bytes lie as they are at a place of the archive, or are packed.</summary>
internal sealed record ZipRecord(string Name, long Offset, long Length, bool IsPlain)
{
    /// <exception cref="FormatException">The file is packed: it could unpack to any size.</exception>
    public (long Offset, long Length) Place => IsPlain
        ? (Offset, Length)
        : throw new FormatException($"'{Name}' in the archive is compressed or encrypted, which torch.save never does: unpack the archive "
            + "and pack it without compression");

    public MappedFile.View Map(MappedFile file, int length) => file.Map(Place.Offset, length);
}

/// <summary>The directory of a zip archive: where each file lies.</summary>
/// <remarks>
/// Format: PKWARE, "APPNOTE.TXT" 6.3, sections 4.3 and 4.5.3. The zip libraries of .NET read files as streams and don't say
/// where they lie, which mapping them needs.
/// </remarks>
internal static class ZipDirectory
{
    private const int EndLength = 22;
    private const int LongestComment = ushort.MaxValue;
    private const int LocatorLength = 20;
    private const int End64Length = 56;
    private const int HeaderLength = 46;
    private const int LocalLength = 30;
    private const ushort Stored = 0;
    private const ushort Encrypted = 1;
    private const ushort Wide = 1;

    /// <exception cref="FormatException">The archive is broken.</exception>
    public static IReadOnlyDictionary<string, ZipRecord> Read(MappedFile file)
    {
        var (count, begin, length) = Locate(file);
        if (begin < 0 || length < 0 || begin > file.Length - length
            || count > length / HeaderLength || count > FileContents.MostEntries || length > int.MaxValue)
        {
            throw new FormatException("it is cut off, or its zip directory is broken");
        }

        var records = new Dictionary<string, ZipRecord>((int)count, StringComparer.Ordinal);
        using (var view = file.Map(begin, (int)length))
        {
            var rest = view.Bytes;
            for (var i = 0L; i < count; i++)
            {
                var record = Header(file, ref rest);
                if (!records.TryAdd(record.Name, record))
                {
                    throw new FormatException($"its zip directory has '{record.Name}' twice");
                }
            }
        }

        var end = 0L;
        foreach (var record in records.Values.OrderBy(record => record.Offset).ThenBy(record => record.Length))
        {
            if (record.Offset < end || record.Offset > begin - record.Length)
            {
                throw new FormatException($"'{record.Name}' in its zip directory overlaps something else");
            }

            end = record.Offset + record.Length;
        }

        return records;
    }

    /// <summary>Number of files, and place of the directory, from the record at the archive's end.</summary>
    private static (long Count, long Begin, long Length) Locate(MappedFile file)
    {
        var length = (int)Math.Min(file.Length, EndLength + LongestComment);
        using var view = file.Map(file.Length - length, length);
        var at = view.Bytes.LastIndexOf("PK\u0005\u0006"u8);
        if (at < 0 || length - at < EndLength)
        {
            throw new FormatException("it is cut off: the directory at the end of the zip archive is missing");
        }

        var end = view.Bytes[at..];
        if (at >= LocatorLength && view.Bytes[(at - LocatorLength)..].StartsWith("PK\u0006\u0007"u8))
        {
            var place = Int64(view.Bytes[(at - LocatorLength + 8)..]);
            using var end64 = file.Map(place, End64Length);
            return end64.Bytes.StartsWith("PK\u0006\u0006"u8)
                ? (Int64(end64.Bytes[32..]), Int64(end64.Bytes[48..]), Int64(end64.Bytes[40..]))
                : throw new FormatException("its zip directory is broken");
        }

        return (Int16(end[10..]), Int32(end[16..]), Int32(end[12..]));
    }

    private static ZipRecord Header(MappedFile file, ref ReadOnlySpan<byte> rest)
    {
        if (rest.Length < HeaderLength || !rest.StartsWith("PK\u0001\u0002"u8))
        {
            throw new FormatException("its zip directory is broken");
        }

        var header = rest[..HeaderLength];
        var (nameLength, extraLength, commentLength) = (Int16(header[28..]), Int16(header[30..]), Int16(header[32..]));
        if (rest.Length - HeaderLength < nameLength + extraLength + commentLength)
        {
            throw new FormatException("its zip directory is broken");
        }

        var name = Encoding.UTF8.GetString(rest.Slice(HeaderLength, nameLength));
        var extra = rest.Slice(HeaderLength + nameLength, extraLength);
        rest = rest[(HeaderLength + nameLength + extraLength + commentLength)..];
        var isPlain = Int16(header[10..]) == Stored && (Int16(header[8..]) & Encrypted) == 0;
        long compressed = Int32(header[20..]);
        long size = Int32(header[24..]);
        long local = Int32(header[42..]);
        Widen(extra, ref size, ref compressed, ref local);
        if (isPlain && size != compressed)
        {
            throw new FormatException($"'{name}' in the archive is said to be stored, but its two lengths are {compressed} and {size}");
        }

        using var view = file.Map(local, LocalLength);
        if (!view.Bytes.StartsWith("PK\u0003\u0004"u8))
        {
            throw new FormatException($"'{name}' isn't where the zip directory says");
        }

        var offset = local + LocalLength + Int16(view.Bytes[26..]) + Int16(view.Bytes[28..]);
        return compressed >= 0 && offset <= file.Length - compressed
            ? new(name, offset, compressed, isPlain)
            : throw new FormatException(
                $"it is cut off: '{name}' in the archive has {compressed} bytes at {offset}, and the file has {file.Length}");
    }

    /// <summary>Takes from the zip64 field those of the three values that the header has no room for.</summary>
    private static void Widen(ReadOnlySpan<byte> extra, ref long size, ref long compressed, ref long local)
    {
        while (extra.Length >= 4)
        {
            var (id, length) = (Int16(extra), Int16(extra[2..]));
            extra = extra[4..];
            if (length > extra.Length)
            {
                return;
            }

            if (id == Wide)
            {
                var field = extra[..length];
                size = Next(ref field, size);
                compressed = Next(ref field, compressed);
                local = Next(ref field, local);
                return;
            }

            extra = extra[length..];
        }
    }

    private static long Next(ref ReadOnlySpan<byte> field, long narrow)
    {
        if (narrow != uint.MaxValue || field.Length < 8)
        {
            return narrow;
        }

        var value = Int64(field);
        field = field[8..];
        return value;
    }

    private static int Int16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static uint Int32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private static long Int64(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt64LittleEndian(bytes);
}
