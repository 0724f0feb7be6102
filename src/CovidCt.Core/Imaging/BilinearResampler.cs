using System.Buffers;
using System.Numerics;
using CovidCt.Models;

namespace CovidCt.Imaging;

/// <summary>
/// Antialiased bilinear resampling: a triangle filter, stretched by the factor where the image gets smaller, applied to
/// columns and then to rows.
/// </summary>
/// <remarks>
/// Centres and weights are those of PyTorch's <c>_upsample_bilinear2d_aa</c>, which follows Pillow's resize but keeps the
/// intermediate result in single precision.
/// </remarks>
internal static class BilinearResampler
{
    /// <summary>Resamples <paramref name="image"/> to <paramref name="size"/> into rows that lie <paramref name="stride"/> apart.</summary>
    public static void Resample(GrayImage image, ImageSize size, Span<byte> target, int stride)
    {
        var vertical = new Taps(image.Height, size.Height);
        var horizontal = new Taps(image.Width, size.Width);
        var width = image.Width;
        var kept = Math.Min(vertical.Most, image.Height);
        var buffer = ArrayPool<float>.Shared.Rent(checked((kept + 1) * width));
        try
        {
            // As many rows as one output row draws on are kept as floats; the next takes the place of the oldest.
            var sum = buffer.AsSpan(kept * width, width);
            var widened = 0;
            for (var y = 0; y < size.Height; y++)
            {
                var weights = vertical.Weights(y);
                var first = vertical.First(y);
                for (widened = Math.Max(widened, first); widened < first + weights.Length; widened++)
                {
                    Widen(image.Pixels.AsSpan(widened * width, width), buffer.AsSpan(widened % kept * width, width));
                }

                sum.Clear();
                for (var tap = 0; tap < weights.Length; tap++)
                {
                    AddScaled(buffer.AsSpan((first + tap) % kept * width, width), weights[tap], sum);
                }

                Narrow(sum, horizontal, target.Slice(y * stride, size.Width));
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }

    private static void Widen(ReadOnlySpan<byte> bytes, Span<float> floats)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            floats[i] = bytes[i];
        }
    }

    private static void AddScaled(ReadOnlySpan<float> row, float weight, Span<float> sum)
    {
        var x = 0;
        for (var w = new Vector<float>(weight); x <= row.Length - Vector<float>.Count; x += Vector<float>.Count)
        {
            (new Vector<float>(sum[x..]) + (w * new Vector<float>(row[x..]))).CopyTo(sum[x..]);
        }

        for (; x < row.Length; x++)
        {
            sum[x] += weight * row[x];
        }
    }

    private static void Narrow(ReadOnlySpan<float> line, Taps taps, Span<byte> target)
    {
        for (var x = 0; x < target.Length; x++)
        {
            var weights = taps.Weights(x);
            var pixels = line.Slice(taps.First(x), weights.Length);
            var sum = 0f;
            for (var tap = 0; tap < weights.Length; tap++)
            {
                sum += weights[tap] * pixels[tap];
            }

            // Half to even, as torch.round.
            target[x] = (byte)Math.Clamp(MathF.Round(sum), 0, 255);
        }
    }

    /// <summary>For every pixel of one output side, the input pixels it draws on and their weights, which sum to 1.</summary>
    private sealed class Taps
    {
        private readonly (int First, int Count)[] _ranges;
        private readonly float[] _weights;

        public Taps(int input, int output)
        {
            // In single precision as PyTorch, so that fewer pixels end on the other side of a half.
            var scale = (float)input / output;
            var support = Math.Max(scale, 1f);
            Most = (2 * (int)MathF.Ceiling(support)) + 1;
            _ranges = new (int, int)[output];
            _weights = new float[checked(output * Most)];
            for (var i = 0; i < output; i++)
            {
                var centre = scale * (i + 0.5f);
                var first = Math.Max((int)(centre - support + 0.5f), 0);
                var count = Math.Min((int)(centre + support + 0.5f), input) - first;
                _ranges[i] = (first, count);
                var weights = _weights.AsSpan(i * Most, count);
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

        /// <summary>The most input pixels that any output pixel draws on.</summary>
        public int Most { get; }

        public int First(int i) => _ranges[i].First;

        public ReadOnlySpan<float> Weights(int i) => _weights.AsSpan(i * Most, _ranges[i].Count);
    }
}
