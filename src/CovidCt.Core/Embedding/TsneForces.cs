using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CovidCt.Embedding;

/// <summary>The gradient of t-SNE: attraction along the affinities, and repulsion between all points.</summary>
/// <remarks>
/// For affinities p(ij), kernels k(ij) = 1 / (1 + |y(i) - y(j)|²) and Z = Σ k, the gradient is
/// Σ (e · p(ij) - k(ij) / Z) · k(ij) · (y(i) - y(j)), e the exaggeration: van der Maaten and Hinton 2008, equation 5, less its
/// factor 4. Each point's sums have one order, whatever the number of threads.
/// </remarks>
internal sealed class TsneForces<T>(SparseAffinities affinities, IRepulsion<T> repulsion) : IForces<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly T[] _values = Array.ConvertAll(affinities.Values, T.CreateTruncating);

    public void Gradient(T[] x, T[] y, double exaggeration, T[] gradientX, T[] gradientY)
    {
        var z = repulsion.Compute(x, y, gradientX, gradientY);
        var (pull, push) = (T.CreateTruncating(exaggeration), T.CreateTruncating(1 / z));
        Workers.Run(x.Length, 128, (begin, end) =>
        {
            for (var i = begin; i < end; i++)
            {
                var (pullX, pullY) = Attraction(i, x, y);
                gradientX[i] = (pull * pullX) - (push * gradientX[i]);
                gradientY[i] = (pull * pullY) - (push * gradientY[i]);
            }
        });
    }

    /// <summary>Σ p(ij) · k(ij) · (y(i) - y(j)).</summary>
    private (T X, T Y) Attraction(int i, T[] x, T[] y)
    {
        var (begin, length) = (affinities.Starts[i], affinities.Starts[i + 1] - affinities.Starts[i]);
        var columns = affinities.Columns.AsSpan(begin, length);
        var values = _values.AsSpan(begin, length);
        if (typeof(T) == typeof(float) && Avx2.IsSupported)
        {
            var pull = Gathered(
                float.CreateTruncating(x[i]),
                float.CreateTruncating(y[i]),
                columns,
                MemoryMarshal.Cast<T, float>(values), MemoryMarshal.Cast<T, float>(x), MemoryMarshal.Cast<T, float>(y));
            return (T.CreateTruncating(pull.X), T.CreateTruncating(pull.Y));
        }

        var (xi, yi, pullX, pullY) = (x[i], y[i], T.Zero, T.Zero);
        for (var e = 0; e < columns.Length; e++)
        {
            var (dx, dy) = (xi - x[columns[e]], yi - y[columns[e]]);
            var strength = values[e] / (T.One + (dx * dx) + (dy * dy));
            pullX += strength * dx;
            pullY += strength * dy;
        }

        return (pullX, pullY);
    }

    /// <summary>The same, eight neighbours at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe (float X, float Y) Gathered(
        float xi, float yi, ReadOnlySpan<int> columns, ReadOnlySpan<float> values, ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        var (pullX, pullY) = (Vector256<float>.Zero, Vector256<float>.Zero);
        var whole = columns.Length / Vector256<int>.Count * Vector256<int>.Count;
        fixed (float* xs = x, ys = y)
        {
            for (var e = 0; e < whole; e += Vector256<int>.Count)
            {
                var column = Vector256.Create(columns[e..]);
                var dx = Vector256.Create(xi) - Avx2.GatherVector256(xs, column, sizeof(float));
                var dy = Vector256.Create(yi) - Avx2.GatherVector256(ys, column, sizeof(float));
                var strength = Vector256.Create(values[e..]) / ((dx * dx) + ((dy * dy) + Vector256<float>.One));
                pullX += strength * dx;
                pullY += strength * dy;
            }
        }

        var (sumX, sumY) = (Vector256.Sum(pullX), Vector256.Sum(pullY));
        for (var e = whole; e < columns.Length; e++)
        {
            var (dx, dy) = (xi - x[columns[e]], yi - y[columns[e]]);
            var strength = values[e] / (1 + (dx * dx) + (dy * dy));
            (sumX, sumY) = (sumX + (strength * dx), sumY + (strength * dy));
        }

        return (sumX, sumY);
    }
}
