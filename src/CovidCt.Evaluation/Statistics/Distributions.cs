using MathNet.Numerics.Distributions;

namespace CovidCt.Statistics;

/// <summary>The two distributions that intervals and tests are made of.</summary>
internal static class Distributions
{
    /// <summary>P(Z ≤ x) of a standard normal Z.</summary>
    public static double NormalCdf(double x) => Normal.CDF(0, 1, x);

    /// <summary>The x with P(Z ≤ x) = p; p in (0, 1).</summary>
    public static double NormalQuantile(double p) => Normal.InvCDF(0, 1, p);

    /// <summary>The z with P(|Z| ≤ z) = level.</summary>
    public static double TwoSidedNormal(double level) => NormalQuantile(0.5 + level / 2);

    /// <summary>P(|Z| ≥ |z|).</summary>
    public static double TwoSidedNormalP(double z) => Math.Min(1, 2 * NormalCdf(-Math.Abs(z)));

    /// <summary>The t with P(|T| ≤ t) = level, T of Student's distribution; the degrees of freedom need not be whole.</summary>
    public static double TwoSidedStudent(double level, double degreesOfFreedom)
    {
        var p = 0.5 - level / 2;
        var t = StudentT.InvCDF(0, 1, degreesOfFreedom, p);

        // The library's root search stops at 1e-8; two steps of Newton's bring the last digits.
        for (var step = 0; step < 2; step++)
        {
            t -= (StudentT.CDF(0, 1, degreesOfFreedom, t) - p) / StudentT.PDF(0, 1, degreesOfFreedom, t);
        }

        return -t;
    }

    /// <summary>P(|T| ≥ |t|), T of Student's distribution.</summary>
    public static double TwoSidedStudentP(double t, double degreesOfFreedom) =>
        Math.Min(1, 2 * StudentT.CDF(0, 1, degreesOfFreedom, -Math.Abs(t)));

    /// <summary>
    /// The q-quantile of ascending values, linear between the order statistics: Hyndman and Fan's definition 7, "Sample
    /// quantiles in statistical packages", The American Statistician 1996, 50(4), which is NumPy's default.
    /// </summary>
    public static double Quantile(ReadOnlySpan<double> ascending, double q)
    {
        var position = Math.Clamp(q, 0, 1) * (ascending.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, ascending.Length - 1);
        return ascending[below] + (position - below) * (ascending[above] - ascending[below]);
    }
}
