using static TorchSharp.torch;

namespace CovidCt.Embedding;

/// <summary>The gradient of t-SNE with affinities between nearest neighbours and interpolated repulsion: time grows with the number of points.</summary>
internal sealed class InterpolatedForces(SparseAffinities affinities, Device device) : IForces<float>, IDisposable
{
    private readonly float[] _values = Array.ConvertAll(affinities.Values, value => (float)value);
    private readonly float[] _positions = new float[2 * affinities.Count];
    private readonly InterpolatedRepulsion _repulsion = new(device);

    public void Gradient(float[] x, float[] y, double exaggeration, float[] gradientX, float[] gradientY)
    {
        x.CopyTo(_positions, 0);
        y.CopyTo(_positions, x.Length);
        using var scope = NewDisposeScope();
        var (push, z) = _repulsion.Compute(tensor(_positions, [2, x.Length], device: device));
        var pushes = push.cpu().contiguous().data<float>().ToArray();
        var (pull, factor) = ((float)exaggeration, (float)(1 / z));
        Workers.Run(x.Length, 256, (begin, end) =>
        {
            for (var i = begin; i < end; i++)
            {
                var (pullX, pullY) = Attraction(x[i], y[i], i, x, y);
                gradientX[i] = (pull * pullX) - (factor * pushes[i]);
                gradientY[i] = (pull * pullY) - (factor * pushes[x.Length + i]);
            }
        });
    }

    public void Dispose() => _repulsion.Dispose();

    /// <summary>Σ p(ij) · k(ij) · (y(i) - y(j)).</summary>
    private (float X, float Y) Attraction(float xi, float yi, int i, float[] x, float[] y)
    {
        var (pullX, pullY, end) = (0f, 0f, affinities.Starts[i + 1]);
        var columns = affinities.Columns.AsSpan(0, end);
        var values = _values.AsSpan(0, end);
        for (var e = affinities.Starts[i]; e < end; e++)
        {
            var (dx, dy) = (xi - x[columns[e]], yi - y[columns[e]]);
            var strength = values[e] / (1 + (dx * dx) + (dy * dy));
            pullX += strength * dx;
            pullY += strength * dy;
        }

        return (pullX, pullY);
    }
}
