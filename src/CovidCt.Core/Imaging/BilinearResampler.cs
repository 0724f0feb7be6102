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
        var buffer = ArrayPool<float>.Shared.Rent(checked((image.Height * width) + width));
        try
        {
            var source = buffer.AsSpan(0, image.Height * width);
            var line = buffer.AsSpan(source.Length, width);
            Widen(image.Pixels, source);
            for (var y = 0; y < size.Height; y++)
            {
                line.Clear();
                var weights = vertical.Weights(y);
                for (var tap = 0; tap < weights.Length; tap++)
                {
                    AddScaled(source.Slice((vertical.First(y) + tap) * width, width), weights[tap], line);
                }

                Narrow(line, horizontal, target.Slice(y * stride, size.Width));
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
        private readonly int _most;

        public Taps(int input, int output)
        {
            var scale = (float)input / output;
            var support = Math.Max(scale, 1f);
            _most = (2 * (int)MathF.Ceiling(support)) + 1;
            _ranges = new (int, int)[output];
            _weights = new float[output * _most];
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
