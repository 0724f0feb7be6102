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

    private static int Most(StudyReport study) => study.OverSeeds.Max(network => network.Seeds);

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
            + $"{string.Join("; ", study.OverSeeds.Select(of => Spread(displayName(of.Network), of)))}.";

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
