namespace CovidCt.Calibration;

/// <summary>Probabilities as log-odds, and back.</summary>
internal static class Logits
{
    // 1 - this is the double next to 1, so that logits are finite: at most 36.7 in size.
    private const double Edge = 1.0 / (1L << 53);

    /// <summary>log(p / (1 - p)); probabilities of 0 and 1 count as 2⁻⁵³ from there.</summary>
    public static double Of(double probability)
    {
        var inside = Math.Clamp(probability, Edge, 1 - Edge);
        return Math.Log(inside / (1 - inside));
    }

    /// <summary>The probability of a logit.</summary>
    public static double Sigmoid(double logit) =>
        logit >= 0 ? 1 / (1 + Math.Exp(-logit)) : Math.Exp(logit) / (1 + Math.Exp(logit));
}
