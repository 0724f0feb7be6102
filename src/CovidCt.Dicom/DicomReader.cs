using System.Buffers.Binary;
using System.Collections.Frozen;
using CovidCt.Imaging;

namespace CovidCt.Dicom;

/// <summary>Reads elements one after the other (PS3.5, chapter 7).</summary>
/// <remarks>
/// No value is copied. Each element takes at least eight bytes of the file, there are at most <see cref="MostElements"/>, and sequences are
/// at most <see cref="MostDepth"/> deep, so that what a file makes this take is bounded whatever it claims.
/// </remarks>
/// <param name="file">The content of a file, or how it begins.</param>
/// <param name="position">The offset of what is read first.</param>
/// <param name="headOf">
/// Bytes of the file, of which elements up to the first of <see cref="Tags.PixelData"/> are wanted, with a beginning of that one's value;
/// null reads all.
/// </param>
internal sealed class DicomReader(ReadOnlyMemory<byte> file, int position, long? headOf = null)
{
    private const int MostElements = 1 << 20, MostDepth = 16;
    private const uint Undefined = uint.MaxValue;

    private static readonly FrozenDictionary<ushort, string> Representations =
        "AE AS AT CS DA DS DT FL FD IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV"
        .Split(' ').ToFrozenDictionary(name => (ushort)((name[0] << 8) | name[1]));

    private static readonly FrozenSet<string> WithLongLength =
        FrozenSet.Create("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV");

    private int _elements;

    /// <summary>The offset of what is read next.</summary>
    public int Position { get; private set; } = position;

    /// <summary>Whether the length of an element takes 32 bits in explicit syntaxes (PS3.5, section 7.1.2).</summary>
    public static bool HasLongLength(string representation) => WithLongLength.Contains(representation);

    /// <summary>The file's meta information: all that is of group 0002, in explicit little endian (PS3.10, section 7.1).</summary>
    public DicomDataSet ReadMeta()
    {
        List<DicomElement> elements = [];
        var form = new Form(IsImplicit: false, IsBigEndian: false);
        while (file.Length - Position >= 8 && BinaryPrimitives.ReadUInt16LittleEndian(file.Span[Position..]) == 2)
        {
            Add(elements, ReadElement(form, file.Length, depth: 0));
        }

        return new(elements);
    }

    /// <summary>All that follows.</summary>
    public DicomDataSet ReadDataSet(TransferSyntax syntax) =>
        new(ReadElements(new(syntax.IsImplicit, syntax.IsBigEndian), file.Length, isDelimited: false, depth: 0));

    private List<DicomElement> ReadElements(Form form, int end, bool isDelimited, int depth)
    {
        List<DicomElement> elements = [];
        while (isDelimited || Position < end)
        {
            if (isDelimited && PeekTag(form, end) == Tags.ItemEnd)
            {
                ReadDelimiter(form);
                break;
            }

            Add(elements, ReadElement(form, end, depth));
        }

        return elements;
    }

    private void Add(List<DicomElement> elements, DicomElement element)
    {
        if (elements.Count > 0 && elements[^1].Tag >= element.Tag)
        {
            throw Fault.Of(element.Tag, element.Offset, Fault.Text($"comes after {elements[^1].Tag}, and elements are in ascending order"));
        }

        Count(element.Tag, element.Offset);
        elements.Add(element);
    }

    private void Count(DicomTag tag, int offset)
    {
        if (++_elements > MostElements)
        {
            throw Fault.Of(tag, offset, Fault.Text($"is one element more than the {MostElements} that are read of a file"));
        }
    }

    private DicomElement ReadElement(Form form, int end, int depth)
    {
        var offset = Position;
        var tag = PeekTag(form, end);
        if (tag.Group == Tags.Item.Group)
        {
            throw Fault.Of(tag, offset, "is where no item begins or ends");
        }

        Position += 4;
        var (representation, length) = form.IsImplicit ? ("UN", ReadUInt32(form)) : ReadRepresentation(form, tag, offset, end);
        if (form.IsImplicit && Tags.Find(tag) is { } known)
        {
            representation = known.Representation;
        }

        if (headOf is { } whole && depth == 0 && tag == Tags.PixelData)
        {
            return ReadNothingMore(tag, representation, offset, length, whole);
        }

        if (length == Undefined)
        {
            return ReadUndefined(form, tag, representation, offset, end, depth);
        }

        if (length > end - Position)
        {
            throw TooLong(tag, offset, length, end);
        }

        if (representation == "SQ" || (representation == "UN" && Tags.Find(tag) is { Representation: "SQ" }))
        {
            var items = ReadItems(Inside(form, representation), tag, offset, Position + (int)length, isDelimited: false, depth);
            return new(tag, "SQ", offset, default, form.IsBigEndian) { Items = items };
        }

        var value = file.Slice(Position, (int)length);
        Position += (int)length;
        return new(tag, representation, offset, value, form.IsBigEndian && representation != "UN");
    }

    private DicomElement ReadNothingMore(DicomTag tag, string representation, int offset, uint length, long whole)
    {
        if (length != Undefined && length > whole - Position)
        {
            throw TooLong(tag, offset, length, whole);
        }

        Position = file.Length;
        return new(tag, representation, offset, length == 0 ? default : file.Slice(offset, 8), IsBigEndian: false);
    }

