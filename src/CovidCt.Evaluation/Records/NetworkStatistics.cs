using System.Collections.Frozen;
using CovidCt.Calibration;
using CovidCt.Evaluation;
using CovidCt.Statistics;

namespace CovidCt.Records;

/// <summary>What one network's figures are worth.</summary>
/// <param name="Network">The published name.</param>
/// <param name="Images">The figures of images, with intervals that know whose images belong together.</param>
/// <param name="Patients">
/// The same of patients, each with the mean probability over all images (<see cref="PatientPrediction"/>): means over the folds where
/// each patient lies in one, else of all folds together; null where a patient is unknown.
/// </param>
/// <param name="Probabilities">The probabilities as the network gives them.</param>
/// <param name="Calibrated">
/// The probabilities of each fold as its calibration makes them; those of a fold without one are the network's own. Null where no fold
/// has one. Of a network that was tested, those that it states itself.
/// </param>
/// <param name="Calibrations">
/// By fold, the calibration that was fitted to the other folds' answers, <see cref="NetworkCalibration.CrossFitted"/>: the one that a
/// study keeps beside the fold's network. Null where a fold has none.
/// </param>
/// <param name="OperatingPoints">Thresholds for wanted sensitivities, chosen on the other folds' answers.</param>
public sealed partial record NetworkStatistics(
    string Network,
    FigureIntervals Images,
    FigureIntervals? Patients,
    ProbabilityStatistics Probabilities,
    ProbabilityStatistics? Calibrated,
    IReadOnlyDictionary<int, NetworkCalibration?> Calibrations,
    IReadOnlyList<CrossFittedPoint> OperatingPoints)
{
    /// <summary>How the folds became one figure of patients: where a patient's images lie in several folds, all are pooled.</summary>
    public FoldSummary PatientFolds { get; init; }

    /// <summary>
    /// How much the Brier score of <see cref="Calibrated"/> is above that of <see cref="Probabilities"/>: below 0 calibration makes
    /// probabilities better. Null where no fold has one.
    /// </summary>
    public EstimatedFigure? BrierChange { get; init; }

    /// <summary>
    /// What prediction sets come to; null where there is one fold, whose images leave none to choose thresholds on, and of a network that
    /// was tested and has none.
    /// </summary>
    public SetStatistics? Sets { get; init; }

    private static readonly IReadOnlyDictionary<int, ConformalSets> NoSets = FrozenDictionary<int, ConformalSets>.Empty;

    private static readonly double[] WantedSensitivities = [0.9, 0.95];

    /// <summary>The statistics of one network, all from the same resamples of patients.</summary>
    /// <param name="predictions">Those of the network.</param>
    /// <param name="positive">The name of the positive class.</param>
    /// <param name="folds">How the folds become one figure.</param>
    /// <param name="cancellationToken">Looked at before each resample.</param>
    /// <param name="options">Null takes the defaults.</param>
    /// <param name="setLevel">How often prediction sets are to hold the class, in (0, 1).</param>
    /// <param name="answers">By path, what a network that was tested answered itself; null where it is to be cross-fitted.</param>
    /// <param name="progress">Told which share is done, in [0, 1].</param>
    internal static NetworkStatistics Of(
        IEnumerable<Prediction> predictions,
        string positive,
        FoldSummary folds,
        CancellationToken cancellationToken,
        BootstrapOptions? options = null,
        double setLevel = ConformalSets.DefaultLevel,
        IReadOnlyDictionary<string, TestedModel.Answer>? answers = null,
        Action<double>? progress = null)
    {
        var rows = FigureIntervals.Ordered(predictions, nameof(predictions));
        var clusters = Clusters.Of(rows, positive);
        var pass = new BootstrapPass(clusters);
        var images = pass.Add(WeightedOutcomes.Figures, new WeightedOutcomes(rows, positive, clusters.OfRow, folds).Compute);
        var patients = PatientRows.Of(rows, clusters);
        var (patientFolds, ofPatients) = (folds, 0);
        if (patients is not null)
        {
            patientFolds = folds == FoldSummary.Pooled ? folds : patients.Folds;
            ofPatients = pass.Add(
                WeightedOutcomes.Figures, new WeightedOutcomes(patients.Rows, positive, patients.Clusters, patientFolds).Compute);
        }

        (bool Actual, double Probability)[] stated = [.. rows.Select(row => (row.Label == positive, row.Probability))];
        var (calibration, ofStated) = Judged(stated);
        var calibrations = NetworkCalibration.CrossFitted(rows, positive);
        (bool Actual, double Probability)[] calibrated = Calibrated();
        var (ofCalibrated, firstCalibrated) = Judged(calibrated);
        var change = calibrated.Length == 0 ? 0 : pass.Add(1, new WeightedBrierChange(stated, calibrated, clusters.OfRow).Compute);
        var points = EveryFoldLeavesBothClasses(rows, stated) ? WantedSensitivities.Select(Threshold).ToList() : [];
        var answered = answers is not null && rows.All(row => answers[row.Path].Set is not null) ? answers : null;
        var crossFitted = answered is null ? ConformalSets.CrossFitted(rows, positive, setLevel) : NoSets;
        var sets = answered is null && crossFitted.Count < 2 ? null
            : SetStatistics.Judged.Of(
                [.. rows.Zip(Clusters.UnitsOf(rows, positive).Keys)], positive, row => SetStatistics.SetOf(row, crossFitted, answered));
        var ofSets = sets is null ? 0 : pass.Add(WeightedSets.Figures, sets.Weighted.Compute);

        var draws = pass.Draw(options, progress, cancellationToken);
        return new(
            rows[0].Network,
            FigureIntervals.From(draws, images, rows, clusters.OfRow, positive),
            patients is null ? null : FigureIntervals.From(draws, ofPatients, patients.Rows, patients.Clusters, positive),
            ProbabilityStatistics.Of(stated, clusters.OfRow, calibration, draws, ofStated),
            calibrated.Length == 0 ? null : ProbabilityStatistics.Of(calibrated, clusters.OfRow, ofCalibrated, draws, firstCalibrated),
            calibrations,
            [.. points.Select(point => CrossFittedPoint.Of(point.Wanted, point.Threshold, draws, point.First))])
        {
            PatientFolds = patientFolds,
            BrierChange = calibrated.Length == 0 ? null : draws.Bca(change),
            Sets = sets is null ? null
                : new(setLevel, sets.Part(0, draws, ofSets), sets.Part(1, draws, ofSets), sets.Part(2, draws, ofSets))
                {
                    CrossFitted = crossFitted,
                    Own = answered is null ? ConformalSets.OfFolds(rows, positive, setLevel) : NoSets,
                    Answers = answered,
                },
        };

        (bool, double)[] Calibrated() =>
            answers is not null && rows.All(row => answers[row.Path].Calibrated is not null)
                ? Made(row => answers[row.Path].Calibrated!.Value)
            : calibrations.Values.Any(one => one is not null)
                ? Made(row => calibrations[row.Fold]?.Apply(row.Probability) ?? row.Probability)
            : [];

        (bool, double)[] Made(Func<Prediction, double> made) => [.. rows.Zip(stated, (row, outcome) => (outcome.Actual, made(row)))];

        (WeightedCalibration, int) Judged((bool, double)[] outcomes)
        {
            var weighted = new WeightedCalibration(outcomes, clusters.OfRow);
            return (weighted, outcomes.Length == 0 ? 0 : pass.Add(weighted.Count, weighted.Compute));
        }

        (double Wanted, WeightedThreshold Threshold, int First) Threshold(double wanted)
        {
            var threshold = new WeightedThreshold(
                wanted, [.. rows.Select((row, i) => (row.Fold, stated[i].Actual, stated[i].Probability, clusters.OfRow[i]))]);
            return (wanted, threshold, pass.Add(WeightedThreshold.Figures, threshold.Compute));
        }
    }

    private static bool EveryFoldLeavesBothClasses(Prediction[] rows, (bool Actual, double Probability)[] outcomes) =>
        rows.Select(row => row.Fold).Distinct().All(fold =>
            outcomes.Where((_, row) => rows[row].Fold != fold).Select(outcome => outcome.Actual).Distinct().Count() == 2);
}
