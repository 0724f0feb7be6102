namespace CovidCt.Dicom.Codecs;

/// <summary>JPEG-LS, lossless and near-lossless, of one component with 2 to 16 bits (ITU-T T.87, annex A).</summary>
internal sealed class JpegLsCodec : IDicomCodec
{
    private const string Name = "JPEG-LS";

    /// <inheritdoc/>
    public bool Decodes(string transferSyntaxUid) => transferSyntaxUid is TransferSyntax.JpegLs or TransferSyntax.JpegLsNear;

    /// <inheritdoc/>
    public byte[] Decode(ReadOnlyMemory<byte> frame, DicomPixelFormat format)
    {
        var data = frame.Span;
        var header = JpegHeader.Read(Name, data, format, 0xF7);
        var (near, interleave, shift) = header.Scan;
        if (interleave != 0 || shift != 0 || header.Selectors != 0 || header.RestartInterval != 0)
        {
            throw Fault.InFrame(Name, header.ScanAt, "have interleaving, a mapping table, a point transform or restart intervals");
        }

        var parameters = JpegLsParameters.Of(header.Precision, near, header.Presets)
            ?? throw Fault.InFrame(Name, header.ScanAt, "have parameters out of their ranges");

        // A row takes a bit at least, and a bit stands for at most 2^15 pixels.
        if (data.Length * 8L < Math.Max(format.Height, ((long)format.Width * format.Height) >> 15))
        {
            throw Fault.InFrame(Name, data.Length, "end before the image does");
        }

        var pixels = new byte[format.FrameLength];
        var scan = new Scan(parameters, new(data, header.ScanAt), format.Width);
        for (var y = 0; y < format.Height; y++)
        {
            var row = scan.NextRow();
            for (var x = 0; x < row.Length; x++)
            {
                PixelBytes.Set(pixels, (y * row.Length) + x, format.BytesPerPixel, row[x]);
            }
        }

        return pixels;
    }

