using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CovidCt.Imaging;

/// <summary>
/// Antialiased bilinear resampling: a triangle filter, stretched by the factor where the image gets smaller, applied to
/// columns and then to rows.
/// </summary>
/// <remarks>
/// Centres and weights are those of PyTorch's <c>_upsample_bilinear2d_aa</c>, which follows Pillow's resize but keeps the
/// intermediate result in single precision. Eight output rows are made at once, and each sum is made term by term in the order
/// of the input, so that vectors of any width, and none, give the same bits.
/// </remarks>
internal static class BilinearResampler
{
    private const int Lanes = 8;

    /// <summary>Resamples <paramref name="image"/> to <paramref name="size"/> into rows that lie <paramref name="stride"/> apart.</summary>
    public static void Resample(GrayImage image, ImageSize size, Span<byte> target, int stride)
    {
        var vertical = new Taps(image.Height, size.Height);
        var horizontal = new Taps(image.Width, size.Width);
        var buffer = ArrayPool<float>.Shared.Rent(checked(image.Width * Lanes));
        try
        {
            var sums = buffer.AsSpan(0, image.Width * Lanes);
            for (var y = 0; y < size.Height; y += Lanes)
            {
                AddColumns(image, vertical, y, Math.Min(Lanes, size.Height - y), sums);
                AddRows(sums, horizontal, target[(y * stride)..], stride, size.Width, Math.Min(Lanes, size.Height - y));
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }

    /// <summary>Of output rows from <paramref name="y"/> on, each column's sum: all rows' sums of a column lie together.</summary>
    private static void AddColumns(GrayImage image, Taps taps, int y, int rows, Span<float> sums)
    {
        var width = image.Width;
        var x = 0;
        Span<Vector256<float>> block = stackalloc Vector256<float>[Lanes];
        for (; x <= width - Lanes; x += Lanes)
        {
            for (var row = 0; row < rows; row++)
            {
                var weights = taps.Weights(y + row);
                var at = (taps.First(y + row) * width) + x;
                var sum = Vector256<float>.Zero;
                for (var tap = 0; tap < weights.Length; tap++, at += width)
                {
                    sum += Vector256.Create(weights[tap]) * Widen(image.Pixels, at);
                }

                block[row] = sum;
            }

            Transpose(block, sums.Slice(x * Lanes, Lanes * Lanes));
        }

        for (; x < width; x++)
        {
            for (var row = 0; row < rows; row++)
            {
                var weights = taps.Weights(y + row);
                var at = (taps.First(y + row) * width) + x;
                var sum = 0f;
                for (var tap = 0; tap < weights.Length; tap++, at += width)
                {
                    sum += weights[tap] * image.Pixels[at];
                }

                sums[(x * Lanes) + row] = sum;
            }
        }
    }

    private static Vector256<float> Widen(byte[] pixels, int at)
    {
        var eight = Vector128.CreateScalar(MemoryMarshal.Read<ulong>(pixels.AsSpan(at))).AsByte();
        if (Avx2.IsSupported)
        {
            return Avx.ConvertToVector256Single(Avx2.ConvertToVector256Int32(eight));
        }

        var wide = Vector128.WidenLower(eight);
        return Vector256.ConvertToSingle(Vector256.Create(Vector128.WidenLower(wide), Vector128.WidenUpper(wide)).AsInt32());
    }

    private static void Transpose(ReadOnlySpan<Vector256<float>> rows, Span<float> columns)
    {
        if (!Avx.IsSupported)
        {
            var values = MemoryMarshal.Cast<Vector256<float>, float>(rows);
            for (var i = 0; i < columns.Length; i++)
            {
                columns[i] = values[(i % Lanes * Lanes) + (i / Lanes)];
            }

            return;
        }

        // Pairs, then fours, then halves change places.
        var (a, b, c, d) = (
            Avx.UnpackLow(rows[0], rows[1]),
            Avx.UnpackHigh(rows[0], rows[1]),
            Avx.UnpackLow(rows[2], rows[3]),
            Avx.UnpackHigh(rows[2], rows[3]));
        var (e, f, g, h) = (
            Avx.UnpackLow(rows[4], rows[5]),
            Avx.UnpackHigh(rows[4], rows[5]),
            Avx.UnpackLow(rows[6], rows[7]),
            Avx.UnpackHigh(rows[6], rows[7]));
        var (ac, ca, bd, db) = (Avx.Shuffle(a, c, 0x44), Avx.Shuffle(a, c, 0xEE), Avx.Shuffle(b, d, 0x44), Avx.Shuffle(b, d, 0xEE));
        var (eg, ge, fh, hf) = (Avx.Shuffle(e, g, 0x44), Avx.Shuffle(e, g, 0xEE), Avx.Shuffle(f, h, 0x44), Avx.Shuffle(f, h, 0xEE));
        Avx.Permute2x128(ac, eg, 0x20).CopyTo(columns);
        Avx.Permute2x128(ca, ge, 0x20).CopyTo(columns[8..]);
        Avx.Permute2x128(bd, fh, 0x20).CopyTo(columns[16..]);
        Avx.Permute2x128(db, hf, 0x20).CopyTo(columns[24..]);
        Avx.Permute2x128(ac, eg, 0x31).CopyTo(columns[32..]);
        Avx.Permute2x128(ca, ge, 0x31).CopyTo(columns[40..]);
        Avx.Permute2x128(bd, fh, 0x31).CopyTo(columns[48..]);
        Avx.Permute2x128(db, hf, 0x31).CopyTo(columns[56..]);
    }

    private static void AddRows(ReadOnlySpan<float> sums, Taps taps, Span<byte> target, int stride, int width, int rows)
    {
        for (var x = 0; x < width; x++)
        {
            var weights = taps.Weights(x);
            var columns = MemoryMarshal.Cast<float, Vector256<float>>(sums).Slice(taps.First(x), weights.Length);
            var sum = Vector256<float>.Zero;
            for (var tap = 0; tap < weights.Length; tap++)
            {
                sum += Vector256.Create(weights[tap]) * columns[tap];
            }

            // Half to even, as torch.round.
            var levels = Vector256.ConvertToInt32(
                Vector256.Min(Vector256.Max(Vector256.Round(sum), Vector256<float>.Zero), Vector256.Create(255f)));
            var bytes = Vector128.Narrow(
                Vector128.Narrow(levels.GetLower().AsUInt32(), levels.GetUpper().AsUInt32()), Vector128<ushort>.Zero).AsUInt64().ToScalar();
            for (var row = 0; row < rows; row++, bytes >>= 8)
            {
                target[(row * stride) + x] = (byte)bytes;
            }
        }
    }

    /// <summary>For every pixel of one output side, the input pixels it draws on and their weights, which sum to 1.</summary>
    private sealed class Taps
    {
        private readonly (int First, int Count)[] _ranges;
        private readonly float[] _weights;
        private readonly int _most;

        public Taps(int input, int output)
        {
            // In single precision as PyTorch, so that fewer pixels end on the other side of a half.
            var scale = (float)input / output;
            var support = Math.Max(scale, 1f);
            _most = (2 * (int)MathF.Ceiling(support)) + 1;
            _ranges = new (int, int)[output];
            _weights = new float[checked(output * _most)];
            for (var i = 0; i < output; i++)
            {
                var centre = scale * (i + 0.5f);
                var first = Math.Max((int)(centre - support + 0.5f), 0);
                var count = Math.Min((int)(centre + support + 0.5f), input) - first;
                _ranges[i] = (first, count);
                var weights = _weights.AsSpan(i * _most, count);
                var total = 0f;
                for (var tap = 0; tap < count; tap++)
                {
                    weights[tap] = Math.Max(0f, 1f - Math.Abs((first + tap - centre + 0.5f) / support));
                    total += weights[tap];
                }

                for (var tap = 0; tap < count; tap++)
                {
                    weights[tap] /= total;
                }
            }
        }

        public int First(int i) => _ranges[i].First;

        public ReadOnlySpan<float> Weights(int i) => _weights.AsSpan(i * _most, _ranges[i].Count);
    }
}
