namespace CovidCt.Statistics;

/// <summary>An area under the ROC curve and its standard error.</summary>
/// <param name="Auc">In [0, 1].</param>
/// <param name="StandardError">Null with fewer than two clusters of a class, or where the variance isn't above 0.</param>
/// <param name="Interval">The area ± z standard errors, cut off at 0 and 1; null where the error is.</param>
internal sealed record AucEstimate(double Auc, double? StandardError, Interval? Interval);
