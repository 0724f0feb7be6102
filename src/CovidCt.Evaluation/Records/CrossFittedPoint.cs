using CovidCt.Calibration;
using CovidCt.Evaluation;
using CovidCt.Statistics;

namespace CovidCt.Records;

/// <summary>What thresholds for a wanted sensitivity, each chosen without the fold that it is used on, came to.</summary>
/// <param name="Wanted">The wanted sensitivity, in (0, 1).</param>
/// <param name="Thresholds">By ascending fold.</param>
/// <param name="Counts">Over all folds, each at its own threshold.</param>
/// <param name="Sensitivity">Of these counts; its interval is about other patients at these thresholds.</param>
/// <param name="Specificity">The same.</param>
/// <param name="Precision">The same, at the mix of classes in the data.</param>
/// <param name="SpecificityAnew">
/// The specificity where every resample of patients chooses its thresholds itself: what is had for the wanted sensitivity, whichever
/// threshold that takes.
/// </param>
public sealed record CrossFittedPoint(
    double Wanted,
    IReadOnlyList<double> Thresholds,
    ConfusionMatrix Counts,
    EstimatedFigure Sensitivity,
    EstimatedFigure Specificity,
    EstimatedFigure Precision,
    EstimatedFigure SpecificityAnew)
{
    internal static CrossFittedPoint Of(double wanted, WeightedThreshold point, BootstrapDraws draws, int first) => new(
        wanted,
        point.Thresholds,
        point.Counts,
        draws.Bca(first + WeightedThreshold.Sensitivity),
        draws.Bca(first + WeightedThreshold.Specificity),
        draws.Bca(first + WeightedThreshold.Precision),
        draws.Bca(first + WeightedThreshold.SpecificityAnew));
}
