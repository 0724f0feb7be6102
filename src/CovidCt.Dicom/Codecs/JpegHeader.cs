using System.Buffers.Binary;

namespace CovidCt.Dicom.Codecs;

/// <summary>What stands before the compressed pixels of a JPEG or JPEG-LS image of one component (ITU-T T.81, annex B).</summary>
internal sealed class JpegHeader
{
    private const byte StartOfImage = 0xD8, EndOfImage = 0xD9, StartOfScan = 0xDA, Quantization = 0xDB, Restart = 0xDD, Comment = 0xFE;
    private const byte Huffman = 0xC4, LsPreset = 0xF8, ApplicationFirst = 0xE0, ApplicationLast = 0xEF;

    private readonly string _codec;
    private int _component = -1;

    private JpegHeader(string codec) => _codec = codec;

    /// <summary>The marker of the frame header, which says which process it is.</summary>
    public byte Process { get; private set; }

    /// <summary>Bits of a sample.</summary>
    public int Precision { get; private set; }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; private set; }

    /// <summary>Rows.</summary>
    public int Height { get; private set; }

    /// <summary>Which quantization table the component takes.</summary>
    public int QuantizationTable { get; private set; }

    /// <summary>Quantization tables, in zigzag order; null where there is none.</summary>
    public int[]?[] QuantizationTables { get; } = new int[]?[4];

    /// <summary>Huffman tables of DC coefficients and of differences.</summary>
    public JpegHuffmanTable?[] DcTables { get; } = new JpegHuffmanTable?[4];

    /// <summary>Huffman tables of AC coefficients.</summary>
    public JpegHuffmanTable?[] AcTables { get; } = new JpegHuffmanTable?[4];

    /// <summary>MCUs between two restart markers; 0 where there are none.</summary>
    public int RestartInterval { get; private set; }

    /// <summary>The scan's table selectors, as one byte; in JPEG-LS that of a mapping table.</summary>
    public byte Selectors { get; private set; }

    /// <summary>
    /// The scan's three last bytes: predictor or NEAR, interleave mode or end of the spectral selection, and point transform.
    /// </summary>
    public (byte First, byte Second, byte Third) Scan { get; private set; }

    /// <summary>JPEG-LS preset parameters MAXVAL, T1, T2, T3 and RESET; 0 stands for the default.</summary>
    public int[] Presets { get; private set; } = new int[5];

    /// <summary>Where the compressed pixels begin.</summary>
    public int ScanAt { get; private set; }

    /// <summary>Reads all up to the first scan.</summary>
    public static JpegHeader Read(string codec, ReadOnlySpan<byte> data, DicomPixelFormat format, params ReadOnlySpan<byte> processes)
    {
        var header = new JpegHeader(codec);
        header.Read(data, processes);
        if (header.Width != format.Width || header.Height != format.Height)
        {
            throw Fault.InFrame(codec, header.ScanAt, "have another width or height than the file says");
        }

        return header.Precision <= format.BitsAllocated
            ? header
            : throw Fault.InFrame(codec, header.ScanAt, "have more bits than Bits Allocated");
    }

    private void Read(ReadOnlySpan<byte> data, ReadOnlySpan<byte> processes)
    {
        if (data.Length < 4 || data[0] != 0xFF || data[1] != StartOfImage)
        {
            throw Fault.InFrame(_codec, 0, "do not begin with SOI");
        }

        for (var at = 2; ;)
        {
            while (at + 1 < data.Length && data[at] == 0xFF && data[at + 1] == 0xFF)
            {
                at++;
            }

            if (at + 4 > data.Length || data[at] != 0xFF)
            {
                throw Fault.InFrame(_codec, at, at + 4 > data.Length
                    ? "end before the image begins" : "have no marker where one should be");
            }

            var marker = data[at + 1];
            int length = BinaryPrimitives.ReadUInt16BigEndian(data[(at + 2)..]);
            if (marker == EndOfImage || length < 2 || at + 2 + length > data.Length)
            {
                throw Fault.InFrame(_codec, at, "are cut off before the image begins");
            }

            var segment = data.Slice(at + 4, length - 2);
            if (marker == StartOfScan)
            {
                ReadScan(segment, at);
                ScanAt = at + 2 + length;
                return;
            }

            ReadSegment(marker, segment, at, processes);
            at += 2 + length;
        }
    }

    private void ReadSegment(byte marker, ReadOnlySpan<byte> segment, int at, ReadOnlySpan<byte> processes)
    {
        switch (marker)
        {
            case Quantization:
                ReadQuantization(segment, at);
                break;
            case Huffman:
                ReadHuffman(segment, at);
                break;
            case Restart when segment.Length == 2:
                RestartInterval = BinaryPrimitives.ReadUInt16BigEndian(segment);
                break;
            case LsPreset:
                ReadPresets(segment, at);
                break;
            case Comment or (>= ApplicationFirst and <= ApplicationLast):
                break;
            case (>= 0xC0 and <= 0xCF) or 0xF7 when processes.Contains(marker):
                ReadFrame(marker, segment, at);
                break;
            default:
                throw Fault.InFrame(_codec, at, Fault.Text($"have the marker FF{marker:X2}, which the transfer syntax has no use for"));
        }
    }

    private void ReadFrame(byte marker, ReadOnlySpan<byte> segment, int at)
    {
        if (Process != 0 || segment.Length != 9 || segment[5] != 1 || segment[8] > 3)
        {
            throw Fault.InFrame(_codec, at, "have two frame headers, or one that is not of one component");
        }

        (Process, Precision, _component, QuantizationTable) = (marker, segment[0], segment[6], segment[8]);
        Height = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]);
        Width = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]);
        if (Precision is < 2 or > 16 || Width == 0 || Height == 0)
        {
            throw Fault.InFrame(_codec, at, "have no possible precision, width or height");
        }
    }

    private void ReadScan(ReadOnlySpan<byte> segment, int at)
    {
        if (Process == 0 || segment.Length != 6 || segment[0] != 1 || segment[1] != _component)
        {
            throw Fault.InFrame(_codec, at, "have a scan without a frame header, or one that is not of the one component");
        }

        (Selectors, Scan) = (segment[2], (segment[3], segment[4], segment[5]));
    }

    private void ReadQuantization(ReadOnlySpan<byte> segment, int at)
    {
        while (!segment.IsEmpty)
        {
            var (wide, table) = (segment[0] >> 4, segment[0] & 15);
            var length = 1 + (64 * (wide + 1));
            if (wide > 1 || table > 3 || segment.Length < length)
            {
                throw Fault.InFrame(_codec, at, "have a quantization table that is none");
            }

            var values = new int[64];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = wide == 0 ? segment[1 + i] : BinaryPrimitives.ReadUInt16BigEndian(segment[(1 + (2 * i))..]);
            }

            QuantizationTables[table] = values;
            segment = segment[length..];
        }
    }

    private void ReadHuffman(ReadOnlySpan<byte> segment, int at)
    {
        while (!segment.IsEmpty)
        {
            var (kind, table) = (segment[0] >> 4, segment[0] & 15);
            var count = 0;
            for (var i = 1; i <= 16 && i < segment.Length; i++)
            {
                count += segment[i];
            }

            if (kind > 1 || table > 3 || count > 256 || segment.Length < 17 + count
                || JpegHuffmanTable.Of(segment.Slice(1, 16), segment.Slice(17, count)) is not { } made)
            {
                throw Fault.InFrame(_codec, at, "have a Huffman table that is none");
            }

            (kind == 0 ? DcTables : AcTables)[table] = made;
            segment = segment[(17 + count)..];
        }
    }

    private void ReadPresets(ReadOnlySpan<byte> segment, int at)
    {
        if (segment.Length != 11 || segment[0] != 1)
        {
            throw Fault.InFrame(_codec, at, "have preset parameters of a kind that is not read");
        }

        for (var i = 0; i < Presets.Length; i++)
        {
            Presets[i] = BinaryPrimitives.ReadUInt16BigEndian(segment[(1 + (2 * i))..]);
        }
    }
}
