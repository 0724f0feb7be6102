using System.Numerics.Tensors;
using CovidCt.Answers;

namespace CovidCt.Onnx;

/// <summary>The features of a network's training images, which inputs are compared with, as <c>TrainingReference</c> does it.</summary>
/// <param name="Facts">How they were taken.</param>
/// <param name="Features">Row by row, each of length 1.</param>
/// <param name="Width">The length of a row.</param>
internal sealed record TrainingRows(TrainingRows.Taking Facts, float[] Features, int Width)
{
    /// <summary>How features were taken; what else is said of them is passed over.</summary>
    /// <param name="Neighbours">k: the distance is that to the k-th nearest row, from 1.</param>
    /// <param name="Threshold">The distance from which on an input is unlike the training images.</param>
    internal sealed record Taking(int Neighbours, double Threshold);

    /// <summary>How far an input is from the training images.</summary>
    /// <param name="features">The input's pooled features, of any length.</param>
    public TrainingDistance Measure(ReadOnlySpan<float> features)
    {
        var unit = new float[Width];
        TensorPrimitives.Divide(features, Math.Max(TensorPrimitives.Norm(features), 1e-12f), unit);
        var distances = new float[Features.Length / Width];
        for (var row = 0; row < distances.Length; row++)
        {
            distances[row] = TensorPrimitives.Distance(Features.AsSpan(row * Width, Width), unit);
        }

        Array.Sort(distances);
        return new(distances[Facts.Neighbours - 1], Facts.Threshold);
    }
}
