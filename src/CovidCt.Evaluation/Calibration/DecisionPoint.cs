using CovidCt.Statistics;

namespace CovidCt.Calibration;

/// <summary>What acting on a test is worth at one threshold probability, in true positives an image.</summary>
/// <param name="Threshold">The probability from which one would act, in (0, 1).</param>
/// <param name="NetBenefit">TP / n - FP / n · threshold / (1 - threshold), acting where the probability is at least the threshold.</param>
/// <param name="TreatAll">The same of acting on everyone. Acting on nobody is worth 0.</param>
/// <param name="Interval">Of the net benefit, by drawing whole patients; null where none was asked for, or none can be computed.</param>
public sealed record DecisionPoint(double Threshold, double NetBenefit, double TreatAll, Interval? Interval = null);
