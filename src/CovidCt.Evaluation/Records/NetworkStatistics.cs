using CovidCt.Calibration;
using CovidCt.Evaluation;
using CovidCt.Statistics;

namespace CovidCt.Records;

/// <summary>What one network's figures are worth.</summary>
/// <param name="Network">The published name.</param>
/// <param name="Images">The figures of images, with intervals that know whose images belong together.</param>
/// <param name="Patients">
/// The same of patients, each with the mean probability over all images (<see cref="PatientPrediction"/>), of all folds together; null
/// where a patient is unknown.
/// </param>
/// <param name="Probabilities">The probabilities as the network gives them.</param>
/// <param name="Scaled">
/// The probabilities of each fold under a temperature that was fitted to the other folds' answers; null where there is but
/// one fold, or the others have images of one class alone.
/// </param>
/// <param name="Temperatures">The temperatures, by ascending fold; empty where <paramref name="Scaled"/> is null.</param>
/// <param name="OperatingPoints">Thresholds for wanted sensitivities, chosen on the other folds' answers.</param>
public sealed record NetworkStatistics(
    string Network,
    FigureIntervals Images,
    FigureIntervals? Patients,
    ProbabilityStatistics Probabilities,
    ProbabilityStatistics? Scaled,
    IReadOnlyList<double> Temperatures,
    IReadOnlyList<CrossFittedPoint> OperatingPoints)
{
    private static readonly double[] WantedSensitivities = [0.9, 0.95];

    /// <summary>The statistics of one network.</summary>
    /// <param name="predictions">Those of the network.</param>
    /// <param name="positive">The name of the positive class.</param>
    /// <param name="folds">How the folds become one figure.</param>
    /// <param name="cancellation">Looked at before each resample.</param>
    internal static NetworkStatistics Of(
        IReadOnlyList<Prediction> predictions, string positive, FoldSummary folds, CancellationToken cancellation)
    {
        var parts = predictions.GroupBy(prediction => prediction.Fold).OrderBy(fold => fold.Key)
            .Select(fold => new Part(Outcomes(fold, positive), Outcomes(predictions.Where(other => other.Fold != fold.Key), positive)))
            .ToList();
        var canScale = parts.All(part => part.Others.Any(other => other.Actual) && part.Others.Any(other => !other.Actual));
        var temperatures = canScale ? parts.Select(part => TemperatureScaling.Fit(part.Others)).ToList() : [];
        return new(
            predictions[0].Network,
            FigureIntervals.Of(predictions, positive, folds, cancellation: cancellation),
            OfPatients(predictions) is { } patients
                ? FigureIntervals.Of(patients, positive, FoldSummary.Pooled, cancellation: cancellation)
                : null,
            ProbabilityStatistics.Of([.. parts.SelectMany(part => part.Tested)]),
            canScale ? ProbabilityStatistics.Of([.. parts.Zip(temperatures, (part, temperature) => part.Tested.Select(outcome => (outcome.Actual, temperature.Apply(outcome.Probability)))).SelectMany(scaled => scaled)]) : null,
            [.. temperatures.Select(temperature => temperature.Temperature)],
            canScale ? [.. WantedSensitivities.Select(wanted => CrossFittedPoint.Of(wanted, parts))] : []);
    }

    /// <summary>One test of all patients together: a patient's images may lie in several folds.</summary>
    private static IEnumerable<Prediction>? OfPatients(IReadOnlyList<Prediction> predictions) => predictions.Any(prediction => prediction.Patient is null)
        ? null
        : PatientPrediction.From(predictions).Select(patient => new Prediction($"{patient.Patient}/{patient.Label}", patient.Label, patient.Patient, patient.Network, 0, patient.Probability) { Source = patient.Source });

    private static (bool Actual, double Probability)[] Outcomes(IEnumerable<Prediction> predictions, string positive) =>
        [.. predictions.OrderBy(prediction => prediction.Path, StringComparer.Ordinal).Select(prediction => (prediction.Label == positive, prediction.Probability))];

    /// <summary>What a fold tests, and the answers about all other images, by networks that were not trained on them.</summary>
    internal sealed record Part((bool Actual, double Probability)[] Tested, (bool Actual, double Probability)[] Others);
}
