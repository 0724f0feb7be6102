using CovidCt.Evaluation;

namespace CovidCt.Statistics;

/// <summary>
/// Which networks of a study can be told apart by a figure, and which can't: on other patients, as they were trained, and trained anew.
/// </summary>
/// <param name="Figure">The figure's name, for a sentence.</param>
/// <param name="Significance">The chance, at most, that either test tells any pair apart that doesn't differ.</param>
/// <param name="Networks">By name, ordinal.</param>
/// <param name="Pairs">Every pair, those that are told apart most clearly first.</param>
public sealed record Distinguishable(
    string Figure, double Significance, IReadOnlyList<string> Networks, IReadOnlyList<NetworkPair> Pairs)
{
    /// <summary>
    /// Tests every pair of networks by its paired difference and by <see cref="CorrectedResampledTTest"/> over the folds, whose ratio of
    /// test to training images is 1 / (folds - 1), and corrects each with <see cref="Holm"/>.
    /// </summary>
    /// <param name="networks">Networks of one study, on the same folds.</param>
    /// <param name="folds">How many folds were drawn, whether or not a network has been tested on all of them.</param>
    /// <param name="figure">The figure's name, such as <c>accuracy</c>.</param>
    /// <param name="of">Picks the figure.</param>
    /// <param name="differences">Every pair's difference in it.</param>
    /// <param name="summary">How the folds become one figure; of pooled folds no test over the folds is made.</param>
    /// <param name="significance">In (0, 1); 0.05 by default.</param>
    /// <exception cref="ArgumentException">A network is there twice, or a difference is of one that isn't there.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The significance is out of its range.</exception>
    internal static Distinguishable Of(
        IReadOnlyList<NetworkResult> networks,
        int folds,
        string figure,
        Func<FiguresOfMerit, double?> of,
        IReadOnlyList<PairedDifference> differences,
        FoldSummary summary = FoldSummary.Mean,
        double significance = 0.05)
    {
        ArgumentNullException.ThrowIfNull(networks);
        ArgumentNullException.ThrowIfNull(of);
        ArgumentNullException.ThrowIfNull(differences);
        Interval.RequireLevel(significance);
        if (networks.CountBy(n => n.Name).FirstOrDefault(n => n.Value > 1) is { Key: { } twice })
        {
            throw new ArgumentException($"'{twice}' is among the networks more than once.", nameof(networks));
        }

        var byName = networks.ToDictionary(n => n.Name, StringComparer.Ordinal);
        double?[] resampled =
        [
            .. differences.Select(pair => summary == FoldSummary.Pooled
                ? null
                : OverFolds(Network(pair.First), Network(pair.Second), folds, of, 1 - significance)?.PValue),
        ];
        var (paired, overFolds) = (Adjusted([.. differences.Select(pair => pair.PValue)]), Adjusted(resampled));
        return new(
            figure,
            significance,
            [.. networks.Select(n => n.Name).Order(StringComparer.Ordinal)],
            [
                .. differences.Select((pair, i) => Pair(pair, paired[i], overFolds[i], significance))
                    .OrderBy(pair => pair.PValue ?? 1)
                    .ThenBy(pair => pair.ResampledPValue ?? 1)
                    .ThenBy(pair => pair.Better, StringComparer.Ordinal)
                    .ThenBy(pair => pair.Worse, StringComparer.Ordinal),
            ]);

        NetworkResult Network(string name) => byName.TryGetValue(name, out var network)
            ? network
            : throw new ArgumentException($"'{name}' is none of the networks.", nameof(differences));
    }

    private static NetworkPair Pair(PairedDifference pair, double? paired, double? overFolds, double significance)
    {
        var turn = pair.Difference.Value < 0;
        var (better, worse) = turn ? (pair.Second, pair.First) : (pair.First, pair.Second);
        var difference = turn
            ? new(-pair.Difference.Value, pair.Difference.Interval is { } i ? new(-i.High, -i.Low, i.Level) : null)
            : pair.Difference;
        return new(better, worse, difference, paired, paired <= significance, overFolds, overFolds <= significance);
    }

    private static ResampledTTest? OverFolds(
        NetworkResult first, NetworkResult second, int folds, Func<FiguresOfMerit, double?> of, double level)
    {
        double[] differences =
        [
            .. first.Folds.Join(second.Folds, f => f.Fold, f => f.Fold, (a, b) => of(a.Figures) - of(b.Figures)).OfType<double>(),
        ];
        return folds < 2 ? null : CorrectedResampledTTest.Of(differences, 1.0 / (folds - 1), level);
    }

    /// <summary>Holm's correction over all pairs, in which one without a p-value counts as 1.</summary>
    private static double?[] Adjusted(double?[] pValues)
    {
        var adjusted = Holm.Adjust([.. pValues.Select(p => p ?? 1)]);
        return [.. pValues.Select((p, i) => p is null ? null : (double?)adjusted[i])];
    }
}