    /// <summary>What is known while a scan is read; names are those of T.87.</summary>
    private ref struct Scan
    {
        private const int Contexts = 365, LeastC = -128, MostC = 127;

        private readonly JpegLsParameters _p;
        private readonly int _width, _step;
        private readonly int[] _a = new int[Contexts + 2], _b = new int[Contexts], _c = new int[Contexts], _n = new int[Contexts + 2];
        private readonly int[] _negatives = new int[2];
        private JpegLsBits _bits;
        private int[] _above, _row; // Each with a pixel more on either side.
        private int _runIndex;

        public Scan(JpegLsParameters parameters, JpegLsBits bits, int width)
        {
            _bits = bits;
            (_p, _width, _step) = (parameters, width, (2 * parameters.Near) + 1);
            (_above, _row) = (new int[width + 2], new int[width + 2]);
            Array.Fill(_a, Math.Max(2, (parameters.Range + 32) / 64));
            Array.Fill(_n, 1);
        }

        private static ReadOnlySpan<byte> J =>
            [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15];

        public ReadOnlySpan<int> NextRow()
        {
            // Beyond the edges: above to the left of the first pixel, and the last one above to its right (section A.2.1).
            _above[_width + 1] = _above[_width];
            _row[0] = _above[1];
            for (var x = 1; x <= _width;)
            {
                var (ra, rb, rc, rd) = (_row[x - 1], _above[x], _above[x - 1], _above[x + 1]);
                var (d1, d2, d3) = (_p.Quantize(rd - rb), _p.Quantize(rb - rc), _p.Quantize(rc - ra));
                var context = (81 * d1) + (9 * d2) + d3;
                if (context == 0)
                {
                    x = ReadRun(x);
                    continue;
                }

                _row[x++] = ReadRegular(Math.Abs(context), context < 0 ? -1 : 1, Median(ra, rb, rc));
            }

            (_above, _row) = (_row, _above);
            return _above.AsSpan(1, _width);
        }

        private static int Median(int ra, int rb, int rc) =>
            rc >= Math.Max(ra, rb) ? Math.Min(ra, rb) : rc <= Math.Min(ra, rb) ? Math.Max(ra, rb) : ra + rb - rc;

        // Sections A.4 to A.6.
        private int ReadRegular(int q, int sign, int predicted)
        {
            predicted = Math.Clamp(predicted + (sign * _c[q]), 0, _p.MaxValue);
            var k = Golomb(_a[q], _n[q]);
            var mapped = Mapped(k, _p.Limit);
            var isTurned = _p.Near == 0 && k == 0 && 2 * _b[q] <= -_n[q];
            var error = (mapped & 1) == 0 ? mapped >> 1 : -((mapped + 1) >> 1);
            error = isTurned ? ~error : error;
            _b[q] += error * _step;
            _a[q] += Math.Abs(error);
            if (_n[q] == _p.Reset)
            {
                (_a[q], _b[q], _n[q]) = (_a[q] >> 1, _b[q] >> 1, _n[q] >> 1);
            }

            _n[q]++;
            Correct(q);
            return Reconstruct(predicted + (sign * error * _step));
        }

        private readonly void Correct(int q)
        {
            if (_b[q] <= -_n[q])
            {
                _b[q] = Math.Max(_b[q] + _n[q], 1 - _n[q]);
                _c[q] = Math.Max(_c[q] - 1, LeastC);
            }
            else if (_b[q] > 0)
            {
                _b[q] = Math.Min(_b[q] - _n[q], 0);
                _c[q] = Math.Min(_c[q] + 1, MostC);
            }
        }

        // Section A.7.
        private int ReadRun(int x)
        {
            var value = _row[x - 1];
            while (_bits.Take(1) == 1)
            {
                var whole = 1 << J[_runIndex];
                var count = Math.Min(whole, _width + 1 - x);
                _row.AsSpan(x, count).Fill(value);
                x += count;
                if (count == whole && _runIndex < 31)
                {
                    _runIndex++;
                }

                if (x > _width)
                {
                    return x;
                }
            }

            var rest = _bits.Take(J[_runIndex]);
            if (rest > _width - x)
            {
                throw _bits.Fault("have a run that is longer than what is left of the row");
            }

            _row.AsSpan(x, rest).Fill(value);
            x += rest;
            _row[x] = ReadInterruption(value, _above[x]);
            if (_runIndex > 0)
            {
                _runIndex--;
            }

            return x + 1;
        }

        private int ReadInterruption(int ra, int rb)
        {
            var type = Math.Abs(ra - rb) <= _p.Near ? 1 : 0;
            var q = Contexts + type;
            var k = Golomb(type == 0 ? _a[q] : _a[q] + (_n[q] >> 1), _n[q]);
            var mapped = Mapped(k, _p.Limit - J[_runIndex] - 1);
            var odd = (mapped + type) & 1;
            var size = (mapped + type + odd) >> 1;
            var isNegative = (k != 0 || 2 * _negatives[type] >= _n[q]) == (odd == 1);
            _negatives[type] += isNegative && size > 0 ? 1 : 0;
            _a[q] += (mapped + 1 - type) >> 1;
            if (_n[q] == _p.Reset)
            {
                (_a[q], _n[q], _negatives[type]) = (_a[q] >> 1, _n[q] >> 1, _negatives[type] >> 1);
            }

            _n[q]++;
            var error = (isNegative ? -size : size) * (type == 0 && ra > rb ? -1 : 1);
            return Reconstruct((type == 1 ? ra : rb) + (error * _step));
        }

        private int Mapped(int k, int limit)
        {
            var mapped = _bits.Golomb(k, limit, _p.RangeBits);
            return mapped <= 2 * _p.Range ? mapped : throw _bits.Fault("have an error that is larger than any");
        }

        private static int Golomb(int a, int n)
        {
            var k = 0;
            while ((long)n << k < a)
            {
                k++;
            }

            return k;
        }

        private readonly int Reconstruct(int value)
        {
            if (value < -_p.Near)
            {
                value += _p.Range * _step;
            }
            else if (value > _p.MaxValue + _p.Near)
            {
                value -= _p.Range * _step;
            }

            return Math.Clamp(value, 0, _p.MaxValue);
        }
    }
}
