using CovidCt.Statistics;

namespace CovidCt.Audit;

/// <summary>How well one set of features tells the classes apart on images that it was not fitted to.</summary>
/// <param name="Name">The feature, the group, or <c>all</c>.</param>
/// <param name="Accuracy">Share of the images told rightly.</param>
/// <param name="AccuracyInterval">Its 95 % interval by Wilson's score, at the effective number of images.</param>
/// <param name="BalancedAccuracy">The mean of the classes' shares.</param>
/// <param name="BalancedInterval">Its 95 % interval by Wilson's score, at the effective number of images.</param>
/// <param name="Auc">The area under the ROC curve of the positive class against all others; null where there is but one.</param>
public sealed record ProbeScore(
    string Name, double Accuracy, Interval AccuracyInterval, double BalancedAccuracy, Interval BalancedInterval, double? Auc);
