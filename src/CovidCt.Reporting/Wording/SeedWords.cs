using CovidCt.Records;
using CovidCt.Statistics;

namespace CovidCt.Reporting.Wording;

/// <summary>Networks that were trained from several seeds, in words.</summary>
internal static class SeedWords
{
    /// <summary>What heads the table of the spread.</summary>
    public const string Caption =
        "Over seeds, in per cent: mean (95 % interval) ± standard deviation over the seeds, each trained anew on the same folds";

    /// <summary>The same of a table without intervals.</summary>
    public const string Brief =
        "Over seeds; per cent, mean ± sample standard deviation over the seeds, each trained anew on the same folds";

    /// <summary>What heads the table of seeds together.</summary>
    public const string Together =
        "All seeds together: the probability of an image is the mean of those that the seeds’ networks of its fold state. Figures in per "
        + "cent, differences in percentage points (95 % intervals)";

    /// <summary>What its intervals are, and what they leave out.</summary>
    /// <param name="drawn">What is drawn as a whole.</param>
    public static string TogetherMeaning(ClusterUnit drawn) =>
        $"{ResultWords.IntervalsMeaning(drawn)} So are those of seeds together and of differences, which are taken on the same images. "
        + "Together, the Brier score can’t be above the mean of single seeds’, since the square of a mean is at most the mean of squares; "
        + "the calibration error, which is above 0 by chance alone, can.";

    /// <summary>What calibrations and prediction sets of seeds together are worth; null where there are none.</summary>
    /// <param name="study">The study, with its further trainings.</param>
    /// <param name="displayName">A network’s name for readers.</param>
    public static string? Fitted(StudyReport study, Func<string, string> displayName)
    {
        if (study.Results is not { Classes: { Count: 2 } classes, Positive: var positive })
        {
            return null;
        }

        var negative = classes.First(name => name != positive);
        List<string> words =
        [
            .. study.SeedEnsembles.SelectMany(of => (string?[])
            [
                ProbabilityWords.Effect(displayName(of.Network), of.Statistics),
                of.Statistics.Sets is { } sets ? SetWords.InWords(displayName(of.Network), sets, positive, negative) : null,
            ]).OfType<string>(),
        ];
        return words.Count == 0
            ? null
            : $"Of seeds together, each fold’s images by calibrations and thresholds from the other folds’: {string.Join("; ", words)}.";
    }

    /// <summary>What seeds come to together, in a sentence without its point.</summary>
    public static string InWords(string displayName, SeedEnsemble of)
    {
        var (auc, gain) = (of.Statistics.Images.Auc, of.OverFirst.Figures.Auc);
        return $"{displayName}, {Numbers.Numeral(of.Seeds)} seeds together: AUC {Numbers.Estimate(auc.Value, auc.Interval)} %, "
            + $"{Numbers.Points(gain.Value, gain.Interval)} points beside the first seed alone, Brier score "
            + $"{Numbers.Three(of.Statistics.Probabilities.Brier)}, {Numbers.Change(of.OverFirst.Brier)} beside it";
    }

    /// <summary>How a study’s networks become one; null of predictions that were made elsewhere.</summary>
    public static string? AsOne(StudyReport study) => study.Given is not null ? null
        : Most(study) is > 1 and var seeds
            ? $"{Numbers.Counted(study.Folds, "fold")} and {Numbers.Counted(seeds, "seed")}, "
                + $"{Numbers.Counted(study.Folds * seeds, "network")} of a name: saved as one they answer with the mean of their "
                + "probabilities, whose calibration and prediction sets are from means over the seeds on each fold’s test images. The "
                + "figures of seeds together are of these means, not of those over the folds too, which no image of the study can test."
            : $"{Numbers.Counted(study.Folds, "fold")} and one seed, {Numbers.Counted(study.Folds, "network")} of a name: saved as one "
                + "they answer with the mean of their probabilities, which no image of the study can test.";

