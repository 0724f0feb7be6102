namespace CovidCt.Calibration;

/// <summary>
/// What probabilities are worth on weighted clusters, in time proportional to the images: every image's bins are found once. With all
/// weights 1 these are the figures of <see cref="BrierScore"/>, <see cref="CalibrationError"/> and <see cref="DecisionCurve"/>.
/// </summary>
internal sealed class WeightedCalibration
{
    /// <summary>The place of the Brier score.</summary>
    public const int Brier = 0;

    /// <summary>The place of the calibration slope.</summary>
    public const int Slope = 1;

    /// <summary>The place of the calibration in the large.</summary>
    public const int Intercept = 2;

    /// <summary>The place of the positive images for each one that was expected.</summary>
    public const int ObservedToExpected = 3;

    private const int Bins = 15, FirstGap = 4, FirstTopGap = FirstGap + Bins, FirstBenefit = FirstTopGap + Bins;

    private readonly int[] _clusters;
    private readonly CalibrationRegression _regression;
    private readonly Row[] _rows;
    private readonly double[] _thresholds;

    /// <param name="outcomes">Whether an image is positive, and the probability, in [0, 1], that it is.</param>
    /// <param name="clusters">The cluster of each.</param>
    /// <exception cref="ArgumentException">A probability is not in [0, 1].</exception>
    public WeightedCalibration(IReadOnlyList<(bool Actual, double Probability)> outcomes, IReadOnlyList<int> clusters)
    {
        Outcomes.RequireProbabilities(outcomes, nameof(outcomes));
        _clusters = [.. clusters];
        _regression = new(outcomes, clusters);
        _thresholds = [.. DecisionCurve.Thresholds];
        var edges = ReliabilityDiagram.Edges(Bins);
        _rows =
        [
            .. outcomes.Zip(Outcomes.TopLabel(outcomes), (outcome, top) => new Row(
                outcome.Actual,
                outcome.Probability,
                ReliabilityDiagram.Bin(edges, outcome.Probability),
                (top.Right ? 1 : 0) - top.Confidence,
                ReliabilityDiagram.Bin(edges, top.Confidence),
                _thresholds.Count(threshold => outcome.Probability >= threshold))),
        ];
    }

    /// <summary>How many figures there are.</summary>
    public int Count => FirstBenefit + _thresholds.Length;

    /// <summary>The places of what each bin adds to the calibration error, with its sign.</summary>
    public static Range Gaps => FirstGap..FirstTopGap;

    /// <summary>The same of the called class's probability.</summary>
    public static Range TopLabelGaps => FirstTopGap..FirstBenefit;

    /// <summary>The places of the net benefits at <see cref="DecisionCurve.Thresholds"/>.</summary>
    public Range NetBenefits => FirstBenefit..Count;

    /// <summary>Computes all figures.</summary>
    /// <param name="weights">How many times each cluster counts, from 0.</param>
    /// <param name="figures">Where the figures go; null for an undefined one.</param>
    public void Compute(ReadOnlySpan<int> weights, Span<double?> figures)
    {
        Span<double> binary = stackalloc double[Bins], top = stackalloc double[Bins];
        Span<long> called = stackalloc long[2 * (_thresholds.Length + 1)];
        binary.Clear();
        top.Clear();
        called.Clear();
        long all = 0, positives = 0;
        double squares = 0, expected = 0;
        for (var i = 0; i < _rows.Length; i++)
        {
            var weight = weights[_clusters[i]];
            if (weight == 0)
            {
                continue;
            }

            ref readonly var row = ref _rows[i];
            var rest = (row.Actual ? 1 : 0) - row.Probability;
            all += weight;
            positives += row.Actual ? weight : 0;
            squares += weight * rest * rest;
            expected += weight * row.Probability;
            binary[row.Bin] += weight * rest;
            top[row.TopBin] += weight * row.TopRest;
            called[(2 * row.Reached) + (row.Actual ? 1 : 0)] += weight;
        }

        figures[Brier] = all == 0 ? null : squares / all;
        figures[Slope] = _regression.Slope(weights);
        figures[Intercept] = _regression.InTheLarge(weights);
        figures[ObservedToExpected] = expected > 0 ? positives / expected : null;
        for (var bin = 0; bin < Bins; bin++)
        {
            figures[FirstGap + bin] = all == 0 ? null : binary[bin] / all;
            figures[FirstTopGap + bin] = all == 0 ? null : top[bin] / all;
        }

        Benefit(called, all, figures[FirstBenefit..]);
    }

    private void Benefit(ReadOnlySpan<long> called, long all, Span<double?> figures)
    {
        long falsePositives = 0, truePositives = 0;
        for (var i = _thresholds.Length - 1; i >= 0; i--)
        {
            falsePositives += called[2 * (i + 1)];
            truePositives += called[(2 * (i + 1)) + 1];
            figures[i] = all == 0 ? null : DecisionCurve.NetBenefit(truePositives, falsePositives, all, _thresholds[i]);
        }
    }

    /// <param name="Actual">Whether the image is positive.</param>
    /// <param name="Probability">That it is.</param>
    /// <param name="Bin">The bin of the probability.</param>
    /// <param name="TopRest">1 or 0 for right or wrong, less the called class's probability.</param>
    /// <param name="TopBin">The bin of that probability.</param>
    /// <param name="Reached">How many of the decision curve's thresholds the probability reaches.</param>
    private readonly record struct Row(bool Actual, double Probability, int Bin, double TopRest, int TopBin, int Reached);
}
