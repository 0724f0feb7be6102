using CovidCt.Evaluation;

namespace CovidCt.Statistics;

/// <summary>The networks' figures by the values of one column, such as age or sex; images without a value are a group too.</summary>
/// <param name="Column">The name of the column.</param>
/// <param name="Values">How many different values it has, in any case.</param>
/// <param name="Groups">In the order of the values, each with an image or more; empty where the column makes none.</param>
public sealed record Subgroups(string Column, int Values, IReadOnlyList<Subgroups.Group> Groups)
{
    /// <summary>The most values of a column that are a group each: beyond, only numbers and grades are put together.</summary>
    public const int MostValues = ColumnBands.MostValues;

    /// <summary>The fewest clusters of a class, such as sources, whose figures get an interval: fewer don't tell how they vary.</summary>
    public const int FewestClusters = 5;

    /// <summary>What makes a group.</summary>
    public enum BandKind
    {
        /// <summary>One value.</summary>
        Value,

        /// <summary>Numbers from one to below another.</summary>
        Range,

        /// <summary>A value that is none of the others, as words where most are numbers.</summary>
        Other,

        /// <summary>No value.</summary>
        Unknown,
    }

    /// <summary>Which values belong to a group.</summary>
    /// <param name="Kind">What makes it.</param>
    /// <param name="Value">The value; null of the other kinds.</param>
    /// <param name="From">The least number; null where there is none.</param>
    /// <param name="Below">The number that all lie below; null where there is none.</param>
    public sealed record Band(BandKind Kind, string? Value = null, double? From = null, double? Below = null);

    /// <summary>Test images that have about one value in common.</summary>
    /// <param name="Band">Which values.</param>
    /// <param name="Images">How many there are.</param>
    /// <param name="Patients">Of how many patients; null where one is unknown.</param>
    /// <param name="Positives">How many images are of the positive class.</param>
    /// <param name="Negatives">How many are of the other.</param>
    /// <param name="Networks">By name, ordinal: figures of the images of all folds together, with intervals by cluster.</param>
    public sealed record Group(
        Band Band,
        int Images,
        int? Patients,
        int Positives,
        int Negatives,
        IReadOnlyList<(string Network, FigureIntervals Figures)> Networks);

    /// <summary>The figures by one column.</summary>
    /// <param name="column">Its name.</param>
    /// <param name="valueOf">The value of an image, by its path; null where it has none.</param>
    /// <param name="predictions">Of any number of networks.</param>
    /// <param name="positive">The name of the positive class.</param>
    /// <param name="options">Null takes the defaults.</param>
    /// <param name="cancellationToken">Looked at before each resample.</param>
    /// <remarks>
    /// What is drawn together is what the network's other intervals draw, so many clusters of each class as the group has. Folds are
    /// pooled, since few images of a group lie in each.
    /// </remarks>
    internal static Subgroups Of(
        string column,
        Func<string, string?> valueOf,
        IReadOnlyCollection<Prediction> predictions,
        string positive,
        BootstrapOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        List<Prediction> images = [.. predictions.DistinctBy(prediction => prediction.Path)];
        var bands = ColumnBands.Of(column, [.. images.Select(image => valueOf(image.Path)).OfType<string>()]);
        var networks = predictions.GroupBy(prediction => prediction.Network, StringComparer.Ordinal)
            .OrderBy(network => network.Key, StringComparer.Ordinal)
            .Select(network => FigureIntervals.Ordered(network, nameof(predictions)))
            .Select(rows => (rows[0].Network, Rows: rows.Zip(Clusters.UnitsOf(rows, positive).Keys).ToLookup(row => BandOf(row.First))))
            .ToList();
        var groups = images.ToLookup(BandOf);
        return new(
            column,
            bands.Values,
            [
                .. bands.Bands.Where(groups.Contains).Select(band => Counted(
                    band,
                    [.. groups[band]],
                    positive,
                    [
                        .. networks.Where(network => network.Rows.Contains(band))
                            .Select(network => (network.Network, Figures([.. network.Rows[band]], positive, options, cancellationToken))),
                    ])),
            ]);

        Band BandOf(Prediction image) => bands.Of(valueOf(image.Path));
    }

    private static Group Counted(
        Band band, Prediction[] images, string positive, IReadOnlyList<(string Network, FigureIntervals Figures)> networks)
    {
        var patients = images.Select(image => image.Patient).Distinct(StringComparer.Ordinal).ToList();
        var positives = images.Count(image => image.Label == positive);
        return new(band, images.Length, patients.Contains(null) ? null : patients.Count, positives, images.Length - positives, networks);
    }

    private static FigureIntervals Figures(
        (Prediction Row, string Key)[] rows, string positive, BootstrapOptions? options, CancellationToken cancellationToken)
    {
        Prediction[] predictions = [.. rows.Select(row => row.Row)];
        var clusters = Clusters.Of(rows.Select(row => ((string?)row.Key, row.Row.Label == positive)));
        var outcomes = new WeightedOutcomes(predictions, positive, clusters.OfRow, FoldSummary.Pooled);
        var draws = ClusterBootstrap.Draw(clusters, WeightedOutcomes.Figures, outcomes.Compute, options, cancellationToken);
        return WithEnough(FigureIntervals.From(draws, 0, predictions, clusters.OfRow, positive), Clustered(true), Clustered(false));

        int Clustered(bool isPositive) =>
            predictions.Zip(clusters.OfRow).Where(row => (row.First.Label == positive) == isPositive).Select(row => row.Second)
                .Distinct().Count();
    }

    /// <summary>The figures without the intervals of those that few clusters are behind.</summary>
    private static FigureIntervals WithEnough(FigureIntervals of, int positives, int negatives)
    {
        var all = positives + negatives;
        return new(
            Enough(of.Accuracy, all),
            Enough(of.Precision, all),
            Enough(of.Sensitivity, positives),
            Enough(of.Specificity, negatives),
            Enough(of.F1, all),
            Enough(of.Auc, Math.Min(positives, negatives)));

        static EstimatedFigure Enough(EstimatedFigure figure, int clusters) =>
            clusters < FewestClusters ? figure with { Interval = null } : figure;
    }
}
