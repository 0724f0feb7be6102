using System.Text.Json;
using CovidCt.Evaluation;

namespace CovidCt.Calibration;

/// <summary>
/// How the probabilities of a trained network become calibrated ones: p becomes σ(a + b · logit p), where a and b are those of the
/// logistic regression of the outcome on logit p (Cox, "Two further applications of a model for binary regression", Biometrika 1958,
/// 45, 562-565). b is the inverse of a temperature (Guo, Pleiss, Sun and Weinberger, "On calibration of modern neural networks", ICML
/// 2017), which mends how sure a network is; a mends a shift to one class too, as in Platt, "Probabilistic outputs for support vector
/// machines", in: Advances in large margin classifiers, 1999.
/// </summary>
/// <remarks>
/// The order of images stays, and so does every figure that hangs on it; which probabilities reach one half changes. Every image counts
/// once. A calibrated probability is one of an image, and holds for images like those that it was fitted on, as many of them positive:
/// <see cref="Positives"/> of <see cref="Images"/>. Where the share is another, log-odds are off by the difference of the shares'
/// log-odds (Saerens, Latinne and Decaestecker, Neural Computation 2002, 14, 21-41).
/// </remarks>
/// <param name="Intercept">a, in nats of log-odds: above 0, more than half are positive of images that get one half.</param>
/// <param name="Slope">b, above 0: below 1 the network is too sure, above 1 not sure enough.</param>
/// <param name="Images">The number of images that it was fitted on.</param>
/// <param name="Positives">How many of them are positive.</param>
public sealed record NetworkCalibration(double Intercept, double Slope, int Images, int Positives)
{
    /// <summary>a, in nats of log-odds.</summary>
    public double Intercept { get; init; } = double.IsFinite(Intercept)
        ? Intercept
        : throw new ArgumentException($"An intercept is {Intercept}, not a finite number.", nameof(Intercept));

    /// <summary>b, above 0.</summary>
    public double Slope { get; init; } = double.IsFinite(Slope) && Slope > 0
        ? Slope
        : throw new ArgumentException($"A slope is {Slope}, not a finite number above 0.", nameof(Slope));

    /// <summary>1 / b: above 1 the network is too sure, below 1 not sure enough.</summary>
    public double Temperature => 1 / Slope;

    /// <summary>
    /// The calibration of each fold's network, fitted to the test predictions of all other folds, by the networks that weren't trained on
    /// these images: a fold's own predictions have no part in it.
    /// </summary>
    /// <remarks>
    /// A fold has none where the others ask for none: there is no other, their images are of one class, no wrong order is among their
    /// answers, so that no slope is too steep, or their order is the wrong one, so that no slope above 0 is the likeliest. Equal
    /// predictions give equal bits, in whichever order they come.
    /// </remarks>
    /// <param name="predictions">The test predictions of one network.</param>
    /// <param name="positive">The name of the positive class.</param>
    /// <returns>By fold, for each that has predictions; null where a fold has none.</returns>
    /// <exception cref="ArgumentException">A probability is not in [0, 1].</exception>
    public static IReadOnlyDictionary<int, NetworkCalibration?> CrossFitted(IEnumerable<Prediction> predictions, string positive)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        List<Prediction> rows = [.. predictions.OrderBy(row => row.Path, StringComparer.Ordinal).ThenBy(row => row.Fold)];
        return rows.Select(row => row.Fold).Distinct().Order().ToDictionary(
            fold => fold,
            fold => Fit([.. rows.Where(row => row.Fold != fold).Select(row => (row.Label == positive, row.Probability))]));
    }

    /// <summary>
    /// The calibration of the networks of all folds as one, fitted to the test predictions of all of them together: each image's by
    /// networks that weren't trained on it. Of networks from several seeds these are means over the seeds (<c>SeedEnsemble.Average</c>).
    /// </summary>
    /// <param name="predictions">The test predictions of one network.</param>
    /// <param name="positive">The name of the positive class.</param>
    /// <returns>
    /// Null where they ask for none, as of <see cref="CrossFitted"/>; of a single fold too, on which no calibration could be judged.
    /// </returns>
    /// <exception cref="ArgumentException">A probability is not in [0, 1].</exception>
    public static NetworkCalibration? OfAllFolds(IEnumerable<Prediction> predictions, string positive)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        List<Prediction> rows = [.. predictions.OrderBy(row => row.Path, StringComparer.Ordinal).ThenBy(row => row.Fold)];
        var fitted = Fit([.. rows.Select(row => (row.Label == positive, row.Probability))]);
        return rows.Select(row => row.Fold).Distinct().Count() > 1 ? fitted : null;
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    /// <exception cref="JsonException">It is no calibration.</exception>
    public static NetworkCalibration FromJson(string text) => CalibrationJson.Read(text, CalibrationJson.Files.NetworkCalibration);

    /// <summary>The calibration as text, which travels with the network's weights.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, CalibrationJson.Files.NetworkCalibration);

    /// <summary>The calibrated probability.</summary>
    /// <param name="probability">The positive class's as the network states it, in [0, 1]; 0 and 1 count as 2⁻⁵³ from there.</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability is not in [0, 1].</exception>
    public double Apply(double probability) => probability is >= 0 and <= 1
        ? Logits.Sigmoid(Intercept + (Slope * Logits.Of(probability)))
        : throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability lies in 0…1.");

    /// <summary>The likeliest calibration; null where there is none of a slope above 0.</summary>
    internal static NetworkCalibration? Fit(IReadOnlyList<(bool Actual, double Probability)> outcomes)
    {
        Outcomes.RequireProbabilities(outcomes, nameof(outcomes));
        return CalibrationRegression.Of(outcomes) is { Slope: > 0 } line
            ? new(line.Intercept, line.Slope, outcomes.Count, outcomes.Count(outcome => outcome.Actual))
            : null;
    }
}
