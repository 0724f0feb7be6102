using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CovidCt.Embedding;

/// <summary>The gradient of the exact t-SNE, over all pairs of points.</summary>
/// <remarks>
/// For affinities p(ij), kernels k(ij) = 1 / (1 + |y(i) - y(j)|²) and Z = Σ k, the gradient is
/// Σ (e · p(ij) - k(ij) / Z) · k(ij) · (y(i) - y(j)), e the exaggeration: van der Maaten and Hinton 2008, equation 5, less its
/// factor 4. Each row's sums have one order, whatever the number of threads.
/// </remarks>
/// <param name="joint">Joint probabilities, [stride, stride], zero beyond the points.</param>
internal sealed class ExactForces<T>(T[] joint, int count) : IForces<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Lane = 16;

    // Far enough that a point here neither pulls nor pushes, near enough that its squared distance is finite.
    private static readonly T Nowhere = T.CreateChecked(1e15);

    private readonly int _stride = Stride(count);
    private readonly T[] _x = Padded(count);
    private readonly T[] _y = Padded(count);
    private readonly Row[] _rows = new Row[Stride(count)];

    /// <summary>The length of a padded row: whole vectors.</summary>
    public static int Stride(int count) => (count + Lane - 1) / Lane * Lane;

    public void Gradient(T[] x, T[] y, double exaggeration, T[] gradientX, T[] gradientY)
    {
        x.CopyTo(_x, 0);
        y.CopyTo(_y, 0);
        Workers.Run(_stride, 32, Pairs);
        var z = -(double)count;
        foreach (var row in _rows.AsSpan(0, count))
        {
            z += double.CreateTruncating(row.Kernels);
        }

        var (pull, push) = (T.CreateChecked(exaggeration), T.CreateChecked(1 / z));
        for (var i = 0; i < count; i++)
        {
            gradientX[i] = (pull * _rows[i].PullX) - (push * _rows[i].PushX);
            gradientY[i] = (pull * _rows[i].PullY) - (push * _rows[i].PushY);
        }
    }

    private static T[] Padded(int count)
    {
        var values = new T[Stride(count)];
        Array.Fill(values, Nowhere);
        return values;
    }

    /// <summary>Two rows at a time, so that each load of positions serves both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pairs(int begin, int end)
    {
        ref var x = ref MemoryMarshal.GetArrayDataReference(_x);
        ref var y = ref MemoryMarshal.GetArrayDataReference(_y);
        ref var p = ref MemoryMarshal.GetArrayDataReference(joint);
        var one = Vector512<T>.One;
        for (var i = begin; i < end; i += 2)
        {
            var (xa, ya) = (Vector512.Create(_x[i]), Vector512.Create(_y[i]));
            var (xb, yb) = (Vector512.Create(_x[i + 1]), Vector512.Create(_y[i + 1]));
            Vector512<T> kernelsA = default, pullXA = default, pullYA = default, pushXA = default, pushYA = default;
            Vector512<T> kernelsB = default, pullXB = default, pullYB = default, pushXB = default, pushYB = default;
            ref var pa = ref Unsafe.Add(ref p, (nint)i * _stride);
            ref var pb = ref Unsafe.Add(ref pa, _stride);
            for (var j = 0; j < _stride; j += Vector512<T>.Count)
            {
                var (xj, yj) = (Vector512.LoadUnsafe(ref x, (nuint)j), Vector512.LoadUnsafe(ref y, (nuint)j));

                var (dxA, dyA) = (xa - xj, ya - yj);
                var kA = one / ((dxA * dxA) + ((dyA * dyA) + one));
                kernelsA += kA;
                var attractA = kA * Vector512.LoadUnsafe(ref pa, (nuint)j);
                pullXA += attractA * dxA;
                pullYA += attractA * dyA;
                var repelA = kA * kA;
                pushXA += repelA * dxA;
                pushYA += repelA * dyA;

                var (dxB, dyB) = (xb - xj, yb - yj);
                var kB = one / ((dxB * dxB) + ((dyB * dyB) + one));
                kernelsB += kB;
                var attractB = kB * Vector512.LoadUnsafe(ref pb, (nuint)j);
                pullXB += attractB * dxB;
                pullYB += attractB * dyB;
                var repelB = kB * kB;
                pushXB += repelB * dxB;
                pushYB += repelB * dyB;
            }

            _rows[i] = new(Vector512.Sum(kernelsA), Vector512.Sum(pullXA), Vector512.Sum(pullYA), Vector512.Sum(pushXA), Vector512.Sum(pushYA));
            _rows[i + 1] = new(Vector512.Sum(kernelsB), Vector512.Sum(pullXB), Vector512.Sum(pullYB), Vector512.Sum(pushXB), Vector512.Sum(pushYB));
        }
    }

    private readonly record struct Row(T Kernels, T PullX, T PullY, T PushX, T PushY);
}
