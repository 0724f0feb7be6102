using System.Buffers.Binary;
using System.IO.Compression;

namespace CovidCt.Imaging;

/// <summary>
/// A PNG of 16 bits a sample, read by itself, since Skia gives the high byte alone: Portable Network Graphics, 2nd edition (W3C and
/// ISO/IEC 15948, 2003). What is whole and undamaged is left to Skia to say, which reads the file first.
/// </summary>
internal sealed class DeepPng
{
    private const int BitDepthAt = 24, ColourTypeAt = 25, InterlaceAt = 28, HeaderEnd = 33, AlphaFlag = 4, ColourFlag = 2;

    private static readonly int[] Depths = [8, 10, 12, 14, 16];

    // Of Adam7, in the order of its passes: the first column and row, and the steps to the next ones.
    private static readonly (int X, int Y, int StepX, int StepY)[] Passes =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    private readonly int _width, _height, _channels, _colours;
    private readonly bool _interlaced;
    private readonly byte[] _compressed;
    private bool _isScaled = true;

    private DeepPng(ReadOnlySpan<byte> file)
    {
        (_width, _height) = (BinaryPrimitives.ReadInt32BigEndian(file[16..]), BinaryPrimitives.ReadInt32BigEndian(file[20..]));
        _colours = (file[ColourTypeAt] & ColourFlag) != 0 ? 3 : 1;
        _channels = _colours + ((file[ColourTypeAt] & AlphaFlag) != 0 ? 1 : 0);
        _interlaced = file[InterlaceAt] == 1;
        using var compressed = new MemoryStream(file.Length);
        foreach (var (name, content) in new Chunks(file))
        {
            if (name.SequenceEqual("IDAT"u8))
            {
                compressed.Write(content);
            }
            else if (name.SequenceEqual("sBIT"u8) && content.Length >= _colours)
            {
                Stated = content[.._colours].ToArray().Max() is > 0 and <= 16 and var bits ? bits : null;
            }
        }

        _compressed = compressed.ToArray();
        Measure();
    }

    /// <summary>How many of the 16 bits are significant, as the file's sBIT chunk says; null without one that can be.</summary>
    public int? Stated { get; }

    /// <summary>The largest sample of gray or colour.</summary>
    public int Largest { get; private set; }

    /// <summary>
    /// The width of the range that the samples come from, as the file states it; null where it doesn't. A file that follows the standard
    /// has its samples scaled up to 16 bits, by shifting or repeating their bits, whatever it states; others, many of medical images
    /// among them, have them as they were.
    /// </summary>
    public int? StatedRange => Stated is not { } bits ? null : bits < 16 && Largest < 1 << bits && !_isScaled ? bits : 16;

    private readonly record struct Row(int Y, int Left, int Step);

    private delegate void RowReader(Row row, ReadOnlySpan<byte> samples);

    /// <summary>Whether a file is such a PNG.</summary>
    /// <param name="head">Its first 33 bytes or more.</param>
    public static bool Is(ReadOnlySpan<byte> head) =>
        head.Length >= HeaderEnd && ImageSignature.Format(head) == "PNG" && head[12..].StartsWith("IHDR"u8) && head[BitDepthAt] == 16;

    /// <summary>Reads a file that Skia has read.</summary>
    /// <exception cref="ImageRejectedException">Its pixels can't be read.</exception>
    public static DeepPng Read(ReadOnlySpan<byte> file) => new(file);

    /// <summary>The fewest of 8, 10, 12, 14 and 16 bits that hold a value.</summary>
    /// <param name="value">In 0…65535.</param>
    public static int FewestBits(int value) => Depths.First(bits => value < 1 << bits);

    /// <summary>The image in 8 bits: of a sample of so many bits the eight highest; values beyond them are white.</summary>
    /// <param name="bits">1 to 16.</param>
    public GrayImage ToGray(int bits)
    {
        var pixels = new byte[_width * _height];
        ForEachRow((row, samples) =>
        {
            var x = row.Left;
            for (var at = 0; at < samples.Length; at += 2 * _channels, x += row.Step)
            {
                pixels[(row.Y * _width) + x] = _colours == 1
                    ? Of(samples, at, bits)
                    : Luma.Of(Of(samples, at, bits), Of(samples, at + 2, bits), Of(samples, at + 4, bits));
            }
        });
        return new(_width, _height, pixels);
    }

