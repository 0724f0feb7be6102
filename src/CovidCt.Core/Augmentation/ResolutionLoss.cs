using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace CovidCt.Augmentation;

/// <summary>What an image loses by being sampled down and up again.</summary>
internal static class ResolutionLoss
{
    /// <summary>Samples an image down, to means of areas, and up again, bilinearly, in place.</summary>
    /// <param name="canvas">Gray values, row by row.</param>
    /// <param name="width">The canvas's.</param>
    /// <param name="image">Where the image lies; the rest is neither seen nor changed.</param>
    /// <param name="factor">Of its sides, from 0.25 to 1.</param>
    public static void Apply(Span<float> canvas, int width, PixelRectangle image, double factor)
    {
        var (columns, rows) = (Shrunk(image.Width, factor), Shrunk(image.Height, factor));
        var buffer = ArrayPool<float>.Shared.Rent((image.Width * rows * 2) + (columns * rows));
        var down = buffer.AsSpan(0, image.Width * rows);
        var small = buffer.AsSpan(down.Length, columns * rows);
        var wide = buffer.AsSpan(down.Length + small.Length, image.Width * rows);
        var inside = canvas[((image.Top * width) + image.Left)..];

        Columns(Taps.Down(image.Height, rows), inside, width, down, image.Width, image.Width);
        Rows(Taps.Down(image.Width, columns), down, image.Width, small, columns);
        Rows(Taps.Up(columns, image.Width), small, columns, wide, image.Width);
        Columns(Taps.Up(rows, image.Height), wide, image.Width, inside, width, image.Width);
        ArrayPool<float>.Shared.Return(buffer);
    }

    /// <summary>How many pixels a side becomes.</summary>
    public static int Shrunk(int length, double factor) => Math.Max(1, (int)Math.Round(length * factor));

    /// <summary>Sums along columns, a row of vectors at a time.</summary>
    private static void Columns(Taps taps, ReadOnlySpan<float> from, int fromStride, Span<float> to, int toStride, int width)
    {
        for (var y = 0; y < taps.Starts.Length; y++)
        {
            var row = to.Slice(y * toStride, width);
            row.Clear();
            for (var i = 0; i < taps.Count; i++)
            {
                Add(row, from.Slice((taps.Starts[y] + i) * fromStride, width), taps.Weights[(y * taps.Count) + i]);
            }
        }
    }

    /// <summary>Sums along each row.</summary>
    private static void Rows(Taps taps, ReadOnlySpan<float> from, int fromStride, Span<float> to, int toStride)
    {
        for (var (source, target) = (0, 0); target + toStride <= to.Length; source += fromStride, target += toStride)
        {
            for (var x = 0; x < toStride; x++)
            {
                var values = from.Slice(source + taps.Starts[x], taps.Count);
                var weights = taps.Weights.AsSpan(x * taps.Count, taps.Count);
                var sum = 0f;
                for (var i = 0; i < values.Length; i++)
                {
                    sum += values[i] * weights[i];
                }

                to[target + x] = sum;
            }
        }
    }

    private static void Add(Span<float> sum, ReadOnlySpan<float> row, float weight)
    {
        var sums = MemoryMarshal.Cast<float, Vector<float>>(sum);
        var values = MemoryMarshal.Cast<float, Vector<float>>(row);
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] += values[i] * weight;
        }

        for (var i = sums.Length * Vector<float>.Count; i < sum.Length; i++)
        {
            sum[i] += row[i] * weight;
        }
    }

    /// <summary>What each pixel of one axis is made of: as many neighbours each, from a start on, with weights that sum to 1.</summary>
    private sealed record Taps(int Count, int[] Starts, float[] Weights)
    {
        /// <summary>Of <paramref name="length"/> pixels, means over <paramref name="small"/> equal parts.</summary>
        public static Taps Down(int length, int small)
        {
            var size = (double)length / small;
            return Make(length, small, (int)Math.Ceiling(size) + 1, i => (int)(i * size), (i, place) =>
                Math.Max(0, Math.Min((i + 1) * size, place + 1) - Math.Max(i * size, place)) / size);
        }

        /// <summary>Of <paramref name="small"/> pixels <paramref name="length"/>, by straight lines between their middles.</summary>
        public static Taps Up(int small, int length)
        {
            return Make(small, length, 2, i => (int)Place(i), (i, place) => Math.Max(0, 1 - Math.Abs(Place(i) - place)));

            double Place(int i) => Math.Clamp(((i + 0.5) * small / length) - 0.5, 0, small - 1);
        }

        private static Taps Make(int from, int to, int most, Func<int, int> start, Func<int, int, double> weight)
        {
            var count = Math.Min(most, from);
            int[] starts = [.. Enumerable.Range(0, to).Select(i => Math.Min(start(i), from - count))];
            return new(count, starts, [.. Enumerable.Range(0, to * count).Select(Weight)]);

            float Weight(int i) => (float)weight(i / count, starts[i / count] + (i % count));
        }
    }
}
