using CovidCt.Calibration;
using CovidCt.Data;
using CovidCt.Evaluation;
using CovidCt.Statistics;

namespace CovidCt.Records;

/// <summary>What the figures of a study are worth, from its predictions alone.</summary>
/// <param name="Networks">One a network, by name, ordinal.</param>
/// <param name="Comparisons">
/// Which networks can be told apart by accuracy, and which by the area under the ROC curve; none where there are fewer than two networks.
/// </param>
public sealed record StudyStatistics(IReadOnlyList<NetworkStatistics> Networks, IReadOnlyList<Distinguishable> Comparisons)
{
    /// <summary>In how many parts the work on a network is told, and that on what is between networks.</summary>
    internal const int Parts = 100;

    /// <summary>What was drawn as a whole for the intervals; of several networks on the same images, the same.</summary>
    public ClusterUnit Drawn { get; init; }

    /// <summary>The statistics of a study; equal predictions give equal statistics.</summary>
    /// <param name="predictions">All test predictions, of any number of networks.</param>
    /// <param name="results">The figures of the same predictions.</param>
    /// <param name="folds">How many folds were drawn, whether or not all have been tested.</param>
    /// <param name="setLevel">How often prediction sets are to hold the class of an image, in (0, 1).</param>
    /// <param name="cancellationToken">Looked at before each resample.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static StudyStatistics Of(
        IEnumerable<Prediction> predictions,
        CrossValidationReport results,
        int folds,
        double setLevel = ConformalSets.DefaultLevel,
        CancellationToken cancellationToken = default) =>
        Of(predictions, results, folds, setLevel, answers: null, progress: null, cancellationToken);

    /// <summary>
    /// The same, as many networks at a time as there are processors; of a network that was tested, with the calibrated probabilities and
    /// sets that it answered. Progress is told in <see cref="Parts"/> of each network, and of what is between them.
    /// </summary>
    internal static StudyStatistics Of(
        IEnumerable<Prediction> predictions,
        CrossValidationReport results,
        int folds,
        double setLevel,
        IReadOnlyDictionary<string, TestedModel.Answer>? answers,
        Action<int>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(results);
        var summary = SummaryOf(results);
        var all = predictions.ToList();
        Prediction[][] networks =
        [
            .. all.GroupBy(prediction => prediction.Network, StringComparer.Ordinal)
                .OrderBy(network => network.Key, StringComparer.Ordinal).Select(network => network.ToArray()),
        ];
        var judged = new NetworkStatistics[networks.Length];
        IReadOnlyList<Distinguishable> comparisons = [];

        var told = new int[1 + networks.Length];
        var turn = new Lock();

        // What is between networks takes longest, and comes first.
        RowLoop.ForEach(told.Length, Judge, progress: null, cancellationToken);
        return new(judged, comparisons)
        {
            Drawn = networks.Select(network => Clusters.UnitsOf(network, results.Positive).Unit).DefaultIfEmpty().Min(),
        };

        void Judge(int place)
        {
            if (place > 0)
            {
                judged[place - 1] = NetworkStatistics.Of(
                    networks[place - 1], results.Positive, summary, cancellationToken, setLevel: setLevel, answers: answers,
                    progress: share => Tell(place, share));
            }
            else if (results.Networks.Count > 1)
            {
                comparisons = Compared(all, results, folds, summary, cancellationToken);
            }

            Tell(place, 1);
        }

        void Tell(int place, double share)
        {
            if (progress is null || (int)(share * Parts) <= told[place])
            {
                return;
            }

            lock (turn)
            {
                told[place] = (int)(share * Parts);
                progress(told.Sum());
            }
        }
    }

    /// <summary>How the folds of a study become one figure.</summary>
    internal static FoldSummary SummaryOf(CrossValidationReport results) =>
        results.IsPooled ? FoldSummary.Pooled : FoldSummary.Mean;

    private static IReadOnlyList<Distinguishable> Compared(
        List<Prediction> predictions, CrossValidationReport results, int folds, FoldSummary summary, CancellationToken cancellationToken)
    {
        var differences = PairedDifferences.Of(predictions, results.Positive, summary, cancellationToken: cancellationToken);
        return
        [
            Distinguishable.Of(results.Networks, folds, "accuracy", figures => figures.Accuracy, differences.Accuracy, summary),
            Distinguishable.Of(results.Networks, folds, "AUC", figures => figures.Auc, differences.Auc, summary),
        ];
    }
}