    private static byte Of(ReadOnlySpan<byte> samples, int at, int bits)
    {
        var value = BinaryPrimitives.ReadUInt16BigEndian(samples[at..]);
        return (byte)Math.Min(byte.MaxValue, bits >= 8 ? value >> (bits - 8) : value * byte.MaxValue / ((1 << bits) - 1));
    }

    private void Measure() => ForEachRow((_, samples) =>
    {
        for (var at = 0; at < samples.Length; at += 2 * _channels)
        {
            for (var colour = 0; colour < _colours; colour++)
            {
                var value = BinaryPrimitives.ReadUInt16BigEndian(samples[(at + (2 * colour))..]);
                Largest = Math.Max(Largest, value);
                _isScaled &= Stated is not { } bits || IsScaled(value, bits);
            }
        }
    });

    /// <summary>Whether 16 bits are so many ones scaled up: followed by zeros, or by themselves again.</summary>
    private static bool IsScaled(int value, int bits)
    {
        var high = value >> (16 - bits);
        var repeated = 0;
        for (var shift = 16 - bits; shift > -bits; shift -= bits)
        {
            repeated |= shift >= 0 ? high << shift : high >> -shift;
        }

        return value == repeated || value == high << (16 - bits);
    }

    private void ForEachRow(RowReader read)
    {
        try
        {
            using var data = new ZLibStream(new MemoryStream(_compressed), CompressionMode.Decompress);
            foreach (var (left, top, stepX, stepY) in _interlaced ? Passes : [(0, 0, 1, 1)])
            {
                var columns = (_width - left + stepX - 1) / stepX;
                if (columns > 0)
                {
                    ReadPass(data, columns, (left, top, stepX, stepY), read);
                }
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new ImageRejectedException("The PNG data are damaged or cut off.");
        }
    }

    private void ReadPass(ZLibStream data, int columns, (int Left, int Top, int StepX, int StepY) pass, RowReader read)
    {
        var pixel = 2 * _channels;
        var (above, row) = (new byte[columns * pixel], new byte[columns * pixel]);
        Span<byte> filter = stackalloc byte[1];
        for (var y = pass.Top; y < _height; y += pass.StepY)
        {
            data.ReadExactly(filter);
            data.ReadExactly(row);
            Unfilter(filter[0], row, above, pixel);
            read(new(y, pass.Left, pass.StepX), row);
            (above, row) = (row, above);
        }
    }

    private static void Unfilter(byte filter, Span<byte> row, ReadOnlySpan<byte> above, int pixel)
    {
        for (var i = 0; i < row.Length && filter > 0; i++)
        {
            var left = i >= pixel ? row[i - pixel] : 0;
            var aboveLeft = i >= pixel ? above[i - pixel] : 0;
            row[i] += (byte)(filter switch
            {
                1 => left,
                2 => above[i],
                3 => (left + above[i]) / 2,
                4 => Paeth(left, above[i], aboveLeft),
                _ => throw new InvalidDataException($"There is no filter {filter}."),
            });
        }
    }

    private static int Paeth(int left, int above, int aboveLeft)
    {
        var estimate = left + above - aboveLeft;
        var (a, b, c) = (Math.Abs(estimate - left), Math.Abs(estimate - above), Math.Abs(estimate - aboveLeft));
        return a <= b && a <= c ? left : b <= c ? above : aboveLeft;
    }

    /// <summary>The chunks of a file, as far as they are whole.</summary>
    private ref struct Chunks(ReadOnlySpan<byte> file)
    {
        private ReadOnlySpan<byte> _rest = file[8..];

        public readonly Chunks GetEnumerator() => this;

        public Chunk Current { get; private set; }

        public bool MoveNext()
        {
            if (_rest.Length < 12 || BinaryPrimitives.ReadUInt32BigEndian(_rest) is var length && length > _rest.Length - 12)
            {
                return false;
            }

            Current = new(_rest.Slice(4, 4), _rest.Slice(8, (int)length));
            _rest = _rest[(12 + (int)length)..];
            return true;
        }
    }

    private readonly ref struct Chunk(ReadOnlySpan<byte> name, ReadOnlySpan<byte> content)
    {
        private readonly ReadOnlySpan<byte> _name = name, _content = content;

        public void Deconstruct(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> content)
        {
            name = _name;
            content = _content;
        }
    }
}
