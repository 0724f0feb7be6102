using System.Text.Json;
using CovidCt.Evaluation;
using CovidCt.Statistics;

namespace CovidCt.Calibration;

/// <summary>
/// Which classes can't be ruled out at a probability: sets of classes that hold the right one as often as their level says, each class by
/// itself, whatever network states the probabilities. Split conformal prediction (Papadopoulos, Proedrou, Vovk and Gammerman, ECML 2002)
/// with a threshold a class (Vovk, Lindsay, Nouretdinov and Gammerman, "Mondrian confidence machine", 2003; Sadinle, Lei and Wasserman,
/// JASA 2019, 114, 223-234), in which patients are what is exchangeable: Lee, Barber and Willett, "Distribution-free inference with
/// hierarchical data", 2023 (arXiv 2306.06342), after Dunn, Wasserman and Ramdas, JASA 2023, 118, 2491-2502.
/// </summary>
/// <remarks>
/// <para>
/// How strange an image is for its class is 1 less the probability of that class. An image of a patient with n images of the class weighs
/// 1/n; of K patients the threshold is the least strangeness that images of a weight of (K + 1) · level reach, and without one, of fewer
/// than level / (1 - level) patients, nothing is ruled out. With one image a patient it is the ⌈(K + 1) · level⌉-th of K. An image of a new
/// patient of that class, drawn from that patient's, is in such a set with a probability of at least the level, over the patients that
/// thresholds were taken from and the new one together. Where sources are known, they take the patients' place (<see cref="Unit"/>).
/// </para>
/// <para>
/// It asks that the network was not trained on the images, and that new patients are like these: it holds for no other hospital.
/// Probabilities are the network's own. A calibrated one gives the same sets, as all of one network's are calibrated by one rising map.
/// </para>
/// </remarks>
/// <param name="Level">How often sets hold the class of an image, at least; in (0, 1).</param>
/// <param name="Unit">What is exchangeable, and counted: patients; sources where they are known; images where neither is.</param>
/// <param name="Positive">From which probability on the positive class is in the set.</param>
/// <param name="Negative">Up to which probability the other class is in the set.</param>
public sealed record ConformalSets(
    double Level, ClusterUnit Unit, ConformalSets.Threshold Positive, ConformalSets.Threshold Negative)
{
    /// <summary>The level where none is given.</summary>
    public const double DefaultLevel = 0.9;

    // So little that no share of whole patients lies within it: sums of 1/n, and levels such as 0.9, are off by rounding alone.
    private const double Rounding = 1e-9;

    /// <summary>In (0, 1).</summary>
    public double Level { get; init; } = Level is > 0 and < 1
        ? Level
        : throw new ArgumentException($"The level of sets is {Level}, not between 0 and 1.", nameof(Level));

    /// <summary>Where one class begins to be in the set.</summary>
    /// <param name="Probability">
    /// The probability of the positive class there, in [0, 1], the end included; null where nothing rules the class out, since too few
    /// patients of it are known.
    /// </param>
    /// <param name="Clusters">The patients, or sources, of the class that it was taken from.</param>
    /// <param name="Images">Their images of the class.</param>
    public sealed record Threshold(double? Probability, int Clusters, int Images)
    {
        /// <summary>In [0, 1]; null where there is none.</summary>
        public double? Probability { get; init; } = Probability is null or (>= 0 and <= 1)
            ? Probability
            : throw new ArgumentException($"The threshold of a set is {Probability}, not in 0…1.", nameof(Probability));
    }

    /// <summary>The fewest patients of a class of which one can be ruled out at a level: 9 at 0.9.</summary>
    /// <param name="level">In (0, 1).</param>
    public static int FewestClusters(double level) => (int)Math.Ceiling((level / (1 - level)) - Rounding);

    /// <summary>
    /// The sets of each fold's network, from its own test predictions: the images that it was not trained on, and therefore what its sets
    /// hold for exactly.
    /// </summary>
    /// <param name="predictions">The test predictions of one network.</param>
    /// <param name="positive">The name of the positive class.</param>
    /// <param name="level">In (0, 1).</param>
    /// <returns>By fold. Equal predictions give equal bits, in whichever order they come.</returns>
    /// <exception cref="ArgumentException">A probability is not in [0, 1], or the level not in (0, 1).</exception>
    public static IReadOnlyDictionary<int, ConformalSets> OfFolds(
        IEnumerable<Prediction> predictions, string positive, double level = DefaultLevel) =>
        ByFold(predictions, positive, level, (fold, row) => row == fold);

    /// <summary>
    /// The sets of each fold from the other folds' test predictions, by which sets are judged: a fold's own images have no part in them.
    /// These are the answers of other networks, so that what holds exactly for <see cref="OfFolds"/> holds here as far as the networks of
    /// all folds are alike.
    /// </summary>
    /// <inheritdoc cref="OfFolds"/>
    /// <returns>By fold; with one fold alone, nothing is ruled out.</returns>
    public static IReadOnlyDictionary<int, ConformalSets> CrossFitted(
        IEnumerable<Prediction> predictions, string positive, double level = DefaultLevel) =>
        ByFold(predictions, positive, level, (fold, row) => row != fold);

    /// <summary>
    /// The sets of the networks of all folds as one, from the test predictions of all of them together: each image's by networks that
    /// weren't trained on it. Of networks from several seeds these are means over the seeds (<c>SeedEnsemble.Average</c>).
    /// </summary>
    /// <remarks>
    /// What answers about a new patient is the mean of more networks than any of these predictions is: the level is an approximate one, as
    /// far as that mean is like those of single folds. Cross-conformal predictors (Vovk, Annals of Mathematics and Artificial Intelligence
    /// 2015, 74, 9-28) pool folds in the same way.
    /// </remarks>
    /// <param name="predictions">The test predictions of one network.</param>
    /// <param name="positive">The name of the positive class.</param>
    /// <param name="level">In (0, 1).</param>
    /// <exception cref="ArgumentException">A probability is not in [0, 1], or the level not in (0, 1).</exception>
    public static ConformalSets OfAllFolds(IEnumerable<Prediction> predictions, string positive, double level = DefaultLevel)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        List<Prediction> rows = [.. predictions];
        var units = Clusters.UnitsOf(rows, positive);
        return Of(
            [.. rows.Zip(units.Keys).Select(row => (row.Second, row.First.Label == positive, row.First.Probability))], units.Unit, level);
    }

    /// <summary>
    /// The set of several networks that each have one, as of an ensemble: the classes that are in more than half of their sets. It holds
    /// the right one with a probability of at least 2 · level - 1 where each set does with the level, however the networks depend on each
    /// other: Gasparin and Ramdas, "Merging uncertainty sets via majority vote", 2024 (arXiv 2401.09379), after Cherubin, Machine
    /// Learning 2019, 108, 475-488.
    /// </summary>
    /// <param name="sets">The networks' sets.</param>
    /// <returns>In the order in which classes are first named.</returns>
    public static IReadOnlyList<string> Majority(IReadOnlyCollection<IReadOnlyList<string>> sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        return
        [
            .. sets.SelectMany(set => set).CountBy(name => name).Where(votes => 2 * votes.Value > sets.Count).Select(votes => votes.Key),
        ];
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    /// <exception cref="JsonException">It is no thresholds of sets.</exception>
    public static ConformalSets FromJson(string text) => CalibrationJson.Read(text, CalibrationJson.Files.ConformalSets);

    /// <summary>The thresholds as text, which travels with the network's weights.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, CalibrationJson.Files.ConformalSets);

    /// <summary>Whether the positive class is in the set.</summary>
    /// <param name="probability">Of the positive class, in [0, 1], as the network states it.</param>
    public bool HoldsPositive(double probability) => Positive.Probability is not { } least || probability >= least;

    /// <summary>Whether the other class is in the set.</summary>
    /// <param name="probability">Of the positive class, in [0, 1], as the network states it.</param>
    public bool HoldsNegative(double probability) => Negative.Probability is not { } most || probability <= most;

    /// <summary>The sets that images ask for.</summary>
    /// <param name="images">What each is exchanged with, whether it is positive, and the probability that it is.</param>
    /// <param name="unit">What they are exchanged by.</param>
    /// <param name="level">In (0, 1).</param>
    internal static ConformalSets Of(
        IReadOnlyCollection<(string Cluster, bool IsPositive, double Probability)> images, ClusterUnit unit, double level)
    {
        Outcomes.RequireProbabilities([.. images.Select(image => (image.IsPositive, image.Probability))], nameof(images));
        return new(level, unit, OfClass(true, probability => -probability), OfClass(false, probability => probability));

        // The strangeness of a class rises with the sign that is given; its places are kept as probabilities, which lose no digit by it.
        Threshold OfClass(bool isPositive, Func<double, double> strangeness)
        {
            var clusters = images.Where(image => image.IsPositive == isPositive).GroupBy(image => image.Cluster, StringComparer.Ordinal)
                .Select(cluster => cluster.Select(image => image.Probability).ToArray()).ToList();
            var needed = ((clusters.Count + 1) * level) - Rounding;
            var reached = 0.0;
            double? threshold = null;
            foreach (var (probability, weight) in clusters
                .SelectMany(cluster => cluster.Select(probability => (Probability: probability, Weight: 1.0 / cluster.Length)))
                .OrderBy(image => strangeness(image.Probability)).ThenBy(image => image.Weight))
            {
                reached += weight;
                if (reached >= needed)
                {
                    threshold = probability;
                    break;
                }
            }

            return new(threshold, clusters.Count, clusters.Sum(cluster => cluster.Length));
        }
    }

    private static Dictionary<int, ConformalSets> ByFold(
        IEnumerable<Prediction> predictions, string positive, double level, Func<int, int, bool> isTaken)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        List<Prediction> rows = [.. predictions];
        var units = Clusters.UnitsOf(rows, positive);
        return rows.Select(row => row.Fold).Distinct().Order().ToDictionary(
            fold => fold,
            fold => Of(
                [
                    .. rows.Zip(units.Keys).Where(row => isTaken(fold, row.First.Fold))
                        .Select(row => (row.Second, row.First.Label == positive, row.First.Probability)),
                ],
                units.Unit,
                level));
    }
}
