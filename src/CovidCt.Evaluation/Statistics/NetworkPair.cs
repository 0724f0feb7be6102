namespace CovidCt.Statistics;

/// <summary>Two networks, compared by one figure over the folds that both have, in two ways.</summary>
/// <param name="Better">The network with the higher figure; of equals, the first by name.</param>
/// <param name="Worse">The other one.</param>
/// <param name="Difference">Better less worse, as the tables have the figure, with an interval by drawing whole patients for both at
/// once.</param>
/// <param name="PValue">
/// Of that difference, by the same draws and Holm's correction over all pairs: these trained networks on other patients. Null where none
/// can
/// be computed, which counts as 1 for the others.
/// </param>
/// <param name="ToldApart">Whether it is at most the significance level.</param>
/// <param name="ResampledPValue">
/// By the corrected resampled t-test over the folds, and Holm's correction: networks trained anew on other images. Null with fewer than
/// two folds, where all folds differ by the same, and where figures are not means over folds.
/// </param>
/// <param name="ToldApartByFolds">Whether that is at most the significance level.</param>
public sealed record NetworkPair(
    string Better,
    string Worse,
    EstimatedFigure Difference,
    double? PValue,
    bool ToldApart,
    double? ResampledPValue,
    bool ToldApartByFolds);
