namespace CovidCt.Dicom.Codecs;

/// <summary>
/// JPEG Lossless (process 14) with Huffman codes and any of the seven predictors, of one component with 2 to 16 bits (ITU-T T.81, annex
/// H).
/// </summary>
internal sealed class JpegLosslessCodec : IDicomCodec
{
    private const string Name = "JPEG Lossless";

    // A pixel takes a bit at least.
    private const int MostPixelsPerByte = 8;

    /// <inheritdoc/>
    public bool Decodes(string transferSyntaxUid) => transferSyntaxUid is TransferSyntax.JpegLossless or TransferSyntax.JpegLosslessFirst;

    /// <inheritdoc/>
    public byte[] Decode(ReadOnlyMemory<byte> frame, DicomPixelFormat format)
    {
        var data = frame.Span;
        var header = JpegHeader.Read(Name, data, format, 0xC3);
        var (predictor, _, last) = header.Scan;
        var shift = last & 15;
        if (predictor is < 1 or > 7 || shift >= header.Precision || header.DcTables[(header.Selectors >> 4) & 3] is not { } table)
        {
            throw Fault.InFrame(Name, header.ScanAt, "have no possible predictor or point transform, or lack a table");
        }

        if (header.RestartInterval % format.Width != 0)
        {
            throw Fault.InFrame(Name, header.ScanAt, "have a restart interval that is not of whole rows");
        }

        if ((long)data.Length * MostPixelsPerByte < (long)format.Width * format.Height)
        {
            throw Fault.InFrame(Name, data.Length, "end before the image does");
        }

        var pixels = new byte[format.FrameLength];
        var bits = new JpegBits(Name, data, header.ScanAt);
        var first = 1 << (header.Precision - shift - 1);
        var (above, row) = (new int[format.Width], new int[format.Width]);
        var rowsBetweenRestarts = header.RestartInterval / format.Width;
        for (var y = 0; y < format.Height; y++)
        {
            var isFirst = y == 0;
            if (rowsBetweenRestarts > 0 && y > 0 && y % rowsBetweenRestarts == 0)
            {
                bits.Restart((y / rowsBetweenRestarts) - 1);
                isFirst = true;
            }

            // The first row knows its left neighbour alone, and the first column of others what is above (section H.1.1).
            var prediction = isFirst ? first : above[0];
            for (var x = 0; x < row.Length; x++)
            {
                if (x > 0)
                {
                    prediction = isFirst ? row[x - 1] : Predict(predictor, row[x - 1], above[x], above[x - 1]);
                }

                row[x] = (prediction + Difference(ref bits, table)) & 0xFFFF;
                PixelBytes.Set(pixels, (y * row.Length) + x, format.BytesPerPixel, row[x] << shift);
            }

            (above, row) = (row, above);
        }

        return pixels;
    }

    private static int Difference(ref JpegBits bits, JpegHuffmanTable table)
    {
        var size = table.Decode(ref bits);
        return size switch
        {
            < 16 => bits.Extended(size),
            16 => 1 << 15,
            _ => throw bits.Fault("have a difference of more than 16 bits"),
        };
    }

    // Table H.1, with the arithmetic shift that section H.1.2.1 asks for.
    private static int Predict(int predictor, int left, int above, int aboveLeft) => predictor switch
    {
        1 => left,
        2 => above,
        3 => aboveLeft,
        4 => left + above - aboveLeft,
        5 => left + ((above - aboveLeft) >> 1),
        6 => above + ((left - aboveLeft) >> 1),
        _ => (left + above) >> 1,
    };
}
