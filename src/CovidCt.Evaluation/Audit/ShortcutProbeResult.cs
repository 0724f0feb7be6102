using CovidCt.Data;
using CovidCt.Statistics;

namespace CovidCt.Audit;

/// <summary>How well the classes can be told apart by what is not anatomy.</summary>
/// <param name="GroupBy">What the folds keep together.</param>
/// <param name="Folds">Their number; fewer than asked for where a class is small.</param>
/// <param name="Chance">The accuracy of always saying the largest class.</param>
/// <param name="BalancedChance">The balanced accuracy of any guess: one over the number of classes.</param>
/// <param name="All">All features together.</param>
/// <param name="Groups">Each group of features alone, in the order <c>file</c>, <c>geometry</c>, <c>gray</c>.</param>
/// <param name="Features">Each feature alone, the one that gives most away first; none where they weren't asked.</param>
public sealed record ShortcutProbeResult(
    GroupBy GroupBy,
    int Folds,
    double Chance,
    double BalancedChance,
    ShortcutProbeResult.Score All,
    IReadOnlyList<ShortcutProbeResult.Score> Groups,
    IReadOnlyList<ShortcutProbeResult.Score> Features)
{
    /// <summary>How well one set of features tells the classes apart on images that it was not fitted to.</summary>
    /// <param name="Name">The feature, the group, or <c>all</c>.</param>
    /// <param name="Accuracy">Share of the images told rightly.</param>
    /// <param name="AccuracyInterval">Its 95 % interval by Wilson's score, at the effective number of images.</param>
    /// <param name="BalancedAccuracy">The mean of the classes' shares.</param>
    /// <param name="BalancedInterval">Its 95 % interval by Wilson's score, at the effective number of images.</param>
    /// <param name="Auc">The area under the ROC curve of the positive class against all others; null where there is but one.</param>
    public sealed record Score(
        string Name, double Accuracy, Interval AccuracyInterval, double BalancedAccuracy, Interval BalancedInterval, double? Auc);
}
