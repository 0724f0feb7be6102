using CovidCt.Data;
using CovidCt.Recipes;
using CovidCt.Statistics;

namespace CovidCt.Records;

/// <summary>One control on one network's features.</summary>
/// <param name="Kind">What was given.</param>
/// <param name="Folds">How the folds were drawn: by image or by patient.</param>
/// <param name="Classifier">What was asked.</param>
/// <param name="Auc">
/// Area under the ROC curve, mean over the folds where it is defined; of random labels over all draws too. Null where it is
/// defined in none.
/// </param>
/// <param name="Interval">
/// Its 95 % interval: of random labels what the middle 95 % of the draws reached, else by bootstrap over patients.
/// </param>
/// <param name="Accuracy">The share of images called rightly, mean over the folds; of random labels over all draws too.</param>
public sealed record ControlResult(
    ControlKind Kind, GroupBy Folds, ControlClassifier Classifier, double? Auc, Interval? Interval, double? Accuracy)
{
    /// <summary>The area that a classifier has which knows nothing.</summary>
    public const double Chance = 0.5;

    /// <summary>
    /// Whether a control is no better than chance: its interval does not lie above it. Null of the real data, and where there is no
    /// interval.
    /// </summary>
    public bool? IsClean => Kind == ControlKind.Real || Interval is null ? null : Interval.Low <= Chance;
}
