using CovidCt.Evaluation;
using CovidCt.Statistics;

namespace CovidCt.Calibration;

/// <summary>
/// What cross-fitted thresholds for a wanted sensitivity come to on weighted clusters: those that were chosen on the data, and those that
/// the weighted clusters themselves would have chosen.
/// </summary>
/// <remarks>
/// Of thresholds that are chosen anew, the sensitivity tells nothing: over the folds it is the wanted one, nearly whatever the data,
/// since images that raise it where they test lower it where they choose. What they tell is the specificity at that sensitivity.
/// </remarks>
internal sealed class WeightedThreshold
{
    /// <summary>How many figures there are.</summary>
    public const int Figures = 4;

    /// <summary>The place of the sensitivity of the thresholds as they were chosen.</summary>
    public const int Sensitivity = 0;

    /// <summary>The place of their specificity.</summary>
    public const int Specificity = 1;

    /// <summary>The place of their precision.</summary>
    public const int Precision = 2;

    /// <summary>The place of the specificity of thresholds that are chosen anew.</summary>
    public const int SpecificityAnew = 3;

    private readonly double _wanted;
    private readonly WeightedCounts _counts;
    private readonly Row[] _positives;
    private readonly Row[][] _negatives;

    /// <param name="wanted">The wanted sensitivity, in (0, 1].</param>
    /// <param name="rows">
    /// Each image's fold, whether it is positive, the probability that it is, and its cluster; in every fold, the others have positive
    /// images.
    /// </param>
    public WeightedThreshold(double wanted, IReadOnlyList<(int Fold, bool Actual, double Probability, int Cluster)> rows)
    {
        _wanted = wanted;
        int[] folds = [.. rows.Select(row => row.Fold).Distinct().Order()];
        Thresholds =
        [
            .. folds.Select(fold => OperatingPoint.ForSensitivity(
                [.. rows.Where(row => row.Fold != fold).Select(row => (row.Actual, row.Probability))], wanted)!.Threshold),
        ];
        var placed = rows.Select(row => (Place: Array.IndexOf(folds, row.Fold), row.Actual, row.Probability, row.Cluster)).ToArray();
        _counts = new(placed.GroupBy(row => row.Cluster).Select(cluster => (
            cluster.Key,
            cluster.GroupBy(row => row.Place)
                .Select(part => ConfusionMatrix.From(part.Select(row => (row.Actual, row.Probability)), Thresholds[part.Key]))
                .Aggregate((sum, counts) => sum + counts))));
        _positives = Descending(row => row.Actual);
        _negatives = [.. folds.Select((_, place) => Descending(row => !row.Actual && row.Place == place))];

        Row[] Descending(Func<(int Place, bool Actual, double Probability, int Cluster), bool> wanted) =>
        [
            .. placed.Where(wanted).OrderByDescending(row => row.Probability)
                .Select(row => new Row(row.Place, row.Cluster, row.Probability)),
        ];
    }

    /// <summary>The thresholds as they were chosen, by ascending fold.</summary>
    public IReadOnlyList<double> Thresholds { get; }

    /// <summary>The counts over all folds, each at its own threshold.</summary>
    public ConfusionMatrix Counts => _counts.Total;

    /// <summary>Computes the figures.</summary>
    /// <param name="weights">How many times each cluster counts, from 0.</param>
    /// <param name="figures">Where they go; null for an undefined one.</param>
    public void Compute(ReadOnlySpan<int> weights, Span<double?> figures)
    {
        var (tp, fp, tn, fn) = _counts.Of(weights);
        figures[Sensitivity] = WeightedCounts.Ratio(tp, tp + fn);
        figures[Specificity] = WeightedCounts.Ratio(tn, tn + fp);
        figures[Precision] = WeightedCounts.Ratio(tp, tp + fp);
        figures[SpecificityAnew] = Anew(weights, tp + fn, tn + fp);
    }

    private double? Anew(ReadOnlySpan<int> weights, long positives, long negatives)
    {
        Span<long> ofFold = stackalloc long[_negatives.Length];
        ofFold.Clear();
        foreach (var row in _positives)
        {
            ofFold[row.Place] += weights[row.Cluster];
        }

        long called = 0;
        for (var place = 0; place < _negatives.Length; place++)
        {
            var others = positives - ofFold[place];
            if (others == 0)
            {
                return null;
            }

            called += Called(weights, place, OperatingPoint.Needed(_wanted, others));
        }

        return WeightedCounts.Ratio(negatives - called, negatives);
    }

    /// <summary>The negatives of a fold from the threshold on at which so many positives of the others are called.</summary>
    private long Called(ReadOnlySpan<int> weights, int place, long needed)
    {
        var threshold = double.NegativeInfinity;
        long reached = 0;
        foreach (var row in _positives)
        {
            reached += row.Place == place ? 0 : weights[row.Cluster];
            if (reached >= needed)
            {
                threshold = row.Probability;
                break;
            }
        }

        long called = 0;
        foreach (var row in _negatives[place])
        {
            if (row.Probability < threshold)
            {
                break;
            }

            called += weights[row.Cluster];
        }

        return called;
    }

    private readonly record struct Row(int Place, int Cluster, double Probability);
}
