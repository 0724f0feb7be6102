using System.Buffers.Binary;
using System.Text;

namespace CovidCt.Models.Runtime;

/// <summary>
/// The dynamic part of a 64-bit little-endian ELF library: what it is called, what it needs, which symbols it defines and
/// which it leaves to others.
/// </summary>
/// <remarks>
/// Only what is asked for is read, so that a library of gigabytes costs no more than a small one. Nothing in the file is
/// believed: whatever leads outside it, or in circles, is an <see cref="InvalidDataException"/>. Formats: "System V
/// Application Binary Interface", chapters 4 and 5; "Linux Standard Base Core Specification 5.0", section 10.7, for versions;
/// GNU's hash table as glibc reads it (elf/dl-lookup.c).
/// </remarks>
internal sealed class ElfFile : IDisposable
{
    private const int HeaderSize = 64, SegmentSize = 56, EntrySize = 16, SymbolSize = 24, VersionNeedSize = 16;
    private const int MostEntries = 10_000; // Of dynamic sections, of versions and of symbols with one hash: libtorch has dozens.
    private const ushort HiddenVersion = 0x8000;

    private readonly Stream _stream;
    private readonly string _name;
    private readonly List<Segment> _segments = [];
    private readonly List<(Tag Tag, ulong Value)> _dynamic = [];
    private readonly Lazy<SymbolHash> _hash;
    private long _dynamicOffset;

    /// <summary>Takes a library over; <paramref name="name"/> is what messages call it.</summary>
    /// <exception cref="InvalidDataException">It is none, it is cut short, or its header is damaged.</exception>
    public ElfFile(Stream library, string name)
    {
        (_stream, _name) = (library, name);
        _hash = new(ReadHash);
        try
        {
            ReadHeader();
            Needed = [.. _dynamic.Where(entry => entry.Tag == Tag.Needed).Select(entry => Text(entry.Value))];
            OwnName = Find(Tag.SoName) is { } soName ? Text(soName) : null;
        }
        catch
        {
            library.Dispose();
            throw;
        }
    }

    private enum Tag : ulong
    {
        End = 0,
        Needed = 1,
        Strings = 5,
        Symbols = 6,
        StringsSize = 10,
        SoName = 14,
        GnuHash = 0x6ffffef5,
        SymbolVersions = 0x6ffffff0,
        VersionNeeds = 0x6ffffffe,
    }

    /// <summary>The processor it is for, by its ELF number: 62 is x86-64, 183 is AArch64.</summary>
    public int Processor { get; private set; }

    /// <summary>The name by which the loader knows it once it is loaded (DT_SONAME).</summary>
    public string? OwnName { get; }

    /// <summary>The libraries that it needs, by name (DT_NEEDED), in the order in which the loader goes through them.</summary>
    public IReadOnlyList<string> Needed { get; }

    /// <summary>Makes an image of the library call itself by the end of a name that it needs.</summary>
    /// <param name="image">The library's bytes.</param>
    /// <param name="needed">The name that it needs.</param>
    /// <param name="skipped">The number of characters at the name's beginning that are left out.</param>
    /// <returns>Whether it needs that name, and has one of its own to change.</returns>
    public bool TryRename(Span<byte> image, string needed, int skipped)
    {
        var own = _dynamic.FindIndex(entry => entry.Tag == Tag.SoName);
        var other = _dynamic.FindIndex(entry => entry.Tag == Tag.Needed && Text(entry.Value) == needed);
        if (own < 0 || other < 0)
        {
            return false;
        }

        var value = image[(int)(_dynamicOffset + (own * EntrySize) + sizeof(ulong))..];
        BinaryPrimitives.WriteUInt64LittleEndian(value, _dynamic[other].Value + (ulong)skipped);
        return true;
    }

