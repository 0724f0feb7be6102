using CovidCt.Evaluation;

namespace CovidCt.Statistics;

/// <summary>
/// The six figures of merit of a network on weighted clusters, in time proportional to the images: scores are sorted
/// once, and counted by cluster beforehand. With all weights 1 these are the figures of <see cref="FiguresOfMerit"/>.
/// </summary>
internal sealed class WeightedOutcomes
{
    public const int Figures = 6;

    /// <summary>The places of two of them.</summary>
    public const int Accuracy = 0, Auc = 5;

    private readonly Part[] _parts;

    /// <param name="predictions">Those of one network.</param>
    /// <param name="positive">The name of the positive class.</param>
    /// <param name="clusters">The cluster of each prediction.</param>
    /// <param name="folds">How the folds become one figure.</param>
    public WeightedOutcomes(IReadOnlyList<Prediction> predictions, string positive, IReadOnlyList<int> clusters, FoldSummary folds)
    {
        var rows = predictions.Select((p, row) => new Row(p.Fold, clusters[row], p.Label == positive, p.Probability));
        _parts = folds == FoldSummary.Pooled
            ? [new([.. rows])]
            : [.. rows.GroupBy(row => row.Fold).OrderBy(fold => fold.Key).Select(fold => new Part([.. fold]))];
    }

    /// <summary>Accuracy, precision, sensitivity, specificity, F1 and AUC.</summary>
    public void Compute(ReadOnlySpan<int> weights, Span<double?> figures)
    {
        Span<double> sums = stackalloc double[Figures];
        Span<int> defined = stackalloc int[Figures];
        sums.Clear();
        defined.Clear();
        foreach (var part in _parts)
        {
            part.Compute(weights, figures);
            for (var i = 0; i < Figures; i++)
            {
                if (figures[i] is { } value)
                {
                    sums[i] += value;
                    defined[i]++;
                }
            }
        }

        for (var i = 0; i < Figures; i++)
        {
            figures[i] = defined[i] == 0 ? null : sums[i] / defined[i];
        }
    }

    private readonly record struct Row(int Fold, int Cluster, bool Actual, double Probability);

    /// <summary>The images of one fold.</summary>
    private sealed class Part
    {
        private readonly WeightedCounts _counts;
        private readonly int[] _cluster;
        private readonly bool[] _actual;
        private readonly int[] _tieEnds;

        public Part(Row[] rows)
        {
            _counts = new(rows.GroupBy(row => row.Cluster).Select(cluster => (
                cluster.Key, ConfusionMatrix.From(cluster.Select(row => (row.Actual, row.Probability))))));
            Array.Sort(rows, (a, b) => a.Probability.CompareTo(b.Probability));
            _cluster = [.. rows.Select(row => row.Cluster)];
            _actual = [.. rows.Select(row => row.Actual)];
            _tieEnds =
            [
                .. Enumerable.Range(1, rows.Length)
                    .Where(end => end == rows.Length || rows[end].Probability != rows[end - 1].Probability),
            ];
        }

        public void Compute(ReadOnlySpan<int> weights, Span<double?> figures)
        {
            var (tp, fp, tn, fn) = _counts.Of(weights);
            figures[0] = WeightedCounts.Ratio(tp + tn, tp + fp + tn + fn);
            figures[1] = WeightedCounts.Ratio(tp, tp + fp);
            figures[2] = WeightedCounts.Ratio(tp, tp + fn);
            figures[3] = WeightedCounts.Ratio(tn, tn + fp);
            figures[4] = WeightedCounts.Ratio(2 * tp, 2 * tp + fp + fn);
            figures[5] = Area(weights, tp + fn, tn + fp);
        }

        /// <summary>The Mann-Whitney statistic, ties half; twice the pairs in the right order are whole numbers.</summary>
        private double? Area(ReadOnlySpan<int> weights, long positives, long negatives)
        {
            if (positives == 0 || negatives == 0)
            {
                return null;
            }

            long twiceRight = 0, negativesBelow = 0;
            var row = 0;
            foreach (var end in _tieEnds)
            {
                long tiedPositives = 0, tiedNegatives = 0;
                for (; row < end; row++)
                {
                    var weight = weights[_cluster[row]];
                    if (_actual[row])
                    {
                        tiedPositives += weight;
                    }
                    else
                    {
                        tiedNegatives += weight;
                    }
                }

                twiceRight += tiedPositives * (2 * negativesBelow + tiedNegatives);
                negativesBelow += tiedNegatives;
            }

            return twiceRight / (2.0 * positives * negatives);
        }
    }
}
