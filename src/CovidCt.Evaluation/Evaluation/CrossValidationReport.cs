using CovidCt.Data;

namespace CovidCt.Evaluation;

/// <summary>A study's results: what <c>results.json</c> holds.</summary>
/// <param name="Dataset">The name of the data set.</param>
/// <param name="GroupBy">How the folds are drawn: <see cref="Data.GroupBy.Name"/>.</param>
/// <param name="Seed">The seed of folds, heads and augmentation.</param>
/// <param name="Classes">The names of the classes, by label.</param>
/// <param name="Positive">The name of the positive class.</param>
/// <param name="Rejected">Images that were left out.</param>
/// <param name="Networks">By name, ordinal.</param>
public sealed record CrossValidationReport(
    string Dataset,
    string GroupBy,
    long Seed,
    IReadOnlyList<string> Classes,
    string Positive,
    IReadOnlyList<Rejection> Rejected,
    IReadOnlyList<NetworkResult> Networks)
{
    /// <summary><see cref="GroupBy"/> of folds of whole sources.</summary>
    public const string BySource = Data.GroupBy.Sources;

    /// <summary><see cref="GroupBy"/> of folds that are one source each, whose images are pooled before figures are computed.</summary>
    public const string ByEachSource = Data.GroupBy.OneSource;

    /// <summary><see cref="GroupBy"/> of two folds across collections.</summary>
    public const string ByCollection = Data.GroupBy.Collections;

    /// <summary><see cref="GroupBy"/> of the data set's own split, which is one fold.</summary>
    public const string Official = Data.GroupBy.OfficialSplit;

    /// <summary><see cref="GroupBy"/> of predictions that were made elsewhere, whose folds are as they came.</summary>
    public const string Given = "given";

    /// <summary>The same where a fold has images of one class alone, and all folds are pooled before figures are computed.</summary>
    public const string GivenPooled = "given, pooled";

    /// <summary><see cref="GroupBy"/> of predictions that were made elsewhere, and name no folds.</summary>
    public const string GivenTest = "given, one test part";

    /// <summary>
    /// Whether figures are of all test images together, since a fold may have images of one class alone; else they are means over the
    /// folds.
    /// </summary>
    public bool IsPooled => MayLackAClass(GroupBy);

    /// <summary>The number of patients; null when the data set doesn't say whose the images are.</summary>
    public int? Patients { get; init; }

    /// <summary>The number of images that were tested: the most of any network.</summary>
    public int Images => Networks.Select(n => n.Total.Total).DefaultIfEmpty().Max();

    /// <summary>Computes all figures from predictions, which are those of <c>predictions.csv</c>.</summary>
    /// <param name="predictions">Of any number of networks, in any order.</param>
    /// <param name="dataset">The name of the data set.</param>
    /// <param name="groupBy">How the folds are drawn: <see cref="Data.GroupBy.Name"/>.</param>
    /// <param name="seed">The seed of folds, heads and augmentation.</param>
    /// <param name="classes">The names of the classes, by label.</param>
    /// <param name="positive">The name of the positive class.</param>
    /// <param name="rejected">Images that were left out.</param>
    /// <param name="initializations">
    /// By network, what training began with: <c>imagenet</c> or <c>random</c>.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The positive class or a prediction's label is none of the classes, a network has no initialization, a network
    /// predicted an image twice, or a probability is not a finite number.
    /// </exception>
    public static CrossValidationReport From(
        IEnumerable<Prediction> predictions,
        string dataset,
        string groupBy,
        long seed,
        IReadOnlyList<string> classes,
        string positive,
        IReadOnlyList<Rejection> rejected,
        IReadOnlyDictionary<string, string> initializations)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentNullException.ThrowIfNull(initializations);
        if (!classes.Contains(positive))
        {
            throw new ArgumentException(
                $"The positive class '{positive}' is none of {string.Join(", ", classes)}.", nameof(positive));
        }

        var rows = predictions.ToArray();
        if (rows.FirstOrDefault(p => !classes.Contains(p.Label)) is { } stranger)
        {
            throw new ArgumentException(
                $"'{stranger.Path}' has the label '{stranger.Label}', which is none of {string.Join(", ", classes)}.",
                nameof(predictions));
        }

        NetworkResult[] networks =
        [
            .. rows.GroupBy(p => p.Network)
                .OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => NetworkResult.From(g.Key, InitializationOf(g.Key), g, positive, pooled: MayLackAClass(groupBy))),
        ];
        var patients = rows.Select(p => p.Patient).OfType<string>().Distinct(StringComparer.Ordinal).Count();
        return new(dataset, groupBy, seed, classes, positive, rejected, networks)
        {
            Patients = patients == 0 ? null : patients,
        };

        string InitializationOf(string network) => initializations.TryGetValue(network, out var value)
            ? value
            : throw new ArgumentException($"The initialization of '{network}' isn't given.", nameof(initializations));
    }

    private static bool MayLackAClass(string groupBy) => groupBy is ByEachSource or GivenPooled;
}
