namespace CovidCt.Maps;

/// <summary>A class's probability while an image is changed pixel by pixel.</summary>
/// <param name="Shares">The changed share of the image's pixels, rising in [0, 1].</param>
/// <param name="Probabilities">The probability at each share.</param>
public sealed record PerturbationCurve(IReadOnlyList<double> Shares, IReadOnlyList<double> Probabilities)
{
    /// <summary>
    /// The area under the curve by the trapezoidal rule, divided by the width of what it spans: a mean probability.
    /// </summary>
    public double Area => Shares.Count == 1
        ? Probabilities[0]
        : Enumerable.Range(1, Shares.Count - 1)
            .Sum(i => (Shares[i] - Shares[i - 1]) * (Probabilities[i] + Probabilities[i - 1]) / 2) / (Shares[^1] - Shares[0]);
}