    /// <summary>Opens a library.</summary>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="InvalidDataException">It is no library, is cut short, or is damaged.</exception>
    public static ElfFile Open(string path) =>
        new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0), path);

    public void Dispose() => _stream.Dispose();

    /// <summary>The symbols that it leaves to others to define.</summary>
    /// <exception cref="InvalidDataException">The tables are damaged.</exception>
    public IEnumerable<UndefinedSymbol> UndefinedSymbols()
    {
        // What is defined lies behind the table's first symbol, in the order of the hash table; what isn't, before it.
        var symbols = Required(Tag.Symbols);
        for (uint i = 1; i < _hash.Value.FirstSymbol; i++)
        {
            var symbol = ReadSymbol(symbols, i);
            if (symbol.Section == 0 && symbol.Binding is not Binding.Local && symbol.Name != 0)
            {
                yield return new(Text(symbol.Name), symbol.Binding == Binding.Weak, (VersionOf(i) & ~HiddenVersion) > 1);
            }
        }
    }

    /// <summary>Whether it defines a symbol for others to use.</summary>
    /// <exception cref="InvalidDataException">The tables are damaged.</exception>
    public bool Defines(string symbol)
    {
        Span<byte> bytes = Encoding.UTF8.GetBytes(symbol + '\0');
        var hash = 5381u;
        foreach (var character in bytes[..^1])
        {
            hash = (hash * 33) + character;
        }

        var table = _hash.Value;
        var word = ReadUInt64(table.Filter + (hash / 64 % table.FilterWords * 8));
        if (((word >> (int)(hash % 64)) & (word >> (int)((hash >> table.FilterShift) % 64)) & 1) == 0)
        {
            return false;
        }

        var first = ReadUInt32(table.Buckets + (hash % table.BucketCount * 4));
        if (first < table.FirstSymbol)
        {
            return false;
        }

        for (var i = first; i - first < MostEntries; i++)
        {
            var entry = ReadUInt32(table.Chains + ((ulong)(i - table.FirstSymbol) * 4));
            if ((entry | 1) == (hash | 1) && IsExport(i, bytes))
            {
                return true;
            }

            if ((entry & 1) != 0)
            {
                return false;
            }
        }

        throw Damaged("its symbol table has no end");
    }

    /// <summary>The versions of other libraries' symbols that it needs.</summary>
    /// <exception cref="InvalidDataException">The tables are damaged.</exception>
    public IEnumerable<VersionNeed> VersionNeeds()
    {
        if (Find(Tag.VersionNeeds) is not { } need)
        {
            yield break;
        }

        var buffer = new byte[VersionNeedSize];
        for (var entries = 0; ;)
        {
            Read(need, buffer);
            var (count, library, next) = (UInt16(buffer, 2), Text(UInt32(buffer, 4)), UInt32(buffer, 12));
            var auxiliary = need + UInt32(buffer, 8);
            for (var i = 0; i < count; i++)
            {
                if (++entries > MostEntries)
                {
                    throw Damaged("its table of versions has no end");
                }

                var flags = Offset(auxiliary, VersionNeedSize) + 4;
                Read(auxiliary, buffer);
                yield return new(library, Text(UInt32(buffer, 8)), flags);
                auxiliary += UInt32(buffer, 12);
            }

            if (next == 0)
            {
                yield break;
            }

            if (++entries > MostEntries)
            {
                throw Damaged("its table of versions has no end");
            }

            need += next;
        }
    }

    private static ushort UInt16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint UInt32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static ulong UInt64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);

    private void ReadHeader()
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        if (_stream.Length < HeaderSize)
        {
            throw new InvalidDataException($"{_name} is no library of Linux: it has {_stream.Length} bytes.");
        }

        ReadAt(0, header);
        if (!header[..4].SequenceEqual("\u007FELF"u8))
        {
            throw new InvalidDataException($"{_name} is no library of Linux: it doesn't begin as ELF files do.");
        }

        const int wide = 2, littleEndian = 1, library = 3;
        if (header[4] != wide || header[5] != littleEndian || UInt16(header, 16) != library)
        {
            throw new InvalidDataException($"{_name} is no library for a 64-bit little-endian processor.");
        }

        Processor = UInt16(header, 18);
        ReadSegments(UInt64(header, 32), UInt16(header, 54), UInt16(header, 56));
    }

    private void ReadSegments(ulong offset, int size, int count)
    {
        const uint loaded = 1, dynamic = 2;
        var length = (ulong)_stream.Length;
        if (size != SegmentSize || offset > length || (ulong)(count * SegmentSize) > length - offset)
        {
            throw Damaged("its program header lies outside the file");
        }

        Span<byte> header = stackalloc byte[SegmentSize];
        Segment? entries = null;
        for (var i = 0; i < count; i++)
        {
            ReadAt((long)offset + (i * SegmentSize), header);
            var (type, segment) = (UInt32(header, 0), new Segment(UInt64(header, 8), UInt64(header, 16), UInt64(header, 32)));
            if (type is not loaded and not dynamic)
            {
                continue;
            }

            if (segment.Offset > length || segment.Size > length - segment.Offset)
            {
                throw new InvalidDataException($"{_name} is cut short: it has {length} bytes, and its header speaks of more.");
            }

            if (type == dynamic)
            {
                entries = segment;
            }
            else
            {
                _segments.Add(segment);
            }
        }

        ReadDynamic(entries ?? throw Damaged("it has no dynamic section"));
    }

    private void ReadDynamic(Segment segment)
    {
        _dynamicOffset = (long)segment.Offset;
        Span<byte> entry = stackalloc byte[EntrySize];
        for (ulong i = 0; (i + 1) * EntrySize <= segment.Size && i < MostEntries; i++)
        {
            ReadAt((long)(segment.Offset + (i * EntrySize)), entry);
            var tag = (Tag)UInt64(entry, 0);
            if (tag == Tag.End)
            {
                return;
            }

            _dynamic.Add((tag, UInt64(entry, 8)));
        }

        throw Damaged("its dynamic section has no end");
    }

    private SymbolHash ReadHash()
    {
        const int headerSize = 16;
        Span<byte> header = stackalloc byte[headerSize];
        var table = Required(Tag.GnuHash);
        Read(table, header);
        var (buckets, filterWords) = (UInt32(header, 0), UInt32(header, 8));
        if (buckets == 0 || filterWords == 0)
        {
            throw Damaged("its symbol table is empty");
        }

        var filter = table + headerSize;
        var first = filter + ((ulong)filterWords * 8);
        return new(buckets, UInt32(header, 4), filterWords, (int)(UInt32(header, 12) % 32), filter, first, first + ((ulong)buckets * 4));
    }

    private bool IsExport(uint index, ReadOnlySpan<byte> name)
    {
        var symbol = ReadSymbol(Required(Tag.Symbols), index);
        if (symbol is not { Section: not 0, Binding: Binding.Global or Binding.Weak or Binding.Unique, IsVisible: true }
            || (VersionOf(index) & HiddenVersion) != 0)
        {
            return false;
        }

        var (strings, size) = (Required(Tag.Strings), Required(Tag.StringsSize));
        if (symbol.Name > size || (ulong)name.Length > size - symbol.Name)
        {
            return false;
        }

        var there = new byte[name.Length];
        Read(strings + symbol.Name, there);
        return name.SequenceEqual(there);
    }

    private Symbol ReadSymbol(ulong symbols, uint index)
    {
        Span<byte> symbol = stackalloc byte[SymbolSize];
        Read(symbols + ((ulong)index * SymbolSize), symbol);
        const int visibility = 3, hidden = 2, @internal = 1;
        return new(
            UInt32(symbol, 0), (Binding)(symbol[4] >> 4), (symbol[5] & visibility) is not hidden and not @internal, UInt16(symbol, 6));
    }

    private int VersionOf(uint index)
    {
        if (Find(Tag.SymbolVersions) is not { } versions)
        {
            return 1;
        }

        Span<byte> version = stackalloc byte[2];
        Read(versions + ((ulong)index * 2), version);
        return UInt16(version, 0);
    }

    /// <summary>A string of the library's table, which ends at its first zero.</summary>
    private string Text(ulong index)
    {
        var (strings, size) = (Required(Tag.Strings), Required(Tag.StringsSize));
        for (var length = 256ul; index < size; length *= 4)
        {
            var there = new byte[Math.Min(length, Math.Min(size - index, (ulong)_stream.Length))];
            Read(strings + index, there);
            if (there.AsSpan().IndexOf((byte)0) is >= 0 and var end)
            {
                return Encoding.UTF8.GetString(there, 0, end);
            }

            if (length >= size - index)
            {
                break;
            }
        }

        throw Damaged("its table of names is broken off");
    }

    private ulong Required(Tag tag) => Find(tag) ?? throw Damaged($"it has no dynamic entry {tag}");

    private ulong? Find(Tag tag)
    {
        foreach (var entry in _dynamic)
        {
            if (entry.Tag == tag)
            {
                return entry.Value;
            }
        }

        return null;
    }

    private uint ReadUInt32(ulong address)
    {
        Span<byte> value = stackalloc byte[4];
        Read(address, value);
        return UInt32(value, 0);
    }

    private ulong ReadUInt64(ulong address)
    {
        Span<byte> value = stackalloc byte[8];
        Read(address, value);
        return UInt64(value, 0);
    }

    private void Read(ulong address, Span<byte> bytes) => ReadAt(Offset(address, bytes.Length), bytes);

    /// <summary>Where in the file the bytes lie that the loader would put at an address.</summary>
    private long Offset(ulong address, int count)
    {
        foreach (var segment in _segments)
        {
            if (address >= segment.Address
                && address - segment.Address < segment.Size
                && (ulong)count <= segment.Size - (address - segment.Address))
            {
                return (long)(segment.Offset + (address - segment.Address));
            }
        }

        throw Damaged("its tables lead outside the file");
    }

    private void ReadAt(long offset, Span<byte> bytes)
    {
        _stream.Position = offset;
        if (_stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw Damaged("it became shorter while it was read");
        }
    }

    private InvalidDataException Damaged(string what) => new($"{_name} is damaged: {what}.");

    private enum Binding
    {
        Local = 0,
        Global = 1,
        Weak = 2,
        Unique = 10,
    }

    /// <summary>A part of the file and the address that it is loaded to.</summary>
    private sealed record Segment(ulong Offset, ulong Address, ulong Size);

    private sealed record SymbolHash(
        uint BucketCount, uint FirstSymbol, uint FilterWords, int FilterShift, ulong Filter, ulong Buckets, ulong Chains);

    private readonly record struct Symbol(uint Name, Binding Binding, bool IsVisible, ushort Section);
}

/// <summary>A symbol that a library leaves to others to define.</summary>
/// <param name="Name">As the compiler spells it.</param>
/// <param name="IsWeak">Whether the library does without it.</param>
/// <param name="HasVersion">Whether it is asked for under a version, as the symbols of the system's libraries are.</param>
internal readonly record struct UndefinedSymbol(string Name, bool IsWeak, bool HasVersion);

/// <summary>A version of another library's symbols that a library needs.</summary>
/// <param name="Library">The other library.</param>
/// <param name="Version">The version's name.</param>
/// <param name="FlagsOffset">Where in the file the 16 bits of its flags lie.</param>
internal readonly record struct VersionNeed(string Library, string Version, long FlagsOffset);
