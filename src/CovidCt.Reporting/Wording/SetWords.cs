using System.Globalization;
using CovidCt.Calibration;
using CovidCt.Records;
using CovidCt.Statistics;

namespace CovidCt.Reporting.Wording;

/// <summary>What prediction sets hold, and whom they hold for, in sentences.</summary>
internal static class SetWords
{
    /// <summary>Why sets are not judged.</summary>
    public const string NotJudged = "Sets can’t be judged here: with one test part, no other part’s answers are there to choose their "
        + "thresholds on.";

    /// <summary>Why a report's sets are not judged.</summary>
    public static string NotJudgedOf(StudyReport study) => study.Given?.Tested is null ? NotJudged : "There are none to judge here.";

    /// <summary>How a report's sets are judged.</summary>
    public static string JudgedOf(StudyReport study) => study.Given?.Tested is null
        ? Judged(study.Statistics!.Drawn)
        : $"Here they are those that the network answers. {Once(study.Statistics!.Drawn)}";

    /// <summary>What a set is.</summary>
    /// <param name="level">How often sets are to hold the class, in (0, 1).</param>
    public static string Meaning(double level) =>
        $"A prediction set has the classes that can’t be ruled out at {Level(level)} %: of the images of each class by itself, at least so "
        + "many are to have their class in it (split conformal prediction by class; Lee, Barber and Willett 2023). Both classes in it say "
        + "that the network can’t tell; neither, that it answers as about images of neither.";

    /// <summary>How sets are judged.</summary>
    /// <param name="drawn">What is drawn as a whole for the intervals.</param>
    public static string Judged(ClusterUnit drawn) =>
        "Here the sets of a fold have their thresholds from the other folds’ answers, so that no image has a part in its own set; these "
        + $"are other networks’ answers, which makes the level an approximate one. {Once(drawn)}";

    /// <summary>The caption of the table.</summary>
    /// <param name="level">How often sets are to hold the class, in (0, 1).</param>
    /// <param name="drawn">What is drawn as a whole for the intervals.</param>
    public static string Caption(double level, ClusterUnit drawn) =>
        $"Prediction sets at {Level(level)} %: images by what is in their set; the share whose set holds their class, in per cent, and "
        + $"the classes in a set, with 95 % intervals that keep {ResultWords.KeptTogether(drawn)}, at these thresholds";

    /// <summary>The caption of the groups.</summary>
    /// <param name="displayName">The network.</param>
    public static string GroupsCaption(string displayName) =>
        $"{displayName}, prediction sets by groups of people and images: what is in them, coverage in per cent, and size, with 95 % "
        + "intervals; the level is that of a class, and not of each group";

    /// <summary>Whom sets hold for.</summary>
    /// <param name="study">What lies in the study’s folder.</param>
    public static string Reach(StudyReport study) => study.Given is { } given ? GivenWords.Of(given).SetsReach : study.SharedPatients switch
    {
        { Shared: > 0 } => "Patients have images on both sides of a fold here: sets then hold for further images of the same patients, "
            + "and for new ones less often.",
        null when study.Statistics?.Drawn == ClusterUnit.Image => "Patients are unknown: sets hold for new images of the same kind, and "
            + "for new patients less often where a patient has several.",
        _ => "They hold for new people from where these come from, and for no other hospital.",
    };

    /// <summary>Which sets come with the trained networks.</summary>
    /// <param name="study">What lies in the study’s folder.</param>
    public static string Shipped(StudyReport study)
    {
        if (study.Given is { } given)
        {
            return GivenWords.Of(given).Sets;
        }

        if (study.Runs.Any(run => !run.IsFinished))
        {
            return "Sets will lie beside each trained network when all folds are finished.";
        }

        var kept = study.Runs.Where(run => run.Sets is { } sets && sets == study.SetsOf(run)).ToList();
        var missing = study.Runs.Count - kept.Count;
        return Lists.Sentences(
            missing > 0
                ? $"Of {Numbers.Counted(study.Runs.Count, "trained network")}, {Numbers.Whole(missing)} {Numbers.AreOf(missing)} without "
                    + "sets, or with those of other answers than these: going on with the study writes them."
                : null,
            kept.Count == 0 ? null
                : $"Beside {Numbers.Whole(kept.Count)} of {Numbers.Counted(study.Runs.Count, "trained network")} lie its sets "
                    + $"({RunLayout.CalibrationName}), whose thresholds are from its own test images, the only ones that it did not train "
                    + "on, so that their level is no approximate one. Whoever asks such a network gets the set beside the probability; an "
                    + "ensemble’s has the classes that are in more than half of its networks’ sets, which is certain at twice the level "
                    + "less 100 % alone, or, of several seeds, those that thresholds of its own leave.",
            kept.Count == 0 ? null : Open(kept));
    }

    /// <summary>A network’s sets in a sentence, without its point.</summary>
    /// <param name="displayName">The network.</param>
    /// <param name="of">What they come to.</param>
    /// <param name="positive">The name of the positive class.</param>
    /// <param name="negative">The name of the other.</param>
    public static string InWords(string displayName, SetStatistics of, string positive, string negative) =>
        $"{displayName}, at {Level(of.Level)} %: the set holds the class of {PerCent(of.Positives)} % of {positive} and "
        + $"{PerCent(of.Negatives)} % of {negative}; of {Numbers.Counted(of.All.Images, "image")}, "
        + $"{Numbers.Whole(of.All.PositiveAlone)} have {positive} alone, {Numbers.Whole(of.All.NegativeAlone)} {negative} alone, "
        + $"{Numbers.Whole(of.All.Both)} both and {Numbers.Whole(of.All.Neither)} neither";

    private static string? Open(List<RunReport> kept)
    {
        var open = kept.Count(run => run.Sets is { Positive.Probability: null } or { Negative.Probability: null });
        var first = kept[0].Sets!;
        return open == 0
            ? null
            : $"Of {Numbers.Whole(open)} of them a class is in every set: its test images are of fewer than "
                + $"{Numbers.Numeral(ConformalSets.FewestClusters(first.Level))} {ResultWords.Units(first.Unit)} of that class, which rule "
                + "nothing out at this level.";
    }

    private static string Once(ClusterUnit drawn) => drawn switch
    {
        ClusterUnit.Source => "Every source counts once in coverage and size, by the mean over its images.",
        ClusterUnit.Patient => "Every patient counts once in coverage and size, by the mean over the patient’s images.",
        _ => "Every image counts once in coverage and size.",
    };

    private static string Level(double level) => (100 * level).ToString("0.#", CultureInfo.InvariantCulture);

    private static string PerCent(SetStatistics.Part of) => Numbers.Estimate(of.Coverage.Value, of.Coverage.Interval);
}
