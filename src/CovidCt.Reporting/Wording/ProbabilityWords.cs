using CovidCt.Calibration;
using CovidCt.Records;
using CovidCt.Statistics;

namespace CovidCt.Reporting.Wording;

/// <summary>How far probabilities can be taken at their word, and what thresholds come to, in sentences.</summary>
internal static class ProbabilityWords
{
    /// <summary>The caption of the calibration of the probabilities as they are.</summary>
    /// <param name="drawn">What is drawn as a whole for the intervals.</param>
    /// <param name="isOneTest">Whether there is one test part and no folds.</param>
    public static string Stated(ClusterUnit drawn, bool isOneTest = false) =>
        $"Calibration{(isOneTest ? "" : " of all folds’ images together")}, with 95 % intervals that keep "
            + ResultWords.KeptTogether(drawn);

    /// <summary>The caption of the calibration of calibrated probabilities.</summary>
    /// <param name="drawn">What is drawn as a whole for the intervals.</param>
    public static string Calibrated(ClusterUnit drawn) =>
        "The same of calibrated probabilities, each fold’s by the calibration that was fitted to the other folds’ answers; 95 % intervals "
            + $"that keep {ResultWords.KeptTogether(drawn)}, at these calibrations";

    /// <summary>The caption of a report's calibrated probabilities.</summary>
    public static string CalibratedOf(StudyReport study) => study.Given?.Tested is null
        ? Calibrated(study.Statistics!.Drawn)
        : $"{TestedWords.Calibrated}; 95 % intervals that keep {ResultWords.KeptTogether(study.Statistics!.Drawn)}";

    /// <summary>What calibration changes, in a sentence.</summary>
    /// <param name="study">What lies in the study’s folder.</param>
    /// <param name="effects">Of each network, as <see cref="Effect"/> has it.</param>
    public static string Effects(StudyReport study, string effects) => study.Given?.Tested is null
        ? $"On each fold’s images, which had no part in its calibration: {effects}. {FromOthers}"
        : $"{TestedWords.NotFitted}: {effects}.";

    /// <summary>Why no thresholds are chosen.</summary>
    /// <param name="isOneTest">Whether there is one test part and no folds.</param>
    public static string NoPoints(bool isOneTest) => isOneTest
        ? "With one test part there are no other images to choose thresholds for a wanted sensitivity on."
        : "With one fold there are no other folds’ images to choose thresholds on.";

    /// <summary>What lies beside a study's trained networks, and whether it is what the report judges; else why nothing does.</summary>
    public static string Shipped(StudyReport study)
    {
        if (study.Given is { } given)
        {
            return GivenWords.Of(given).Calibration;
        }

        if (study.Folds < 2)
        {
            return "No calibration comes with the trained networks: one is fitted to the answers about other folds’ images, and there is "
                + "one fold alone.";
        }

        if (study.Runs.Any(run => !run.IsFinished))
        {
            return "A calibration will lie beside each trained network when all folds are finished.";
        }

        var fitted = study.Runs.Select(run => (run.Calibration, Judged: study.CalibrationOf(run)))
            .Where(run => run.Judged is not null).ToList();
        return Shipped(study.Runs.Count, fitted.Count, fitted.Count(run => run.Calibration == run.Judged));
    }

    private static string Shipped(int networks, int fitted, int kept) => Lists.Sentences(
        kept < fitted
            ? $"Of {Numbers.Counted(fitted, "calibration")}, {Numbers.Whole(fitted - kept)} {Numbers.AreOf(fitted - kept)} not beside the "
                + "trained network, or of other answers than these: going on with the study writes what is missing."
            : null,
        kept > 0
            ? $"Beside {Numbers.Whole(kept)} of {Numbers.Counted(networks, "trained network")} lies its calibration "
                + $"({RunLayout.CalibrationName}), the one that it is judged with here: an intercept and a slope, the inverse of a "
                + "temperature, on the logit of its probability (Cox 1958; Platt 1999; Guo et al. 2017), fitted to the other folds’ test "
                + "images by the answers of networks that did not train on these. Whoever asks such a network gets the calibrated "
                + "probability beside the network’s own, which the answer goes by. Predictions and figures are of the networks’ own. A "
                + "calibrated one holds for images like these, with as many positive ones among them."
            : null,
        fitted < networks ? $"{Without(networks - fitted, networks)}: {WhyWithout}" : null);

    private static string Without(int count, int networks) => count == networks
        ? "No trained network has a calibration"
        : $"{Lists.Capital(Numbers.Numeral(count))} {(count == 1 ? "has none and is" : "have none and are")} judged as "
            + $"{(count == 1 ? "it is" : "they are")}";

    private const string WhyWithout = "the other folds’ answers tell the classes apart without an error, or don’t tell them apart, or are "
        + "about one class alone, so that no slope above 0 is the likeliest.";

