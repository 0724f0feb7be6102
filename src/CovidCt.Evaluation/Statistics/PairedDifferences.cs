using CovidCt.Evaluation;

namespace CovidCt.Statistics;

/// <summary>
/// Every pair of a study's networks on the images that both were tested on: the differences of <see cref="FigureIntervals.OfDifference"/>,
/// whose patients are drawn once for all networks and not once a pair.
/// </summary>
internal sealed class PairedDifferences
{
    private const int FiguresOfPair = 2;

    private PairedDifferences(IReadOnlyList<PairedDifference> accuracy, IReadOnlyList<PairedDifference> auc) =>
        (Accuracy, Auc) = (accuracy, auc);

    /// <summary>In accuracy, a pair of names each, in ordinal order.</summary>
    public IReadOnlyList<PairedDifference> Accuracy { get; }

    /// <summary>In the area under the ROC curve, in the same order.</summary>
    public IReadOnlyList<PairedDifference> Auc { get; }

    /// <summary>The differences of all pairs.</summary>
    /// <param name="predictions">Of any number of networks of one study; a pair is compared on the folds that both have.</param>
    /// <param name="positive">The name of the positive class.</param>
    /// <param name="folds">How the folds become one figure.</param>
    /// <param name="options">
    /// Null takes 10,000 resamples, so that a p-value can be small enough for Holm's correction over the 66 pairs of twelve networks.
    /// </param>
    /// <param name="cancellationToken">Looked at before each resample.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static PairedDifferences Of(
        IEnumerable<Prediction> predictions,
        string positive,
        FoldSummary folds,
        BootstrapOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        Prediction[][] networks =
        [
            .. predictions.GroupBy(p => p.Network, StringComparer.Ordinal).OrderBy(network => network.Key, StringComparer.Ordinal)
                .Select(network => FigureIntervals.Ordered(network, nameof(predictions))),
        ];
        Prediction[] images = [.. networks.SelectMany(rows => rows).DistinctBy(p => p.Path).OrderBy(p => p.Path, StringComparer.Ordinal)];
        var clusters = Clusters.Of(images, positive);
        var outcomes = new CommonOutcomes(networks, images, positive, clusters, folds);
        (int First, int Second)[] pairs =
        [
            .. Enumerable.Range(0, networks.Length).SelectMany(i => Enumerable.Range(i + 1, networks.Length - i - 1).Select(j => (i, j))),
        ];
        foreach (var (first, second) in pairs)
        {
            outcomes.Prepare(first, second);
        }

        var draws = ClusterBootstrap.Draw(
            clusters, FiguresOfPair * pairs.Length, Compute, options ?? new() { Resamples = 10_000 }, cancellationToken);
        return new([.. pairs.Select((_, pair) => Pair(pair, 0))], [.. pairs.Select((_, pair) => Pair(pair, 1))]);

        void Compute(ReadOnlySpan<int> weights, Span<double?> figures)
        {
            outcomes.Compute(weights);
            for (var pair = 0; pair < pairs.Length; pair++)
            {
                var (minuend, subtrahend) = outcomes.Of(pair);
                figures[FiguresOfPair * pair] = minuend[WeightedOutcomes.Accuracy] - subtrahend[WeightedOutcomes.Accuracy];
                figures[(FiguresOfPair * pair) + 1] = minuend[WeightedOutcomes.Auc] - subtrahend[WeightedOutcomes.Auc];
            }
        }

        PairedDifference Pair(int pair, int figure)
        {
            var (first, second) = pairs[pair];
            var place = (FiguresOfPair * pair) + figure;
            return new(networks[first][0].Network, networks[second][0].Network, draws.Bca(place), draws.PValue(place));
        }
    }

    /// <summary>The figures of each network over the folds that it has in common with another, once for each such set of folds.</summary>
    private sealed class CommonOutcomes(
        Prediction[][] networks, Prediction[] images, string positive, Clusters clusters, FoldSummary folds)
    {
        private readonly Dictionary<string, int> _clusterOf =
            images.Select((p, row) => (p.Path, Cluster: clusters.OfRow[row]))
                .ToDictionary(row => row.Path, row => row.Cluster, StringComparer.Ordinal);

        private readonly Dictionary<(int Network, string Folds), int> _places = [];
        private readonly List<(WeightedOutcomes Outcomes, double?[] Figures)> _views = [];
        private readonly List<(int First, int Second)> _pairs = [];

        public void Prepare(int first, int second)
        {
            var common = networks[first].Select(p => p.Fold).Intersect(networks[second].Select(p => p.Fold)).ToHashSet();
            _pairs.Add((View(first, common), View(second, common)));
        }

        public void Compute(ReadOnlySpan<int> weights)
        {
            foreach (var (outcomes, figures) in _views)
            {
                outcomes.Compute(weights, figures);
            }
        }

        public (double?[] First, double?[] Second) Of(int pair) =>
            (_views[_pairs[pair].First].Figures, _views[_pairs[pair].Second].Figures);

        private int View(int network, HashSet<int> common)
        {
            var key = (network, string.Join(',', common.Order()));
            if (!_places.TryGetValue(key, out var place))
            {
                Prediction[] rows = [.. networks[network].Where(p => common.Contains(p.Fold))];
                _places[key] = place = _views.Count;
                _views.Add((
                    new(rows, positive, [.. rows.Select(p => _clusterOf[p.Path])], folds), new double?[WeightedOutcomes.Figures]));
            }

            return place;
        }
    }
}