    // What has no known representation is written in implicit little endian (PS3.5, section 6.2.2).
    private static Form Inside(Form form, string representation) => representation == "UN"
        ? new(IsImplicit: true, IsBigEndian: false) : form;

    private DicomElement ReadUndefined(Form form, DicomTag tag, string representation, int offset, int end, int depth)
    {
        if (representation is "OB" or "OW")
        {
            var fragments = form.IsImplicit
                ? throw Fault.Of(tag, offset, "has no length, which only compressed pixels may lack")
                : ReadFragments(form, tag, offset, end);
            return new(tag, representation, offset, default, form.IsBigEndian) { Fragments = fragments };
        }

        if (representation is not ("SQ" or "UN"))
        {
            throw Fault.Of(tag, offset, "has no length, which only a sequence and compressed pixels may lack");
        }

        var items = ReadItems(Inside(form, representation), tag, offset, end, isDelimited: true, depth);
        return new(tag, "SQ", offset, default, form.IsBigEndian) { Items = items };
    }

    private List<DicomDataSet> ReadItems(Form form, DicomTag sequence, int offset, int end, bool isDelimited, int depth)
    {
        if (depth >= MostDepth)
        {
            throw Fault.Of(sequence, offset, Fault.Text($"is a sequence within more than {MostDepth} others"));
        }

        List<DicomDataSet> items = [];
        while (isDelimited || Position < end)
        {
            if (ReadItemLength(form, sequence, offset, end, isDelimited) is not { } length)
            {
                break;
            }

            var itemEnd = length == Undefined ? end : Position + (int)length;
            items.Add(new(ReadElements(form, itemEnd, length == Undefined, depth + 1)));
        }

        return items;
    }

    private List<(int Offset, ReadOnlyMemory<byte> Value)> ReadFragments(Form form, DicomTag pixels, int offset, int end)
    {
        List<(int, ReadOnlyMemory<byte>)> fragments = [];
        while (ReadItemLength(form, pixels, offset, end, isDelimited: true) is { } length)
        {
            if (length == Undefined)
            {
                throw Fault.Of(Tags.Item, Position - 8, "has no length, which a fragment of pixels has");
            }

            fragments.Add((Position - 8, file.Slice(Position, (int)length)));
            Position += (int)length;
        }

        return fragments;
    }

    /// <summary>The length of the item that begins here, which lies within the sequence; null where the sequence ends.</summary>
    private uint? ReadItemLength(Form form, DicomTag sequence, int offset, int end, bool isDelimited)
    {
        var itemOffset = Position;
        if (end - Position < 8)
        {
            throw Fault.Of(sequence, offset, Fault.Text($"ends at offset {end} in the middle of an item or without its delimitation item"));
        }

        var tag = PeekTag(form, end);
        if (isDelimited && tag == Tags.SequenceEnd)
        {
            ReadDelimiter(form);
            return null;
        }

        if (tag != Tags.Item)
        {
            throw Fault.Of(tag, itemOffset, "is where an item of a sequence should begin");
        }

        Position += 4;
        Count(tag, itemOffset);
        var length = ReadUInt32(form);
        return length == Undefined || length <= end - Position ? length : throw TooLong(tag, itemOffset, length, end);
    }

    private void ReadDelimiter(Form form)
    {
        var (offset, tag) = (Position, PeekTag(form, file.Length));
        Position += 4;
        if (ReadUInt32(form) != 0)
        {
            throw Fault.Of(tag, offset, "has a length other than 0");
        }
    }

    private DicomTag PeekTag(Form form, int end)
    {
        if (end - Position < 8)
        {
            throw new ImageRejectedException(Fault.Text($"The file is cut off or damaged: at offset {Position} no whole element is left."));
        }

        var span = file.Span[Position..];
        return form.IsBigEndian
            ? new(BinaryPrimitives.ReadUInt16BigEndian(span), BinaryPrimitives.ReadUInt16BigEndian(span[2..]))
            : new(BinaryPrimitives.ReadUInt16LittleEndian(span), BinaryPrimitives.ReadUInt16LittleEndian(span[2..]));
    }

    private (string Representation, uint Length) ReadRepresentation(Form form, DicomTag tag, int offset, int end)
    {
        var span = file.Span[Position..];
        if (!Representations.TryGetValue(BinaryPrimitives.ReadUInt16BigEndian(span), out var representation))
        {
            throw Fault.Of(tag, offset, "has no known value representation");
        }

        if (!HasLongLength(representation))
        {
            Position += 4;
            return (representation, form.IsBigEndian
                ? BinaryPrimitives.ReadUInt16BigEndian(span[2..])
                : BinaryPrimitives.ReadUInt16LittleEndian(span[2..]));
        }

        if (end - Position < 8)
        {
            throw Fault.Of(tag, offset, "is cut off within its length");
        }

        Position += 4;
        return (representation, ReadUInt32(form));
    }

    private uint ReadUInt32(Form form)
    {
        var span = file.Span[Position..];
        Position += 4;
        return form.IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(span) : BinaryPrimitives.ReadUInt32LittleEndian(span);
    }

    private ImageRejectedException TooLong(DicomTag tag, int offset, uint length, long end) =>
        Fault.Of(tag, offset, Fault.Text($"claims {length} bytes, and {end - Position} are left"));

    private readonly record struct Form(bool IsImplicit, bool IsBigEndian);
}