    /// <summary>A network's calibrations in a row: what they are as temperatures, and their intercepts.</summary>
    public static string Calibrations(string displayName, IReadOnlyCollection<NetworkCalibration> of) =>
        $"{displayName}: temperature {Numbers.Span(of.Select(one => one.Temperature))}, intercept "
        + Numbers.Span(of.Select(one => one.Intercept));

    /// <summary>
    /// Whether calibration makes a network's probabilities better, judged on images that had no part in it; null where nothing says it.
    /// </summary>
    public static string? Effect(string displayName, NetworkStatistics of) => of.BrierChange is not { Value: { } change } figure
        ? null
        : $"{displayName}: calibration changes the Brier score by {Numbers.Change(figure)}"
            + figure.Interval switch
            {
                null => "",
                { High: < 0 } => ", for the better",
                { Low: > 0 } => ", for the worse",
                _ => ", which may be chance",
            };

    /// <summary>What an intercept can't do.</summary>
    public const string FromOthers = "A fold’s calibration is what the other folds’ networks ask for: where networks differ in the class "
        + "that they lean to, the fold’s own probabilities need not become better by it.";

    /// <summary>What the columns of calibration mean.</summary>
    public const string Meaning =
        "Brier score: mean squared error of the probability, the lower the better. Slope: of a logistic regression of the outcome on "
            + "the logit of "
        + "the probability; 1 is right, below it the network is too sure. In the large: the intercept where that slope is held at 1; 0 "
        + "is right, "
        + "above it more images are positive than was stated. Observed / expected: positive images for each one that the probabilities "
        + "add up "
        + "to (Van Calster et al. 2016). Calibration error: expected difference between stated and observed rate over fifteen bins "
        + "(Naeini et al. "
        + "2015; of the called class, Guo et al. 2017); chance alone puts it above 0, and “less chance” takes that away, with an "
        + "interval that "
        + "holds the truth somewhat less often than it says.";

    /// <summary>What taking the images of all folds together does.</summary>
    public const string FoldsTogether = "Folds whose networks err in opposite directions look better together than each is.";

    /// <summary>How calibrations and thresholds come about.</summary>
    public const string ChosenElsewhere = "Calibrations and thresholds of a fold are chosen on the other folds’ images, by the answers of "
        + "networks that did not train on these; nothing is chosen on the fold that is judged.";

    /// <summary>What a calibration says.</summary>
    public const string Calibration = "A temperature above 1 says that the network was too sure, an intercept above 0 that more than half "
        + "are positive of the images that it gives one half.";

    /// <summary>The caption of the thresholds.</summary>
    public const string Points =
        "Thresholds for a wanted sensitivity, chosen on the other folds, and what they came to on all test images, in per cent "
            + "with 95 % intervals";

    /// <summary>What the intervals of the thresholds mean.</summary>
    /// <param name="drawn">What is drawn as a whole for the intervals.</param>
    public static string PointsMeaning(ClusterUnit drawn)
    {
        var others = ResultWords.Units(drawn);
        return $"Sensitivity, specificity and precision are those of the thresholds as they were chosen, and their intervals are about "
            + "other "
            + $"{others} at these. In the last column every resample of {others} chooses its thresholds anew: the specificity that is "
            + "had for "
            + "the wanted sensitivity, whichever threshold that takes. Precision holds for the share of positives in these data.";
    }

    /// <summary>What the reliability diagram and decision curve of a network come to.</summary>
    /// <param name="displayName">The network.</param>
    /// <param name="of">Its probabilities.</param>
    /// <param name="isOneTest">Whether there is one test part and no folds.</param>
    public static string Figure(string displayName, ProbabilityStatistics of, bool isOneTest = false) =>
        $"{displayName}: Brier score {Numbers.Three(of.Brier)}, calibration slope {Numbers.Two(of.Slope)}, expected calibration error "
        + $"{Numbers.Fraction(of.CalibrationError, null)}. {(isOneTest ? "" : "Images of all folds together; ")}95 % intervals.";

    /// <summary>How far a network's probabilities can be taken at their word.</summary>
    public static string Judged(string displayName, ProbabilityStatistics of) =>
        $"{displayName}: {Worth(of)}";

    /// <summary>How far some probabilities can be taken at their word.</summary>
    public static string Worth(ProbabilityStatistics of) =>
        $"Brier score {Numbers.Three(of.Brier)}, slope {Numbers.Two(of.Slope)}, intercept in the large "
        + $"{Numbers.Two(of.Intercept)}, observed / expected {Numbers.Two(of.ObservedToExpected)}, expected calibration error "
        + $"{Numbers.Fraction(of.CalibrationError, null)} (less chance {Numbers.Three(of.UnbiasedError)})";
}
