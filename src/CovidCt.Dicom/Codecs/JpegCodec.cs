namespace CovidCt.Dicom.Codecs;

/// <summary>
/// JPEG Baseline (process 1) and Extended (processes 2 and 4), sequential with Huffman codes, of one component with 8 or 12 bits (ITU-T
/// T.81,
/// annex F).
/// </summary>
/// <remarks>
/// The inverse cosine transform is that of section A.3.3 in double precision, rounded half up, so that a value is off by at most one from
/// those of decoders in whole numbers.
/// </remarks>
internal sealed class JpegCodec : IDicomCodec
{
    private const string Name = "JPEG";

    // A block of 64 pixels takes two bits at least.
    private const int MostPixelsPerByte = 256;

    private static readonly byte[] ZigZag =
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
    ];

    // [x, u]: C(u) / 2 · cos((2x + 1) u π / 16).
    private static readonly double[] Cosines =
    [
        .. from x in Enumerable.Range(0, 8)
           from u in Enumerable.Range(0, 8)
           select (u == 0 ? Math.Sqrt(0.125) : 0.5) * Math.Cos(((2 * x) + 1) * u * Math.PI / 16),
    ];

    /// <inheritdoc/>
    public bool Decodes(string transferSyntaxUid) => transferSyntaxUid is TransferSyntax.JpegBaseline or TransferSyntax.JpegExtended;

    /// <inheritdoc/>
    public byte[] Decode(ReadOnlyMemory<byte> frame, DicomPixelFormat format)
    {
        var data = frame.Span;
        var header = JpegHeader.Read(Name, data, format, 0xC0, 0xC1);
        if (header.Precision is not (8 or 12) || header.QuantizationTables[header.QuantizationTable] is not { } quantization
            || header.DcTables[(header.Selectors >> 4) & 3] is not { } dc || header.AcTables[header.Selectors & 3] is not { } ac)
        {
            throw Fault.InFrame(Name, header.ScanAt, "have neither 8 nor 12 bits, or lack a table");
        }

        if ((long)data.Length * MostPixelsPerByte < (long)format.Width * format.Height)
        {
            throw Fault.InFrame(Name, data.Length, "end before the image does");
        }

        var pixels = new byte[format.FrameLength];
        var bits = new JpegBits(Name, data, header.ScanAt);
        Span<int> coefficients = stackalloc int[64];
        Span<int> samples = stackalloc int[64];
        var (columns, rows) = ((format.Width + 7) / 8, (format.Height + 7) / 8);
        var predicted = 0;
        for (var block = 0; block < columns * rows; block++)
        {
            if (header.RestartInterval > 0 && block > 0 && block % header.RestartInterval == 0)
            {
                bits.Restart((block / header.RestartInterval) - 1);
                predicted = 0;
            }

            predicted = ReadBlock(ref bits, dc, ac, quantization, predicted, coefficients);
            Transform(coefficients, header.Precision, samples);
            Store(samples, pixels, format, 8 * (block % columns), 8 * (block / columns));
        }

        return pixels;
    }

    private static int ReadBlock(
        ref JpegBits bits, JpegHuffmanTable dc, JpegHuffmanTable ac, int[] quantization, int predicted, scoped Span<int> coefficients)
    {
        coefficients.Clear();
        var size = dc.Decode(ref bits);
        if (size > 15)
        {
            throw bits.Fault("have a difference of more than 15 bits");
        }

        predicted = (short)(predicted + bits.Extended(size));
        coefficients[0] = predicted * quantization[0];
        for (var i = 1; i < 64; i++)
        {
            var code = ac.Decode(ref bits);
            var (run, bitCount) = (code >> 4, code & 15);
            if (bitCount == 0)
            {
                if (run != 15)
                {
                    break;
                }

                i += 15;
                continue;
            }

            i += run;
            if (i > 63)
            {
                throw bits.Fault("have a block of more than 64 coefficients");
            }

            coefficients[ZigZag[i]] = bits.Extended(bitCount) * quantization[i];
        }

        return predicted;
    }

    private static void Transform(ReadOnlySpan<int> coefficients, int precision, Span<int> samples)
    {
        Span<double> rows = stackalloc double[64];
        for (var v = 0; v < 8; v++)
        {
            var row = coefficients.Slice(8 * v, 8);
            for (var x = 0; x < 8; x++)
            {
                var sum = 0.0;
                for (var u = 0; u < 8; u++)
                {
                    sum += Cosines[(8 * x) + u] * row[u];
                }

                rows[(8 * v) + x] = sum;
            }
        }

        var (centre, most) = (1 << (precision - 1), (1 << precision) - 1);
        for (var y = 0; y < 8; y++)
        {
            for (var x = 0; x < 8; x++)
            {
                var sum = 0.0;
                for (var v = 0; v < 8; v++)
                {
                    sum += Cosines[(8 * y) + v] * rows[(8 * v) + x];
                }

                samples[(8 * y) + x] = (int)Math.Clamp(Math.Floor(sum + centre + 0.5), 0, most);
            }
        }
    }

    private static void Store(ReadOnlySpan<int> samples, byte[] pixels, DicomPixelFormat format, int left, int top)
    {
        for (var y = 0; y < 8 && top + y < format.Height; y++)
        {
            for (var x = 0; x < 8 && left + x < format.Width; x++)
            {
                PixelBytes.Set(pixels, ((top + y) * format.Width) + left + x, format.BytesPerPixel, samples[(8 * y) + x]);
            }
        }
    }
}
