using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using CovidCt.Data;
using CovidCt.Recipes;
using CovidCt.Statistics;

namespace CovidCt.Records;

/// <summary>The controls of a study: what <c>controls.json</c> holds.</summary>
/// <param name="Draws">How often random labels were drawn.</param>
/// <param name="Seed">The seed of labels and folds.</param>
/// <param name="Networks">In the study's order.</param>
public sealed record ControlReport(int Draws, long Seed, IReadOnlyList<ControlReport.Entry> Networks)
{
    /// <summary>How often folds were drawn, by the seeds from <see cref="Seed"/> on.</summary>
    public int FoldDraws { get; init => field = Math.Max(value, 1); } = 1; // A file that is older comes with 0.

    /// <summary>
    /// Every control held against chance, in the order of the networks and their results: one-sided tests of the mean area, by its
    /// standard error, corrected together by Holm's method.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<Verdict> Verdicts => field ??= ControlVerdicts.Of(this);

    /// <summary>The document as a tree, without <see cref="Verdicts"/>, which follow from it.</summary>
    public JsonObject ToJson() => JsonSerializer.SerializeToNode(this, RecordsJson.Files.ControlReport)!.AsObject();

    /// <summary>Writes the file, which is whole or not there.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It can't be written.</exception>
    public void Write(string path) => JsonFiles.Write(path, this, RecordsJson.Files.ControlReport);

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is no such file, or damaged.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static ControlReport Read(string path) => JsonFiles.Read(
        path, RecordsJson.Files.ControlReport, "holds no controls of a study");

    /// <summary>The controls of one network.</summary>
    /// <param name="Network">The published name.</param>
    /// <param name="Initialization">
    /// What its features come from: <c>imagenet</c> or <c>random</c> weights, before any training on the data.
    /// </param>
    /// <param name="Results">One a control, way of drawing folds, and classifier.</param>
    public sealed record Entry(string Network, string Initialization, IReadOnlyList<Result> Results);

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
    public sealed record Result(
        ControlKind Kind, GroupBy Folds, Classifier Classifier, double? Auc, Interval? Interval, double? Accuracy)
    {
        /// <summary>
        /// What got one random label as a whole; null of other kinds, and in reports that are older than labels dealt by anything but
        /// patients, or images where those are unknown.
        /// </summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public GroupBy? DealtBy { get; init; }

        /// <summary>
        /// The class whose images alone got random labels, half and half, and were asked about: what tells them apart can't be the class.
        /// Null
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
    }

    /// <summary>A control held against chance.</summary>
    /// <param name="Network">The published name.</param>
    /// <param name="Result">The control; never the data as they are.</param>
    /// <param name="PValue">
    /// One-sided, in [0, 1]: how likely a mean area so large is where a classifier knows nothing. Of random labels by Student's
    /// distribution over the draws, of other controls by the lower half of the interval. Null where neither is known, as in reports that
    /// are older than standard errors.
    /// </param>
    /// <param name="AdjustedPValue">The same, corrected for all controls of the report (Holm 1979).</param>
    /// <param name="Detectable">
    /// The least area, in [0.5, 1], that would have been called a leak four times in five: the standard error times the quantiles of the
    /// level, shared out among all controls, and of 0.8, above chance.
    /// </param>
    public sealed record Verdict(string Network, Result Result, double? PValue, double? AdjustedPValue, double? Detectable)
    {
        /// <summary>The chance that any control which lies at chance is called a leak.</summary>
        public const double Level = 0.05;

        /// <summary>Whether the control is no better than chance; null where that can't be said.</summary>
        public bool? IsClean => AdjustedPValue is { } p ? p > Level : null;
    }

    /// <summary>What is asked about a network's features.</summary>
    public enum Classifier
    {
        /// <summary>A linear head, fitted by ridge regression.</summary>
        Head,

        /// <summary>The five nearest training images.</summary>
        Neighbours,
    }
}