    /// <summary>Which figures are of which seed.</summary>
    /// <param name="least">The fewest seeds of a network.</param>
    /// <param name="most">The most seeds of a network.</param>
    public static string First(int least, int most)
    {
        var seeds = least == most ? Numbers.Numeral(most) : $"{Numbers.Numeral(least)} to {Numbers.Numeral(most)}";
        return $"Each network was trained from {seeds} seeds on the same folds. Figures, controls and maps are those of the first seed, "
            + "but for what is said to be over seeds.";
    }

    /// <summary>What a study is that lies below another one.</summary>
    /// <param name="repetition">Which training it is, from 1.</param>
    public static string Further(int repetition) =>
        $"This is training {Numbers.Whole(repetition + 1)} of the networks of another study, from another seed on the same folds. "
        + "Its folder lies below that study’s, whose audit and controls are shown here; maps were made for the first training alone.";

    /// <summary>The same of a study's networks; null where each was trained once.</summary>
    public static string? First(StudyReport study) =>
        study.Given is not null ? study.OverSeeds.Count == 0 ? null : ForeignWords.Seeds(Fewest(study), Most(study))
        : study.Options.Repetition > 0 ? Further(study.Options.Repetition)
        : study.OverSeeds.Count == 0 ? null
        : First(Fewest(study), Most(study));

    private static int Fewest(StudyReport study) =>
        study.OverSeeds.Count < study.Results!.Networks.Count ? 1 : study.OverSeeds.Min(network => network.Seeds);

    private static int Most(StudyReport study) => study.OverSeeds.Select(network => network.Seeds).DefaultIfEmpty(1).Max();

    /// <summary>How many trainings there were, and what each was of.</summary>
    public static string Trainings(StudyReport study)
    {
        var count = Numbers.Counted(study.Runs.Count + study.Seeds.Sum(seed => seed.Runs.Count), "training");
        return study.Seeds.Count == 0 ? $"{count}, one for each network and fold." : $"{count}, one for each network, fold and seed.";
    }

    /// <summary>A network's six figures over its seeds.</summary>
    public static string Spread(string displayName, SeedSpread of) =>
        $"{displayName} over {Numbers.Numeral(of.Seeds)} seeds: {string.Join(", ", FigureNames.All.Select(figure =>
            $"{figure.Heading} {Numbers.Percent(figure.Of(of.Figures.Values), figure.Of(of.Std))}"))}";

    /// <summary>
    /// What all of a study's networks came to over their seeds, or which of them it is; null where each was trained once.
    /// </summary>
    public static string? InWords(StudyReport study, Func<string, string> displayName) => First(study) is not { } first ? null
        : study.OverSeeds.Count == 0 ? first
        : $"{first} In per cent, mean ± standard deviation: "
            + $"{string.Join("; ", study.OverSeeds.Select(of => Spread(displayName(of.Network), of)))}. "
            + $"{string.Join("; ", study.SeedEnsembles.Select(of => InWords(displayName(of.Network), of)))}.";

    /// <summary>A figure over seeds with its interval and its spread.</summary>
    public static string Figure(EstimatedFigure mean, double? std) => std is { } spread
        ? $"{Numbers.Estimate(mean.Value, mean.Interval)} ± {Numbers.Percent(spread)}"
        : Numbers.Estimate(mean.Value, mean.Interval);

    /// <summary>What the intervals over seeds are, and what they leave out.</summary>
    /// <param name="drawn">What is drawn as a whole.</param>
    public static string Meaning(ClusterUnit drawn) =>
        $"{ResultWords.IntervalsMeaning(drawn, overSeeds: true)} The folds are the same for every seed. {FewSeeds}";

    /// <summary>What to make of intervals of studies side by side, some of which have several seeds.</summary>
    public const string Compared =
        "Where a network was trained from several seeds, its figures are means over them, and seeds are drawn with the images: such "
        + "intervals hold for other trainings by the same recipe too. In a difference, each study’s seeds are drawn by themselves; of a "
        + "study with one seed the trained networks are taken as they are. " + FewSeeds;

    private const string FewSeeds = "With two or three seeds intervals are too narrow where seeds differ much.";
}
