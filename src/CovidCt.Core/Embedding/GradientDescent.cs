using System.Runtime.CompilerServices;

namespace CovidCt.Embedding;

/// <summary>Gradient descent with momentum and a gain for every coordinate (Jacobs 1988, as van der Maaten's code has it).</summary>
internal sealed class GradientDescent(int count)
{
    private readonly float[] _gradientX = new float[count];
    private readonly float[] _gradientY = new float[count];
    private readonly float[] _stepX = new float[count];
    private readonly float[] _stepY = new float[count];
    private readonly float[] _gainX = Ones(count);
    private readonly float[] _gainY = Ones(count);

    /// <summary>One step; afterwards, if <paramref name="centre"/>, the mean is the origin.</summary>
    /// <param name="maxGradient">The greatest length of a point's gradient.</param>
    /// <param name="maxStep">The greatest length of a point's step.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Step(
        IForces<float> forces, float[] x, float[] y, double exaggeration, double rate, double momentum,
        double maxStep = double.PositiveInfinity, double maxGradient = double.PositiveInfinity, bool centre = true)
    {
        forces.Gradient(x, y, exaggeration, _gradientX, _gradientY);
        var (eta, mu, stepLimit, gradientLimit) = ((float)rate, (float)momentum, (float)maxStep, (float)maxGradient);
        var (sumX, sumY) = (0.0, 0.0);
        for (var i = 0; i < x.Length; i++)
        {
            var (gx, gy) = Shortened(_gradientX[i], _gradientY[i], gradientLimit);
            _gainX[i] = Gain(_gainX[i], _stepX[i], gx);
            _gainY[i] = Gain(_gainY[i], _stepY[i], gy);
            (_stepX[i], _stepY[i]) = Shortened(
                (mu * _stepX[i]) - (eta * _gainX[i] * gx), (mu * _stepY[i]) - (eta * _gainY[i] * gy), stepLimit);
            x[i] += _stepX[i];
            y[i] += _stepY[i];
            sumX += x[i];
            sumY += y[i];
        }

        if (centre)
        {
            var (meanX, meanY) = ((float)(sumX / x.Length), (float)(sumY / x.Length));
            for (var i = 0; i < x.Length; i++)
            {
                x[i] -= meanX;
                y[i] -= meanY;
            }
        }
    }

    /// <summary>Grows while a coordinate keeps going downhill, shrinks where it overshot.</summary>
    private static float Gain(float gain, float step, float gradient) =>
        float.Sign(step) == float.Sign(gradient) ? (gain * 0.8f) + 0.01f : gain + 0.2f;

    private static (float X, float Y) Shortened(float x, float y, float limit)
    {
        var norm = MathF.Sqrt((x * x) + (y * y));
        return norm > limit ? (x * (limit / norm), y * (limit / norm)) : (x, y);
    }

    private static float[] Ones(int count)
    {
        var ones = new float[count];
        Array.Fill(ones, 1);
        return ones;
    }
}
