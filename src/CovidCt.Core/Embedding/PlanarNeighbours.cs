using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CovidCt.Embedding;

/// <summary>Nearest neighbours in the plane, exactly.</summary>
internal static class PlanarNeighbours
{
    /// <returns>[N · k]: each point's neighbours, the nearest first, itself left out.</returns>
    public static int[] Search(double[] x, double[] y, int neighbours, CancellationToken cancellationToken)
    {
        var found = new int[x.Length * neighbours];
        Workers.Run(x.Length, 16, (begin, end) =>
        {
            var nearest = new Nearest<double>(neighbours);
            var distances = new double[x.Length];
            for (var i = begin; i < end; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var xs = Vectors(x);
                var ys = Vectors(y);
                var results = Vectors(distances);
                for (var v = 0; v < xs.Length; v++)
                {
                    var (dx, dy) = (xs[v] - Vector512.Create(x[i]), ys[v] - Vector512.Create(y[i]));
                    results[v] = (dx * dx) + (dy * dy);
                }

                for (var j = xs.Length * Vector512<double>.Count; j < x.Length; j++)
                {
                    distances[j] = ((x[j] - x[i]) * (x[j] - x[i])) + ((y[j] - y[i]) * (y[j] - y[i]));
                }

                nearest.Select(distances, i).CopyTo(found.AsSpan(i * neighbours));
            }
        }, cancellationToken);
        return found;
    }

    private static Span<Vector512<double>> Vectors(double[] values) => MemoryMarshal.Cast<double, Vector512<double>>(values.AsSpan());
}
