using CovidCt.Statistics;

namespace CovidCt.Reporting.Wording;

/// <summary>What a network's answers say where the disease is as frequent as in some clinic, in sentences.</summary>
internal static class ClinicWords
{
    /// <summary>What the predictive values rest on.</summary>
    /// <param name="own">Those of a network.</param>
    /// <param name="positive">The name of the positive class.</param>
    public static string Meaning(PredictiveValues own, string positive) =>
        $"How likely an answer is right depends on how frequent the disease is among those who are scanned. Of the {Unit(own.OfPatients)} "
        + $"here {Prevalence(own)} % are {DataWords.Class(positive)}; in a clinic it will be another share. The tables have what "
        + "sensitivity and specificity at a threshold of 0.5 come to at several shares (Bayes’ theorem). That takes both for the same in "
        + "the clinic as here, which was not tested.";

    /// <summary>The caption of the likelihood ratios.</summary>
    /// <param name="ofPatients">Whether they are of patients; else of images.</param>
    /// <param name="positive">The name of the positive class.</param>
    public static string RatiosCaption(bool ofPatients, string positive) =>
        $"Likelihood ratios of {Unit(ofPatients)}, with 95 % intervals: what a positive answer, and a negative one, multiplies the odds of "
        + $"{DataWords.Class(positive)} by";

    /// <summary>The caption of the predictive values.</summary>
    /// <param name="displayNames">Of which network, or networks.</param>
    /// <param name="ofPatients">Whether they are of patients; else of images.</param>
    public static string ValuesCaption(string displayNames, bool ofPatients) =>
        $"{displayNames}: of positive and of negative answers the share that is right, in per cent with 95 % intervals, and wrong answers "
        + $"among 1,000 {Unit(ofPatients)}";

    /// <summary>What images are taken for where patients are unknown.</summary>
    public const string OfImages = "Patients are unknown, so that figures are of images: a patient with several counts as often.";

    /// <summary>Why a ratio is missing; null where none is.</summary>
    /// <param name="networks">The networks.</param>
    public static string? NoRatio(IReadOnlyCollection<PredictiveValues> networks) =>
        networks.Any(network => network.PositiveRatio.Value is null)
            ? $"A positive likelihood ratio that would be divided by 0, since of the negative {Unit(networks.First().OfPatients)} none was "
                + "called positive, has no value."
            : null;

    /// <summary>What the numbers are of.</summary>
    /// <param name="of">Those of a network.</param>
    public static string Counted(PredictiveValues of) =>
        $"{Numbers.Whole(of.Positives)} positive and {Numbers.Whole(of.Negatives)} negative {Unit(of.OfPatients)}";

    /// <summary>A prevalence in per cent, and whether it is that of the data.</summary>
    /// <param name="point">The point.</param>
    public static string Prevalence(PredictiveValues.Point point) =>
        $"{Numbers.Percent(point.Prevalence)}{(point.IsOwn ? " (these data)" : "")}";

    /// <summary>A network's ratios, and its predictive values where one in ten has the disease, in a sentence without its point.</summary>
    /// <param name="displayName">Of the network.</param>
    /// <param name="of">Those of the network.</param>
    public static string InWords(string displayName, PredictiveValues of)
    {
        var tenth = of.Points.First(point => point.Prevalence == 0.1);
        return $"{displayName}, of {Counted(of)}: likelihood ratios {Numbers.Two(of.PositiveRatio)} and {Numbers.Two(of.NegativeRatio)}; "
            + $"where 10 % have the disease, a positive answer is right in {PerCent(tenth.Positive)} %, a negative one in "
            + $"{PerCent(tenth.Negative)} %";
    }

    /// <summary>Patients, or images.</summary>
    private static string Unit(bool ofPatients) => ofPatients ? "patients" : "images";

    private static string Prevalence(PredictiveValues of) => Numbers.Percent(of.Points.First(point => point.IsOwn).Prevalence);

    private static string PerCent(EstimatedFigure figure) => Numbers.Estimate(figure.Value, figure.Interval);
}
