using CovidCt.Evaluation;

namespace CovidCt.Statistics;

/// <summary>
/// The figures of merit of one network, or differences of two, with intervals that know whose images belong together.
/// Figures are fractions; differences lie in [-1, 1].
/// </summary>
/// <param name="Accuracy">Share of images that were classified rightly.</param>
/// <param name="Precision">Share of the images called positive that are.</param>
/// <param name="Sensitivity">Share of the positive images that were called so.</param>
/// <param name="Specificity">Share of the negative images that were called so.</param>
/// <param name="F1">Harmonic mean of precision and sensitivity.</param>
/// <param name="Auc">Area under the ROC curve.</param>
public sealed record FigureIntervals(
    EstimatedFigure Accuracy,
    EstimatedFigure Precision,
    EstimatedFigure Sensitivity,
    EstimatedFigure Specificity,
    EstimatedFigure F1,
    EstimatedFigure Auc)
{
    /// <summary>The figures alone.</summary>
    public FiguresOfMerit Values =>
        new(Accuracy.Value, Precision.Value, Sensitivity.Value, Specificity.Value, F1.Value, Auc.Value);

    /// <summary>
    /// One network's figures with BCa intervals by <see cref="ClusterBootstrap"/>. A figure that is 0 or 1 in every
    /// resample gets Wilson's interval instead, as if each cluster behind its denominator were one trial (for the AUC, each
    /// of the class with fewer): a perfect test on 20 patients isn't certain.
    /// </summary>
    /// <param name="predictions">Those of one network, in any order; the order changes nothing.</param>
    /// <param name="positive">The name of the positive class.</param>
    /// <param name="folds">How the folds become one figure.</param>
    /// <param name="options">Null takes the defaults.</param>
    /// <param name="cancellationToken">Looked at before each resample.</param>
    /// <exception cref="ArgumentException">
    /// The predictions are of several networks, an image is there twice, a probability is not a finite number, or an
    /// option is out of its range.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static FigureIntervals Of(
        IEnumerable<Prediction> predictions,
        string positive,
        FoldSummary folds = FoldSummary.Mean,
        BootstrapOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        var rows = Ordered(predictions, nameof(predictions));
        var clusters = Clusters.Of(rows, positive);
        var outcomes = new WeightedOutcomes(rows, positive, clusters.OfRow, folds);
        return From(
            ClusterBootstrap.Draw(clusters, WeightedOutcomes.Figures, outcomes.Compute, options, cancellationToken),
            0, rows, clusters.OfRow, positive);
    }

    /// <summary>
    /// The same of a network that was trained from several seeds on the same folds: means over the seeds. Seeds are drawn with the
    /// clusters, so that the intervals hold for other trainings by the same recipe too.
    /// </summary>
    /// <param name="seeds">The predictions of each seed's network, of the same images; of one seed this is <see cref="Of"/>.</param>
    /// <param name="positive">The name of the positive class.</param>
    /// <param name="folds">How the folds become one figure.</param>
    /// <param name="options">Null takes the defaults.</param>
    /// <param name="cancellationToken">Looked at before each resample.</param>
    /// <exception cref="ArgumentException">There is no seed; as of <see cref="Of"/>; or seeds differ in their images.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static FigureIntervals OfSeeds(
        IReadOnlyList<IReadOnlyList<Prediction>> seeds,
        string positive,
        FoldSummary folds = FoldSummary.Mean,
        BootstrapOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        var rows = OrderedSeeds(seeds, nameof(seeds));
        var clusters = Clusters.Of(rows[0], positive);
        var draws = ClusterBootstrap.Draw(
            clusters.WithSeeds(rows.Length), WeightedOutcomes.Figures, Weighted(rows, positive, clusters, folds, clusters.Count), options,
            cancellationToken);
        IReadOnlyList<int>[] trials = [.. rows.Select(seed => Trials(seed, clusters.OfRow, positive))];
        return From([.. draws.Bca(..).Select((figure, i) => WithoutSpread(figure, trials.Min(seed => seed[i]), draws.Level))]);
    }

    /// <summary>The six figures of a network that were drawn together with others.</summary>
    /// <param name="draws">What was drawn.</param>
    /// <param name="first">The place of the first of the six.</param>
    /// <param name="rows">The predictions that they are of.</param>
    /// <param name="clusters">The cluster of each of these.</param>
    /// <param name="positive">The name of the positive class.</param>
    internal static FigureIntervals From(
        BootstrapDraws draws, int first, IReadOnlyList<Prediction> rows, IReadOnlyList<int> clusters, string positive)
    {
        var figures = draws.Bca(first..(first + WeightedOutcomes.Figures));
        return From([.. figures.Zip(Trials(rows, clusters, positive), (figure, n) => WithoutSpread(figure, n, draws.Level))]);
    }

    /// <summary>
    /// The first network's figures less the second's on the same images, for two networks or for two runs of one; whole
    /// clusters are drawn for both at once. A difference without any spread, as of a network from itself, has no interval.
    /// </summary>
    /// <param name="first">Those of one network, in any order.</param>
    /// <param name="second">Those of another network or run on the same images, paired by path; its folds may differ.</param>
    /// <param name="positive">The name of the positive class.</param>
    /// <param name="folds">How the folds become one figure.</param>
    /// <param name="options">Null takes the defaults.</param>
    /// <param name="cancellationToken">Looked at before each resample.</param>
    /// <exception cref="ArgumentException">
    /// As of <see cref="Of"/>; or the two differ in their images, labels or patients, the first of which is named.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static FigureIntervals OfDifference(
        IEnumerable<Prediction> first,
        IEnumerable<Prediction> second,
        string positive,
        FoldSummary folds = FoldSummary.Mean,
        BootstrapOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return OfDifferenceOfSeeds([[.. first]], [[.. second]], positive, folds, options, cancellationToken);
    }

    /// <summary>
    /// The difference of two networks either of which may have been trained from several seeds: of means over the seeds. Clusters are drawn
    /// for both at once, and seeds for each network by itself.
    /// </summary>
    /// <param name="first">The predictions of each seed's network, of the same images; one or more.</param>
    /// <param name="second">Those of another network or run on the same images; its folds and number of seeds may differ.</param>
    /// <param name="positive">The name of the positive class.</param>
    /// <param name="folds">How the folds become one figure.</param>
    /// <param name="options">Null takes the defaults.</param>
    /// <param name="cancellationToken">Looked at before each resample.</param>
    /// <exception cref="ArgumentException">There is no seed; or as of <see cref="OfDifference"/>.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static FigureIntervals OfDifferenceOfSeeds(
        IReadOnlyList<IReadOnlyList<Prediction>> first,
        IReadOnlyList<IReadOnlyList<Prediction>> second,
        string positive,
        FoldSummary folds = FoldSummary.Mean,
        BootstrapOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        var (rows, others) = (OrderedSeeds(first, nameof(first)), OrderedSeeds(second, nameof(second)));
        RequireSameImages(rows[0], others[0], nameof(second));
        var clusters = Clusters.Of(rows[0], positive);
        var withFirst = clusters.WithSeeds(rows.Length);
        var minuend = Weighted(rows, positive, clusters, folds, clusters.Count);
        var subtrahend = Weighted(others, positive, clusters, folds, withFirst.Count);
        var subtracted = new double?[WeightedOutcomes.Figures];
        return From(ClusterBootstrap.Of(
            withFirst.WithSeeds(others.Length), WeightedOutcomes.Figures, Difference, options, cancellationToken));

        void Difference(ReadOnlySpan<int> weights, Span<double?> figures)
        {
            minuend(weights, figures);
            subtrahend(weights, subtracted);
            for (var i = 0; i < figures.Length; i++)
            {
                figures[i] -= subtracted[i];
            }
        }
    }

    private static WeightedFigures Weighted(Prediction[][] seeds, string positive, Clusters clusters, FoldSummary folds, int firstSeed) =>
        new WeightedSeeds([.. seeds.Select(rows => new WeightedOutcomes(rows, positive, clusters.OfRow, folds))], firstSeed).Compute;

    internal static Prediction[][] OrderedSeeds(IReadOnlyList<IReadOnlyList<Prediction>> seeds, string parameter)
    {
        ArgumentNullException.ThrowIfNull(seeds, parameter);
        Prediction[][] rows = [.. seeds.Select(seed => Ordered(seed, parameter))];
        if (rows.Length == 0)
        {
            throw new ArgumentException("There are no predictions of any seed.", parameter);
        }

        foreach (var other in rows.Skip(1))
        {
            RequireSameImages(rows[0], other, parameter);
        }

        return rows;
    }

    /// <summary>How many clusters are behind each figure's denominator; of the AUC, those of the class with fewer.</summary>
    private static IReadOnlyList<int> Trials(IReadOnlyList<Prediction> rows, IReadOnlyList<int> clusters, string positive)
    {
        var positives = Number(p => p.Label == positive);
        var negatives = Number(p => p.Label != positive);
        return
        [
            Number(_ => true), Number(Called), positives, negatives,
            Number(p => Called(p) || p.Label == positive), Math.Min(positives, negatives),
        ];

        int Number(Func<Prediction, bool> counts) =>
            rows.Zip(clusters).Where(row => counts(row.First)).Select(row => row.Second).Distinct().Count();
    }

    private static bool Called(Prediction prediction) => DecisionThreshold.IsPositive(prediction.Probability);

    /// <summary>
    /// A figure of a network; one that is 0 or 1 in every resample with Wilson's interval, as <see cref="Of"/> has it.
    /// </summary>
    /// <param name="figure">The figure as it was drawn.</param>
    /// <param name="rows">The predictions that it is of.</param>
    /// <param name="clusters">The cluster of each of these.</param>
    /// <param name="positive">The name of the positive class.</param>
    /// <param name="which">Its place among the six of <see cref="WeightedOutcomes"/>.</param>
    /// <param name="level">The confidence level.</param>
    internal static EstimatedFigure WithoutSpread(
        EstimatedFigure figure, IReadOnlyList<Prediction> rows, IReadOnlyList<int> clusters, string positive, int which, double level) =>
        WithoutSpread(figure, Trials(rows, clusters, positive)[which], level);

    private static EstimatedFigure WithoutSpread(EstimatedFigure figure, int trials, double level) =>
        figure is { Interval: null, Value: 0 or 1 } && trials > 1
            ? figure with { Interval = Interval.OfShare(figure.Value == 1 ? trials : 0, trials, level) }
            : figure;

    internal static FigureIntervals From(IReadOnlyList<EstimatedFigure> figures) =>
        new(figures[0], figures[1], figures[2], figures[3], figures[4], figures[5]);

    internal static Prediction[] Ordered(IEnumerable<Prediction> predictions, string parameter)
    {
        ArgumentNullException.ThrowIfNull(predictions, parameter);
        Prediction[] rows = [.. predictions.OrderBy(p => p.Path, StringComparer.Ordinal)];
        for (var row = 0; row < rows.Length; row++)
        {
            FiguresOfMerit.RequireFinite(rows[row].Probability, parameter);
            if (rows[row].Network != rows[0].Network)
            {
                throw new ArgumentException(
                    $"Predictions of '{rows[0].Network}' and of '{rows[row].Network}' are mixed; give those of one network.", parameter);
            }

            if (row > 0 && rows[row].Path == rows[row - 1].Path)
            {
                throw new ArgumentException($"'{rows[row].Path}' was predicted more than once.", parameter);
            }
        }

        return rows;
    }

    private static void RequireSameImages(Prediction[] first, Prediction[] second, string parameter)
    {
        foreach (var (a, b) in first.Zip(second))
        {
            if (a.Path != b.Path)
            {
                throw new ArgumentException(
                    $"Only one of the two has '{(string.CompareOrdinal(a.Path, b.Path) < 0 ? a : b).Path}'; compare on the same images.",
                    parameter);
            }

            if (a.Label != b.Label || a.Patient != b.Patient)
            {
                throw new ArgumentException(
                    $"'{a.Path}' is {a.Label} of patient '{a.Patient}' in one of the two and {b.Label} of '{b.Patient}' in the other.",
                    parameter);
            }
        }

        if (first.Length != second.Length)
        {
            throw new ArgumentException(
                $"Only one of the two has '{(first.Length > second.Length ? first[second.Length] : second[first.Length]).Path}'; compare "
                    + "on the same images.",
                parameter);
        }
    }
}
