using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CovidCt.Embedding;

/// <summary>
/// The gradient of new points among fixed ones. Each is on its own: its affinities sum to 1, and its repulsion is normalised by its own
/// kernels (Poličar,
/// Stražar and Zupan, "Embedding to reference t-SNE space addresses batch effects in single-cell classification", Machine Learning 2023,
/// 112).
/// </summary>
/// <param name="neighbours">Each new point's nearest reference points.</param>
/// <param name="probabilities">[M · k]: each new point's affinities to those.</param>
internal sealed class PlacementForces(
    Neighbours neighbours, double[] probabilities, float[] referenceX, float[] referenceY) : IForces<float>
{
    public void Gradient(float[] x, float[] y, double exaggeration, float[] gradientX, float[] gradientY) =>
        Workers.Run(x.Length, 16, (begin, end) =>
        {
            for (var i = begin; i < end; i++)
            {
                var (pushX, pushY, kernels) = Repulsion(x[i], y[i]);
                var (pullX, pullY) = (0.0, 0.0);
                for (var n = i * neighbours.PerRow; n < (i + 1) * neighbours.PerRow; n++)
                {
                    var (dx, dy) = (x[i] - (double)referenceX[neighbours.Indices[n]], y[i] - (double)referenceY[neighbours.Indices[n]]);
                    var strength = exaggeration * probabilities[n] / (1 + (dx * dx) + (dy * dy));
                    (pullX, pullY) = (pullX + (strength * dx), pullY + (strength * dy));
                }

                (gradientX[i], gradientY[i]) = ((float)(pullX - (pushX / kernels)), (float)(pullY - (pushY / kernels)));
            }
        });

    private (double X, double Y, double Kernels) Repulsion(float x, float y)
    {
        var (sumX, sumY, sum) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        var xs = MemoryMarshal.Cast<float, Vector512<float>>(referenceX.AsSpan());
        var ys = MemoryMarshal.Cast<float, Vector512<float>>(referenceY.AsSpan());
        for (var v = 0; v < xs.Length; v++)
        {
            var (dx, dy) = (Vector512.Create(x) - xs[v], Vector512.Create(y) - ys[v]);
            var kernel = Vector512<float>.One / ((dx * dx) + ((dy * dy) + Vector512<float>.One));
            sum += kernel;
            sumX += kernel * kernel * dx;
            sumY += kernel * kernel * dy;
        }

        var (pushX, pushY, kernels) = ((double)Vector512.Sum(sumX), (double)Vector512.Sum(sumY), (double)Vector512.Sum(sum));
        for (var j = xs.Length * Vector512<float>.Count; j < referenceX.Length; j++)
        {
            var (dx, dy) = (x - (double)referenceX[j], y - (double)referenceY[j]);
            var kernel = 1 / (1 + (dx * dx) + (dy * dy));
            (pushX, pushY, kernels) = (pushX + (kernel * kernel * dx), pushY + (kernel * kernel * dy), kernels + kernel);
        }

        return (pushX, pushY, kernels);
    }
}
