using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CovidCt.Embedding;

/// <summary>The bandwidth of one point: the Gaussian whose conditional probabilities have the perplexity asked for.</summary>
/// <param name="Beta">β = 1 / 2σ², in units of the inverse squared distance.</param>
/// <param name="Shift">Such that p(j | i) = exp(Shift - β · d²).</param>
internal readonly record struct Bandwidth(double Beta, double Shift);

/// <summary>
/// The search for a bandwidth (van der Maaten and Hinton 2008, section 2), by Newton steps held in a bisection's bracket.
/// </summary>
internal static class BandwidthSearch
{
    private const double Tolerance = 1e-11;

    /// <summary>The bandwidth of a point with these squared distances to the others.</summary>
    /// <param name="squared">Squared distances without the point's own; overwritten.</param>
    /// <remarks>
    /// Where more points than the perplexity lie at the least distance, no bandwidth reaches it; the outcome then shares the
    /// probability among those.
    /// </remarks>
    public static Bandwidth Find(Span<double> squared, double perplexity)
    {
        var least = double.PositiveInfinity;
        var mean = 0.0;
        foreach (var value in squared)
        {
            least = Math.Min(least, value);
            mean += value / squared.Length;
        }

        for (var i = 0; i < squared.Length; i++)
        {
            squared[i] -= least;
        }

        mean -= least;
        var target = Math.Log(perplexity);
        var (low, high) = (0.0, double.PositiveInfinity);
        var beta = mean > 0 ? 1 / mean : 1;
        var sums = Moments(squared, beta);
        for (var step = 0; step < 200 && beta < 1e290; step++)
        {
            var first = sums.One / sums.Zero;
            var error = Math.Log(sums.Zero) + (beta * first) - target;
            if (Math.Abs(error) < Tolerance)
            {
                break;
            }

            (low, high) = error > 0 ? (beta, high) : (low, beta);
            var variance = (sums.Two / sums.Zero) - (first * first);
            var next = beta * Math.Exp(Math.Clamp(error / (beta * beta * variance), -3, 3));
            if (!(next > low && next < high))
            {
                next = double.IsPositiveInfinity(high) ? beta * 16 : (low + high) / 2;
            }

            if (next == beta)
            {
                break;
            }

            beta = next;
            sums = Moments(squared, beta);
        }

        return new(beta, (beta * least) - Math.Log(sums.Zero));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (double Zero, double One, double Two) Moments(ReadOnlySpan<double> squared, double beta)
    {
        var (zero, one, two) = (Vector512<double>.Zero, Vector512<double>.Zero, Vector512<double>.Zero);
        var scale = Vector512.Create(-beta);
        var vectors = MemoryMarshal.Cast<double, Vector512<double>>(squared);
        foreach (var d in vectors)
        {
            var e = Vector512.Exp(scale * d);
            zero += e;
            one += e * d;
            two += e * d * d;
        }

        var sums = (Zero: Vector512.Sum(zero), One: Vector512.Sum(one), Two: Vector512.Sum(two));
        foreach (var d in squared[(vectors.Length * Vector512<double>.Count)..])
        {
            var e = Math.Exp(-beta * d);
            sums = (sums.Zero + e, sums.One + (e * d), sums.Two + (e * d * d));
        }

        return sums;
    }
}
