using System.Buffers.Binary;
using System.Text;

namespace CovidCt.Models.Tests.Runtime;

/// <summary>A made-up ELF library of some hundred bytes: all tables that the loader reads, and no code.</summary>
internal sealed class SmallElf
{
    private const ulong Base = 0x10000; // Addresses and offsets in the file differ, as in real libraries.
    private const int HeaderSize = 64, SegmentSize = 56, SymbolSize = 24, Buckets = 3, FilterShift = 6;

    private readonly List<byte> _names = [0];

    public ushort Processor { get; init; } = 62;
    public string? OwnName { get; init; }
    public string[] Needed { get; init; } = [];
    public string[] Defined { get; init; } = [];
    public string[] Hidden { get; init; } = [];
    public string[] Undefined { get; init; } = [];
    public string[] WeakUndefined { get; init; } = [];
    public (string Symbol, string Library, string Version)[] Versioned { get; init; } = [];

    public byte[] ToBytes()
    {
        const byte global = 1 << 4, weak = 2 << 4, hidden = 2;
        const int external = 0, here = 7;
        (string Name, byte Info, byte Other, int Section, int Version)[] left =
        [
            ("", 0, 0, external, 0),
            .. Undefined.Select(name => (name, global, (byte)0, external, 1)),
            .. WeakUndefined.Select(name => (name, weak, (byte)0, external, 1)),
            .. Versioned.Select((need, i) => (need.Symbol, global, (byte)0, external, 2 + i)),
        ];
        (string Name, byte Info, byte Other, int Section, int Version)[] exported =
        [
            .. Defined.Select(name => (name, global, (byte)0, here, 1)).Concat(Hidden.Select(name => (name, global, hidden, here, 1)))
                .OrderBy(symbol => Hash(symbol.name) % Buckets),
        ];
        var symbols = Bytes(left.Concat(exported).SelectMany(symbol =>
            (IEnumerable<byte>)[.. UInt32(Name(symbol.Name)), symbol.Info, symbol.Other, .. UInt16(symbol.Section), .. UInt64(0x1234), .. UInt64(0)]));
        var versions = Bytes(left.Concat(exported).SelectMany(symbol => UInt16(symbol.Version)));
        var hash = HashTable([.. exported.Select(symbol => symbol.Name)], left.Length);
        var needs = VersionNeeds();
        List<(ulong Tag, ulong Value)> dynamic = [.. Needed.Select(name => (1ul, (ulong)Name(name)))];
        if (OwnName is not null)
        {
            dynamic.Add((14, (ulong)Name(OwnName)));
        }

        var at = (ulong)(HeaderSize + (2 * SegmentSize) + ((dynamic.Count + 6 + (Versioned.Length > 0 ? 1 : 0)) * 16));
        var parts = new List<byte>();
        Add(6, symbols);
        Add(0x6ffffff0, versions);
        Add(0x6ffffef5, hash);
        if (Versioned.Length > 0)
        {
            Add(0x6ffffffe, needs);
        }

        Add(5, [.. _names]);
        dynamic.Add((10, (ulong)_names.Count));
        dynamic.Add((0, 0));
        var entries = Bytes(dynamic.SelectMany(entry => UInt64(entry.Tag).Concat(UInt64(entry.Value))));
        var begin = (ulong)(HeaderSize + (2 * SegmentSize));
        var length = begin + (ulong)(entries.Length + parts.Count);
        return
        [
            0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, .. new byte[9],
            .. UInt16(3), .. UInt16(Processor), .. UInt32(1), .. UInt64(0), .. UInt64(HeaderSize), .. UInt64(0),
            .. UInt32(0), .. UInt16(HeaderSize), .. UInt16(SegmentSize), .. UInt16(2), .. UInt16(0), .. UInt16(0), .. UInt16(0),
            .. Segment(1, 0, length), .. Segment(2, begin, (ulong)entries.Length),
            .. entries, .. parts,
        ];

        void Add(ulong tag, byte[] part)
        {
            dynamic.Add((tag, Base + at));
            parts.AddRange(part);
            at += (ulong)part.Length;
        }
    }

    private static byte[] HashTable(string[] exported, int first)
    {
        var filter = exported.Aggregate(0ul, (bits, name) => bits | (1ul << (int)(Hash(name) % 64)) | (1ul << (int)((Hash(name) >> FilterShift) % 64)));
        var buckets = Enumerable.Range(0, Buckets).Select(bucket => Array.FindIndex(exported, name => Hash(name) % Buckets == bucket) is >= 0 and var i ? first + i : 0);
        var chains = exported.Select((name, i) => (Hash(name) & ~1u) | (i + 1 == exported.Length || Hash(exported[i + 1]) % Buckets != Hash(name) % Buckets ? 1u : 0));
        return
        [
            .. UInt32(Buckets), .. UInt32(first), .. UInt32(1), .. UInt32(FilterShift), .. UInt64(filter),
            .. buckets.SelectMany(bucket => UInt32(bucket)), .. chains.SelectMany(chain => UInt32(chain)),
        ];
    }

    private byte[] VersionNeeds() => Bytes(Versioned.SelectMany((need, i) => (IEnumerable<byte>)
    [
        .. UInt16(1), .. UInt16(1), .. UInt32(Name(need.Library)), .. UInt32(16), .. UInt32(i + 1 < Versioned.Length ? 32 : 0),
        .. UInt32(0), .. UInt16(0), .. UInt16(2 + i), .. UInt32(Name(need.Version)), .. UInt32(0),
    ]));

    private static IEnumerable<byte> Segment(uint type, ulong offset, ulong size) =>
        [.. UInt32(type), .. UInt32(4), .. UInt64(offset), .. UInt64(Base + offset), .. UInt64(Base + offset), .. UInt64(size), .. UInt64(size), .. UInt64(8)];

    private static uint Hash(string name) => Encoding.UTF8.GetBytes(name).Aggregate(5381u, (hash, character) => (hash * 33) + character);

    private long Name(string name)
    {
        if (name.Length == 0)
        {
            return 0;
        }

        _names.AddRange([.. Encoding.UTF8.GetBytes(name), 0]);
        return _names.Count - Encoding.UTF8.GetByteCount(name) - 1;
    }

    private static byte[] Bytes(IEnumerable<byte> bytes) => [.. bytes];

    private static byte[] UInt16(int value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)value);
        return bytes;
    }

    private static byte[] UInt32(long value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)value);
        return bytes;
    }

    private static byte[] UInt64(ulong value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes;
    }
}
