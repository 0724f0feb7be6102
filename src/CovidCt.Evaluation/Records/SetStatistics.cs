using CovidCt.Calibration;
using CovidCt.Evaluation;
using CovidCt.Statistics;

namespace CovidCt.Records;

/// <summary>
/// What prediction sets come to on images that had no part in them: those of a fold by thresholds from the other folds' answers
/// (<see cref="ConformalSets.CrossFitted"/>), or those that a network which was tested answered. Intervals are about other patients at
/// these thresholds.
/// </summary>
/// <param name="Level">How often sets are to hold the class of an image, in (0, 1).</param>
/// <param name="All">Of all images.</param>
/// <param name="Positives">Of those of the positive class.</param>
/// <param name="Negatives">Of the others.</param>
public sealed record SetStatistics(
    double Level, SetStatistics.Part All, SetStatistics.Part Positives, SetStatistics.Part Negatives)
{
    /// <summary>By fold, the sets that its images were judged by.</summary>
    public required IReadOnlyDictionary<int, ConformalSets> CrossFitted { get; init; }

    /// <summary>By fold, the sets of its network, from its own test predictions: those that a study keeps beside it.</summary>
    public required IReadOnlyDictionary<int, ConformalSets> Own { get; init; }

    /// <summary>By path, what a network that was tested answered itself, whose sets are judged then; null of cross-fitted sets.</summary>
    internal IReadOnlyDictionary<string, TestedModel.Answer>? Answers { get; init; }

    /// <summary>Which classes the set of an image holds.</summary>
    /// <param name="row">The image.</param>
    /// <param name="sets">By fold.</param>
    /// <param name="answers">By path, what the network answered itself; null takes the sets of the fold.</param>
    internal static (bool Positive, bool Negative) SetOf(
        Prediction row, IReadOnlyDictionary<int, ConformalSets> sets, IReadOnlyDictionary<string, TestedModel.Answer>? answers) =>
        answers is null
            ? (sets[row.Fold].HoldsPositive(row.Probability), sets[row.Fold].HoldsNegative(row.Probability))
            : answers[row.Path].Set!.Value;

    /// <summary>What sets come to on some images.</summary>
    /// <param name="PositiveAlone">How many images have the positive class alone in their set.</param>
    /// <param name="NegativeAlone">How many have the other alone.</param>
    /// <param name="Both">How many have both.</param>
    /// <param name="Neither">How many have neither.</param>
    /// <param name="Clusters">Patients, sources or images: what is drawn, and counts once in the figures.</param>
    /// <param name="Coverage">The share of images whose set holds their class, in [0, 1].</param>
    /// <param name="Size">The mean number of classes in a set, in [0, 2].</param>
    public sealed record Part(
        int PositiveAlone, int NegativeAlone, int Both, int Neither, int Clusters, EstimatedFigure Coverage, EstimatedFigure Size)
    {
        /// <summary>How many images there are.</summary>
        public int Images => PositiveAlone + NegativeAlone + Both + Neither;
    }

    /// <summary>What a network's sets come to on images that have about one value in common.</summary>
    /// <param name="Column">What the value is of.</param>
    /// <param name="Band">Which values.</param>
    /// <param name="Network">The published name.</param>
    /// <param name="Positives">Of its images of the positive class.</param>
    /// <param name="Negatives">Of the others.</param>
    public sealed record Group(string Column, Subgroups.Band Band, string Network, Part Positives, Part Negatives);

    /// <summary>The sets of one network by the values of each column, in the order of its groups.</summary>
    /// <param name="predictions">Those of the network.</param>
    /// <param name="positive">The name of the positive class.</param>
    /// <param name="columns">What is known of the images.</param>
    /// <param name="options">Null takes the defaults.</param>
    internal IEnumerable<Group> ByGroup(
        IEnumerable<Prediction> predictions, string positive, ImageColumns columns, BootstrapOptions? options = null)
    {
        var rows = FigureIntervals.Ordered(predictions, nameof(predictions));
        var images = rows.Zip(Clusters.UnitsOf(rows, positive).Keys, (row, key) => (Row: row, Key: key)).ToList();
        foreach (var column in columns.Names.Where(name => rows.Any(row => columns.ValueOf(row.Path, name) is not null)))
        {
            var bands = ColumnBands.Of(column, [.. rows.Select(row => columns.ValueOf(row.Path, column)).OfType<string>()]);
            var groups = images.ToLookup(image => bands.Of(columns.ValueOf(image.Row.Path, column)));
            foreach (var band in bands.Bands.Where(groups.Contains))
            {
                var of = Judged.Of([.. groups[band]], positive, row => SetOf(row, CrossFitted, Answers));
                var draws = ClusterBootstrap.Draw(of.Clusters, WeightedSets.Figures, of.Weighted.Compute, options);
                yield return new(
                    column, band, rows[0].Network, WithEnough(of.Part(1, draws, 0)), WithEnough(of.Part(2, draws, 0)));
            }
        }
    }

    private static Part WithEnough(Part part) => part.Clusters >= Subgroups.FewestClusters
        ? part
        : part with { Coverage = part.Coverage with { Interval = null }, Size = part.Size with { Interval = null } };

    /// <summary>Images with their sets, as figures that are drawn with others.</summary>
    internal sealed class Judged
    {
        private readonly (bool Actual, bool Positive, bool Negative)[] _images;

        private Judged((bool Actual, bool Positive, bool Negative)[] images, Clusters clusters) =>
            (_images, Clusters, Weighted) = (images, clusters, new(images, clusters.OfRow));

        public Clusters Clusters { get; }

        public WeightedSets Weighted { get; }

        /// <param name="images">The images, each with what it is drawn with.</param>
        /// <param name="positive">The name of the positive class.</param>
        /// <param name="setOf">Which classes the set of an image holds.</param>
        public static Judged Of(
            IReadOnlyList<(Prediction Row, string Key)> images, string positive, Func<Prediction, (bool Positive, bool Negative)> setOf) =>
            new(
            [
                .. images.Select(image => (image.Row, Set: setOf(image.Row)))
                    .Select(image => (image.Row.Label == positive, image.Set.Positive, image.Set.Negative)),
            ],
            Clusters.Of(images.Select(image => ((string?)image.Key, image.Row.Label == positive))));

        /// <param name="part">0 of all, 1 of the positive, 2 of the others.</param>
        /// <param name="draws">What was drawn.</param>
        /// <param name="first">The place of the first figure in it.</param>
        public Part Part(int part, BootstrapDraws draws, int first)
        {
            var images = _images.Where(image => part == 0 || image.Actual == (part == 1))
                .ToLookup(image => (image.Positive, image.Negative));
            var clusters = Weighted.Clusters(part);
            var coverage = draws.Bca(first + (2 * part));
            return new(
                images[(true, false)].Count(),
                images[(false, true)].Count(),
                images[(true, true)].Count(),
                images[(false, false)].Count(),
                clusters,
                coverage is { Interval: null, Value: 0 or 1 } && clusters > 1
                    ? coverage with { Interval = Interval.OfShare(coverage.Value == 1 ? clusters : 0, clusters, draws.Level) }
                    : coverage,
                draws.Bca(first + (2 * part) + 1));
        }
    }
}
