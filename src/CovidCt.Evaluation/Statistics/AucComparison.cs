namespace CovidCt.Statistics;

/// <summary>Two areas under ROC curves on the same images.</summary>
/// <param name="First">The first area.</param>
/// <param name="Second">The second area.</param>
/// <param name="Covariance">Of the two areas; null with fewer than two clusters of a class.</param>
/// <param name="StandardError">
/// Of the difference; null with fewer than two clusters of a class, or where the variance isn't above 0.
/// </param>
/// <param name="Z">Difference / error; null where the error is.</param>
/// <param name="PValue">
/// Two-sided, of the normal distribution. Where the error is null: 1 if the areas are the same, else null.
/// </param>
/// <param name="Interval">The difference ± z standard errors; null where the error is.</param>
internal sealed record AucComparison(
    double First, double Second, double? Covariance, double? StandardError, double? Z, double? PValue, Interval? Interval)
{
    /// <summary>First less second, in [-1, 1].</summary>
    public double Difference => First - Second;
}
