using CovidCt.Evaluation;

namespace CovidCt.Answers;

/// <summary>The rule for series that tells the classes apart best among candidates that were fixed beforehand.</summary>
/// <param name="Rule">The rule, with the cut that it is best at.</param>
/// <param name="Auc">Its area under the ROC curve on the series that it was chosen by, which is as good as chosen figures are.</param>
/// <param name="Series">How many series it was chosen by.</param>
public sealed record SeriesRuleChoice(SeriesRule Rule, double Auc, int Series)
{
    /// <summary>The candidates; of those that are equally good the first is chosen.</summary>
    public static IReadOnlyList<SeriesRule> Candidates { get; } =
    [
        SeriesRule.Mean, SeriesRule.MeanOfHighest(10), SeriesRule.MeanOfHighest(5), SeriesRule.MeanOfHighest(3),
        SeriesRule.MeanOfHighest(1), SeriesRule.ShareFrom(DecisionThreshold.Value),
    ];

    /// <summary>The name of the series that an image of a data set of volumes belongs to: all of its path but the slice.</summary>
    /// <param name="path">The image's path.</param>
    public static string SeriesOf(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path[..Math.Max(path.LastIndexOf('/'), 0)];
    }

    /// <summary>
    /// Chooses by the area under the ROC curve over series, and the rule's cut by Youden's J, sensitivity and specificity less 1: midway
    /// between two neighbouring numbers of series, of several as good ones that nearest to one half.
    /// </summary>
    /// <param name="predictions">
    /// What networks said of slices, each of a network that wasn't trained on it: of one network, the test predictions of its folds.
    /// </param>
    /// <param name="positive">The name of the positive class.</param>
    /// <returns>Null where there are no series of both classes.</returns>
    public static SeriesRuleChoice? Of(IEnumerable<Prediction> predictions, string positive)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        List<(bool IsPositive, double[] Slices)> series =
        [
            .. predictions.GroupBy(prediction => (Series: SeriesOf(prediction.Path), prediction.Label))
                .OrderBy(group => group.Key.Series, StringComparer.Ordinal)
                .Select(group => (group.Key.Label == positive, group.Select(prediction => prediction.Probability).ToArray())),
        ];
        if (series.All(one => one.IsPositive) || !series.Any(one => one.IsPositive))
        {
            return null;
        }

        return Candidates.Select(rule =>
        {
            List<(bool Actual, double Score)> scores = [.. series.Select(one => (one.IsPositive, rule.Of(one.Slices)))];
            return new SeriesRuleChoice(
                rule with { Cut = BestCut(scores) }, FiguresOfMerit.AreaUnderCurve(scores)!.Value, series.Count);
        }).MaxBy(choice => choice.Auc)!;
    }

    private static double BestCut(List<(bool Actual, double Score)> scores)
    {
        List<double> known = [.. scores.Select(score => score.Score).Distinct().Order()];
        var cuts = known.Zip(known.Skip(1), (low, high) => (low + high) / 2).DefaultIfEmpty(DecisionThreshold.Value);
        return cuts.OrderByDescending(Youden).ThenBy(cut => Math.Abs(cut - DecisionThreshold.Value)).First();

        double Youden(double cut) => Math.Round(Share(true, cut) - Share(false, cut), 12);

        double Share(bool actual, double cut) =>
            scores.Where(score => score.Actual == actual).Average(score => score.Score >= cut ? 1d : 0);
    }
}
