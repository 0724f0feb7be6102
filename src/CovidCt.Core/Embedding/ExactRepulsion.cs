using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CovidCt.Embedding;

/// <summary>The repulsion between every pair of points: time grows with N², memory with N.</summary>
internal sealed class ExactRepulsion<T>(int count) : IRepulsion<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Lane = 16;

    // Far enough that a point here pushes none, near enough that its squared distance is finite.
    private static readonly T Nowhere = T.CreateChecked(1e15);

    private readonly int _stride = (count + Lane - 1) / Lane * Lane;
    private readonly T[] _x = Padded(count);
    private readonly T[] _y = Padded(count);
    private readonly T[] _kernels = Padded(count);
    private readonly T[] _pushX = Padded(count);
    private readonly T[] _pushY = Padded(count);

    public double Compute(T[] x, T[] y, T[] pushX, T[] pushY)
    {
        x.CopyTo(_x, 0);
        y.CopyTo(_y, 0);
        Workers.Run(_stride, 32, Pairs);
        _pushX.AsSpan(0, count).CopyTo(pushX);
        _pushY.AsSpan(0, count).CopyTo(pushY);

        // Each point's sum holds its kernel with itself, 1.
        var z = -(double)count;
        foreach (var kernels in _kernels.AsSpan(0, count))
        {
            z += double.CreateTruncating(kernels);
        }

        return z;
    }

    public void Dispose()
    {
    }

    private static T[] Padded(int count)
    {
        var values = new T[(count + Lane - 1) / Lane * Lane];
        Array.Fill(values, Nowhere);
        return values;
    }

    /// <summary>Two points at a time, so that each load of positions serves both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pairs(int begin, int end)
    {
        ref var x = ref MemoryMarshal.GetArrayDataReference(_x);
        ref var y = ref MemoryMarshal.GetArrayDataReference(_y);
        var one = Vector512<T>.One;
        for (var i = begin; i < end; i += 2)
        {
            var (xa, ya) = (Vector512.Create(_x[i]), Vector512.Create(_y[i]));
            var (xb, yb) = (Vector512.Create(_x[i + 1]), Vector512.Create(_y[i + 1]));
            Vector512<T> kernelsA = default, pushXA = default, pushYA = default;
            Vector512<T> kernelsB = default, pushXB = default, pushYB = default;
            for (var j = 0; j < _stride; j += Vector512<T>.Count)
            {
                var (xj, yj) = (Vector512.LoadUnsafe(ref x, (nuint)j), Vector512.LoadUnsafe(ref y, (nuint)j));

                var (dxA, dyA) = (xa - xj, ya - yj);
                var kA = one / ((dxA * dxA) + ((dyA * dyA) + one));
                kernelsA += kA;
                var repelA = kA * kA;
                pushXA += repelA * dxA;
                pushYA += repelA * dyA;

                var (dxB, dyB) = (xb - xj, yb - yj);
                var kB = one / ((dxB * dxB) + ((dyB * dyB) + one));
                kernelsB += kB;
                var repelB = kB * kB;
                pushXB += repelB * dxB;
                pushYB += repelB * dyB;
            }

            (_kernels[i], _pushX[i], _pushY[i]) = (Vector512.Sum(kernelsA), Vector512.Sum(pushXA), Vector512.Sum(pushYA));
            (_kernels[i + 1], _pushX[i + 1], _pushY[i + 1]) = (Vector512.Sum(kernelsB), Vector512.Sum(pushXB), Vector512.Sum(pushYB));
        }
    }
}
