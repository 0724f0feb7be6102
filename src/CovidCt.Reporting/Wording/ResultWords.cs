using CovidCt.Evaluation;
using CovidCt.Statistics;

namespace CovidCt.Reporting.Wording;

/// <summary>Figures, and how far they can be trusted, in sentences.</summary>
internal static class ResultWords
{
    /// <summary>A network's six figures.</summary>
    public static string Figures(string displayName, NetworkResult network) =>
        $"{displayName}: {string.Join(", ", FigureNames.All.Select(figure =>
            $"{figure.Heading} {Numbers.Percent(figure.Of(network.Mean), figure.Of(network.Std))}"))}";

    /// <summary>What figures are: their unit, and over what they are means.</summary>
    /// <param name="groupBy">As results call it.</param>
    /// <param name="isComplete">Whether all runs are finished.</param>
    public static string Unit(string groupBy, bool isComplete)
    {
        var mean = DesignWords.HasSpread(groupBy) ? ", mean over the folds ± standard deviation" : "";
        var soFar = isComplete ? "" : ", of the finished runs";
        return $"In per cent{mean}{soFar}";
    }

    /// <summary>A network's intervals.</summary>
    public static string Intervals(string displayName, FigureIntervals of) =>
        $"{displayName}: accuracy {Range(of.Accuracy)}, sensitivity {Range(of.Sensitivity)}, "
        + $"specificity {Range(of.Specificity)}, AUC {Range(of.Auc)}";

    /// <summary>A network's figures with their intervals.</summary>
    public static string Estimates(string displayName, FigureIntervals of) =>
        $"{displayName}: {string.Join(", ", FigureNames.All.Zip(
            FigureNames.Estimates(of), (name, figure) => $"{name.Heading} {Numbers.Estimate(figure.Value, figure.Interval)}"))}";

    /// <summary>The heading of the main figures of images.</summary>
    public const string ImageHeadline = "By image, with 95 % intervals:";

    /// <summary>The heading of the main figures of patients.</summary>
    /// <param name="folds">How their folds became one figure.</param>
    public static string PatientHeadline(FoldSummary folds) =>
        $"By patient, from the mean probability over a patient’s images{(folds == FoldSummary.Pooled ? ", of all folds together" : "")}, "
        + "with 95 % intervals:";

    /// <summary>What the intervals are, and what they leave out.</summary>
    /// <param name="drawn">What is drawn as a whole.</param>
    /// <param name="overSeeds">Whether seeds are drawn too, that networks were trained from.</param>
    public static string IntervalsMeaning(ClusterUnit drawn, bool overSeeds = false)
    {
        var (over, holdFor) = drawn switch
        {
            ClusterUnit.Source => (
                "over sources, such as publications, so that a source’s images stay together", "other sources of the same kind"),
            ClusterUnit.Patient => ("over patients, so that a patient’s images stay together", "other people from the same source"),
            _ => (
                "over images, since patients are unknown: they are too narrow where a patient has several",
                "other people from the same source"),
        };
        return overSeeds
            ? $"95 % intervals by bootstrap (BCa) over seeds, and {over}. They hold for {holdFor} and other trainings by the same recipe, "
                + "not for other hospitals."
            : $"95 % intervals by bootstrap (BCa) {over}. They hold for {holdFor} and the same trained networks, "
                + "not for other hospitals, nor for the chance in training.";
    }

    /// <summary>What is drawn as a whole, by its name.</summary>
    /// <param name="drawn">What is drawn as a whole.</param>
    public static string Units(ClusterUnit drawn) =>
        drawn switch { ClusterUnit.Source => "sources", ClusterUnit.Patient => "patients", _ => "images" };

    /// <summary>What intervals keep together, or that they don't.</summary>
    /// <param name="drawn">What is drawn as a whole.</param>
    public static string KeptTogether(ClusterUnit drawn) => drawn switch
    {
        ClusterUnit.Source => "a source’s images together",
        ClusterUnit.Patient => "a patient’s images together",
        _ => "every image for itself",
    };

    /// <summary>How the intervals of the report come about.</summary>
    /// <param name="drawn">What is drawn as a whole.</param>
    public static string HowIntervals(ClusterUnit drawn) => drawn switch
    {
        ClusterUnit.Source => "Intervals hold 95 % and come from drawing whole sources, such as publications, again and again "
            + "(bias-corrected bootstrap), since images of one source are no independent trials.",
        ClusterUnit.Patient => "Intervals hold 95 % and come from drawing whole patients again and again (bias-corrected bootstrap), "
            + "since images of one patient are no independent trials.",
        _ => "Intervals hold 95 % and count every image for itself, since patients are unknown; they are too narrow if several are of "
            + "one patient.",
    };

    /// <summary>What a network got wrong.</summary>
    public static string Errors(string displayName, ConfusionMatrix counts, string positive)
    {
        var (positives, negatives) = (counts.TruePositives + counts.FalseNegatives, counts.FalsePositives + counts.TrueNegatives);
        var name = DataWords.Class(positive);
        return $"{displayName}: {Numbers.Whole(counts.FalseNegatives)} of {Numbers.Whole(positives)} {name} images missed, "
            + $"{Numbers.Whole(counts.FalsePositives)} of {Numbers.Whole(negatives)} others called {name}";
    }

    /// <summary>What the table of patients holds.</summary>
    /// <param name="folds">How their folds became one figure.</param>
    /// <param name="isOneTest">Whether there is one test part and no folds.</param>
    public static string Patients(FoldSummary folds, bool isOneTest = false) => folds == FoldSummary.Mean || isOneTest
        ? $"The same of patients: the mean probability over a patient’s images{(isOneTest ? "" : "; means over the folds, as of images")}"
        : "The same of patients: the mean probability over a patient’s images, of all folds together, since a patient’s images were "
            + "tested by "
            + "the networks of several";

    /// <summary>An interval in per cent.</summary>
    public static string Range(EstimatedFigure figure) => figure.Interval is { } interval ? Numbers.Range(interval) : Numbers.Unknown;
}
