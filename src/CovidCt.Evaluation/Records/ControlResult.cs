using System.Text.Json.Serialization;
using CovidCt.Data;
using CovidCt.Recipes;
using CovidCt.Statistics;

namespace CovidCt.Records;

/// <summary>One control on one network's features.</summary>
/// <param name="Kind">What was given.</param>
/// <param name="Folds">How the folds were drawn.</param>
/// <param name="Classifier">What was asked.</param>
/// <param name="Auc">
/// Area under the ROC curve, mean over the folds where it is defined; over all drawings of folds too, and of random labels over all
/// draws. Null where it is defined in none.
/// </param>
/// <param name="Interval">
/// Its 95 % interval: of random labels what the middle 95 % of the draws reached, else by bootstrap over sources, patients or images
/// (<see cref="FigureIntervals"/>), whose ends are means over the drawings of folds.
/// </param>
/// <param name="Accuracy">The share of images called rightly, mean over the folds; of random labels over all draws too.</param>
public sealed record ControlResult(
    ControlKind Kind, GroupBy Folds, ControlClassifier Classifier, double? Auc, Interval? Interval, double? Accuracy)
{
    /// <summary>
    /// What got one random label as a whole; null of other kinds, and in reports that are older than labels dealt by anything but
    /// patients, or images where those are unknown.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public GroupBy? DealtBy { get; init; }

    /// <summary>
    /// The class whose images alone got random labels, half and half, and were asked about: what tells them apart can't be the class. Null
    /// where all were.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Within { get; init; }

    /// <summary>Whether random labels were given to images without lungs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool WithoutLungs { get; init; }

    /// <summary>
    /// The standard error of <see cref="Auc"/> as the mean over the draws of labels, or over the drawings of folds; null of a single
    /// one.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? StandardError { get; init; }

    /// <summary>The area that a classifier has which knows nothing.</summary>
    public const double Chance = 0.5;

    /// <summary>
    /// Whether a control is no better than chance: its interval does not lie above it. Null of the real data, and where there is no
    /// interval.
    /// </summary>
    public bool? IsClean => Kind == ControlKind.Real || Interval is null ? null : Interval.Low <= Chance;
}
