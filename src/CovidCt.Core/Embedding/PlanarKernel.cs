using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CovidCt.Embedding;

/// <summary>Student's kernel of t-SNE, k = 1 / (1 + d²).</summary>
internal static class PlanarKernel
{
    /// <summary>The sum over all ordered pairs of different points, exactly: the normalisation Z.</summary>
    public static double Sum(double[] x, double[] y, CancellationToken cancellationToken)
    {
        var sums = new double[x.Length];
        Workers.Run(x.Length, 16, (begin, end) =>
        {
            for (var i = begin; i < end; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                sums[i] = Row(x, y, i);
            }
        }, cancellationToken);
        return sums.Sum();
    }

    private static double Row(double[] x, double[] y, int i)
    {
        var (ownX, ownY, sums) = (Vector512.Create(x[i]), Vector512.Create(y[i]), Vector512<double>.Zero);
        var xs = MemoryMarshal.Cast<double, Vector512<double>>(x.AsSpan());
        var ys = MemoryMarshal.Cast<double, Vector512<double>>(y.AsSpan());
        for (var v = 0; v < xs.Length; v++)
        {
            var (dx, dy) = (xs[v] - ownX, ys[v] - ownY);
            sums += Vector512<double>.One / ((dx * dx) + ((dy * dy) + Vector512<double>.One));
        }

        var sum = Vector512.Sum(sums) - 1;
        for (var j = xs.Length * Vector512<double>.Count; j < x.Length; j++)
        {
            sum += 1 / (1 + ((x[i] - x[j]) * (x[i] - x[j])) + ((y[i] - y[j]) * (y[i] - y[j])));
        }

        return sum;
    }
}
