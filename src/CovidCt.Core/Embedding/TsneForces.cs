using System.Numerics;

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
}
