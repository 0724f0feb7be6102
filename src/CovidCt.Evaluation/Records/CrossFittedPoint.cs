using CovidCt.Calibration;
using CovidCt.Evaluation;

namespace CovidCt.Records;

/// <summary>What thresholds for a wanted sensitivity, each chosen without the fold that it is used on, came to.</summary>
/// <param name="Wanted">The wanted sensitivity, in (0, 1).</param>
/// <param name="Thresholds">By ascending fold.</param>
/// <param name="Counts">Over all folds, each at its own threshold.</param>
public sealed record CrossFittedPoint(double Wanted, IReadOnlyList<double> Thresholds, ConfusionMatrix Counts)
{
    internal static CrossFittedPoint Of(double wanted, IReadOnlyList<NetworkStatistics.Part> parts)
    {
        var points = parts.Select(part => OperatingPoint.ForSensitivity(part.Others, wanted)!).ToList();
        return new(
            wanted,
            [.. points.Select(point => point.Threshold)],
            parts.Zip(points, (part, point) => point.On(part.Tested)).Aggregate((sum, counts) => sum + counts));
    }
}
