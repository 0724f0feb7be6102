using System.Globalization;
using CovidCt.Answers;
using CovidCt.Data;
using CovidCt.Evaluation;

namespace CovidCt.Records;

/// <summary>What one network said about one series of a data set of volumes: a row of <c>series.csv</c>.</summary>
/// <param name="Series">The class and the name of the volume.</param>
/// <param name="Label">The name of its actual class.</param>
/// <param name="Patient">Whose it is; null when the data set doesn't say.</param>
/// <param name="Network">The published name of the network.</param>
/// <param name="Fold">The fold whose test part holds it, from 0; the first of several where folds were drawn by image.</param>
/// <param name="Slices">How many slices were tested.</param>
/// <param name="Mean">The mean over them of the probability of the positive class, in [0, 1].</param>
/// <param name="Rule">The rule that was chosen on the other folds; null where these have no series of both classes.</param>
/// <param name="Score">What that rule makes of the slices, in [0, 1]; null without one.</param>
public sealed record SeriesPrediction(
    string Series, string Label, string? Patient, string Network, int Fold, int Slices, double Mean, SeriesRule? Rule, double? Score)
{
    /// <summary>Whether the mean calls it positive, by a cut of one half that was fixed beforehand.</summary>
    public bool IsPositiveByMean => DecisionThreshold.IsPositive(Mean);

    /// <summary>Whether the chosen rule calls it positive; null without one.</summary>
    public bool? IsPositiveByRule => Score >= Rule?.Cut;

    /// <summary>
    /// The answers about series, in the ordinal order of network and series. The rule of each is chosen on the test predictions of the
    /// other folds of its network (<see cref="SeriesRuleChoice"/>), so that no series has a say in how it is judged itself.
    /// </summary>
    /// <param name="predictions">Of any number of networks and folds, each image once a network.</param>
    /// <param name="positive">The name of the positive class.</param>
    public static IReadOnlyList<SeriesPrediction> From(IEnumerable<Prediction> predictions, string positive)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        return
        [
            .. predictions.GroupBy(prediction => prediction.Network).OrderBy(network => network.Key, StringComparer.Ordinal)
                .SelectMany(network => Of([.. network], positive)),
        ];
    }

    /// <summary>Writes <c>series.csv</c> in RFC 4180's quoting; the file is whole or not there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="series">In the order of the rows.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void Write(string path, IEnumerable<SeriesPrediction> series) => Csv.Write(
        path,
        ["series", "label", "patient", "network", "fold", "slices", "mean", "rule", "cut", "score"],
        series.Select(one => (string[])
        [
            one.Series, one.Label, one.Patient ?? "", one.Network, one.Fold.ToString(CultureInfo.InvariantCulture),
            one.Slices.ToString(CultureInfo.InvariantCulture), Number(one.Mean), one.Rule?.ToString() ?? "", Number(one.Rule?.Cut),
            Number(one.Score),
        ]));

    private static IEnumerable<SeriesPrediction> Of(List<Prediction> predictions, string positive)
    {
        var choices = predictions.Select(prediction => prediction.Fold).Distinct().ToDictionary(
            fold => fold, fold => SeriesRuleChoice.Of(predictions.Where(prediction => prediction.Fold != fold), positive)?.Rule);
        return predictions.GroupBy(prediction => (Series: SeriesRuleChoice.SeriesOf(prediction.Path), prediction.Label))
            .OrderBy(group => group.Key.Series, StringComparer.Ordinal)
            .Select(group =>
            {
                var first = group.MinBy(prediction => (prediction.Fold, prediction.Path))!;
                double[] probabilities = [.. group.Select(prediction => prediction.Probability)];
                var rule = choices[first.Fold];
                return new SeriesPrediction(
                    group.Key.Series, group.Key.Label, first.Patient, first.Network, first.Fold, probabilities.Length,
                    probabilities.Average(), rule, rule?.Of(probabilities));
            });
    }

    private static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";
}
