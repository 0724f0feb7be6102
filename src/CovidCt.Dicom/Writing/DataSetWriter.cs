using System.Buffers.Binary;
using System.Text;

namespace CovidCt.Dicom.Writing;

/// <summary>A data set, or an item of one, that is put together in explicit little endian (PS3.5, section 7.1).</summary>
/// <remarks>
/// Elements may be added in any order, each once; they are written in that of their tags. Sequences and items have lengths, so that the
/// same content is the same bytes.
/// </remarks>
/// <param name="encoding">What own texts are written in: that of Specific Character Set.</param>
internal sealed class DataSetWriter(Encoding encoding)
{
    /// <summary>How many bytes a value has at most whose length takes 16 bits.</summary>
    public const int MostShort = ushort.MaxValue - 1;

    private readonly SortedDictionary<DicomTag, byte[]> _elements = [];

    /// <summary>Adds a text; null writes an element without a value.</summary>
    /// <remarks>
    /// What a representation doesn't allow (PS3.5, section 6.2) is a space: control characters, and where <c>\</c> parts values that too.
    /// What is longer than it allows is cut off.
    /// </remarks>
    public DataSetWriter Text(DicomTag tag, string? text)
    {
        var (most, isLine) = Representation(tag) switch
        {
            "SH" => (16, true),
            "LO" or "PN" => (64, true),
            "ST" => (1024, false),
            "LT" => (10_240, false),
            "UT" => (int.MaxValue, false),
            _ => (int.MaxValue, (bool?)null),
        };
        text ??= "";
        var cut = text.Length <= most ? text : text[..most];
        var clean = isLine is { } single
            ? string.Concat(cut.Select(c => IsAllowed(c, single) ? c : ' '))
            : cut;
        return Bytes(tag, (isLine is null ? Encoding.ASCII : encoding).GetBytes(clean));
    }

    /// <summary>Adds a whole number of 16 bits.</summary>
    public DataSetWriter Number(DicomTag tag, ushort number)
    {
        var bytes = new byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, number);
        return Bytes(tag, bytes);
    }

    /// <summary>Adds a value as it is stored, which is made even in length.</summary>
    public DataSetWriter Bytes(DicomTag tag, ReadOnlySpan<byte> value)
    {
        var representation = tag == Tags.PixelData ? "OB" : Representation(tag); // Of eight bits each.
        var isLong = DicomReader.HasLongLength(representation);
        var element = new byte[(isLong ? 12 : 8) + value.Length + (value.Length % 2)];
        BinaryPrimitives.WriteUInt16LittleEndian(element, tag.Group);
        BinaryPrimitives.WriteUInt16LittleEndian(element.AsSpan(2), tag.Element);
        Encoding.ASCII.GetBytes(representation, element.AsSpan(4));
        var length = value.Length + (value.Length % 2);
        if (isLong)
        {
            BinaryPrimitives.WriteInt32LittleEndian(element.AsSpan(8), length);
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(element.AsSpan(6), checked((ushort)length));
        }

        value.CopyTo(element.AsSpan(element.Length - length));
        if (length > value.Length)
        {
            element[^1] = representation is "UI" or "OB" ? (byte)0 : (byte)' ';
        }

        _elements.Add(tag, element);
        return this;
    }

    /// <summary>Adds a sequence: an item for each of those that fill one.</summary>
    public DataSetWriter Sequence(DicomTag tag, params IEnumerable<Action<DataSetWriter>> items)
    {
        using var value = new MemoryStream();
        foreach (var fill in items)
        {
            var item = new DataSetWriter(encoding);
            fill(item);
            var content = item.ToArray();
            var head = new byte[8];
            BinaryPrimitives.WriteUInt16LittleEndian(head, Tags.Item.Group);
            BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(2), Tags.Item.Element);
            BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(4), content.Length);
            value.Write(head);
            value.Write(content);
        }

        return Bytes(tag, value.ToArray());
    }

    /// <summary>All elements, one after the other.</summary>
    public byte[] ToArray()
    {
        using var all = new MemoryStream();
        foreach (var element in _elements.Values)
        {
            all.Write(element);
        }

        return all.ToArray();
    }

    private static bool IsAllowed(char c, bool isLine) =>
        isLine ? !char.IsControl(c) && c != '\\' : !char.IsControl(c) || c is '\t' or '\n' or '\f' or '\r';

    private static string Representation(DicomTag tag) => Tags.Find(tag)!.Value.Representation;
}
