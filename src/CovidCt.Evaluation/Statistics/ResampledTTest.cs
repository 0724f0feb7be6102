namespace CovidCt.Statistics;

/// <summary>A t-test of the differences between two networks over folds.</summary>
/// <param name="MeanDifference">First less second, in the figure's unit.</param>
/// <param name="StandardError">Of the mean, corrected for what the folds' training parts share; from 0.</param>
/// <param name="T">Mean / error; null where the error is 0.</param>
/// <param name="DegreesOfFreedom">Folds - 1.</param>
/// <param name="PValue">Two-sided. Where the error is 0: 1 if the mean is 0 too, else null, for the spread is unknown.</param>
/// <param name="Interval">Mean ± t errors; null where the error is 0.</param>
internal sealed record ResampledTTest(
    double MeanDifference, double StandardError, double? T, int DegreesOfFreedom, double? PValue, Interval? Interval);
