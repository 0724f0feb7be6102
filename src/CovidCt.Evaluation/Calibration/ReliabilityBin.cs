using CovidCt.Statistics;

namespace CovidCt.Calibration;

/// <summary>The images whose probability lies in (low, high], or in [low, high] for the first bin.</summary>
/// <param name="Low">The lower edge, in [0, 1].</param>
/// <param name="High">The upper edge, in [0, 1].</param>
/// <param name="Count">The number of images.</param>
/// <param name="MeanProbability">Of the images; null when there are none.</param>
/// <param name="ObservedRate">The share of the images that are positive; null when there are none.</param>
/// <param name="Interval">
/// Wilson's interval of that share, with as many trials as images of the same patients are worth (Korn and Graubard 1998); null when
/// there are none.
/// </param>
public sealed record ReliabilityBin(
    double Low, double High, int Count, double? MeanProbability, double? ObservedRate, Interval? Interval);
