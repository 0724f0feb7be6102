using CovidCt.Records;

namespace CovidCt.Reporting.Wording;

/// <summary>How far probabilities can be taken at their word, and what thresholds come to, in sentences.</summary>
internal static class ProbabilityWords
{
    /// <summary>The caption of the calibration of the probabilities as they are.</summary>
    public static string Stated(bool knowsPatients) =>
        $"Calibration of all folds’ images together, with 95 % intervals that keep {Kept(knowsPatients)}";

    /// <summary>The caption of the calibration under temperatures.</summary>
    public static string Scaled(bool knowsPatients) =>
        $"The same with each fold’s probabilities under the temperature that suits the other folds; 95 % intervals that keep "
            + $"{Kept(knowsPatients)}, "
        + "at these temperatures";

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
        + "holds the truth somewhat less often than it says. Folds whose networks err in opposite directions look better together than "
        + "each is.";

    /// <summary>What a temperature says.</summary>
    public const string Temperature = "A temperature above 1 says that the network was too sure.";

    /// <summary>The caption of the thresholds.</summary>
    public const string Points =
        "Thresholds for a wanted sensitivity, chosen on the other folds, and what they came to on all test images, in per cent "
            + "with 95 % intervals";

    /// <summary>What the intervals of the thresholds mean.</summary>
    /// <param name="knowsPatients">Whether whole patients are drawn.</param>
    public static string PointsMeaning(bool knowsPatients)
    {
        var others = knowsPatients ? "patients" : "images";
        return $"Sensitivity, specificity and precision are those of the thresholds as they were chosen, and their intervals are about "
            + "other "
            + $"{others} at these. In the last column every resample of {others} chooses its thresholds anew: the specificity that is "
            + "had for "
            + "the wanted sensitivity, whichever threshold that takes. Precision holds for the share of positives in these data.";
    }

    /// <summary>What the reliability diagram and decision curve of a network come to.</summary>
    public static string Figure(string displayName, ProbabilityStatistics of) =>
        $"{displayName}: Brier score {Numbers.Three(of.Brier)}, calibration slope {Numbers.Two(of.Slope)}, expected calibration error "
        + $"{Numbers.Fraction(of.CalibrationError, null)}. Images of all folds together; 95 % intervals.";

    /// <summary>How far a network's probabilities can be taken at their word.</summary>
    public static string Calibration(string displayName, ProbabilityStatistics of) =>
        $"{displayName}: Brier score {Numbers.Three(of.Brier)}, slope {Numbers.Two(of.Slope)}, intercept in the large "
        + $"{Numbers.Two(of.Intercept)}, observed / expected {Numbers.Two(of.ObservedToExpected)}, expected calibration error "
        + $"{Numbers.Fraction(of.CalibrationError, null)} (less chance {Numbers.Three(of.UnbiasedError)})";

    private static string Kept(bool knowsPatients) => knowsPatients ? "a patient’s images together" : "every image for itself";
}
