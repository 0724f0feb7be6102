using CovidCt.Data;
using CovidCt.Evaluation;
using CovidCt.Statistics;

namespace CovidCt.Records;

/// <summary>What a clinic asks of a study, from its predictions: predictive values, and figures by groups of people.</summary>
internal static class ClinicalStatistics
{
    /// <summary>The predictive values of each network whose sensitivity and specificity are defined, by name, ordinal.</summary>
    /// <param name="predictions">All test predictions.</param>
    /// <param name="results">The figures of the same predictions.</param>
    /// <param name="statistics">Their intervals.</param>
    /// <param name="cancellationToken">Looked at before each resample.</param>
    public static IReadOnlyList<PredictiveValues> Predictive(
        IEnumerable<Prediction> predictions,
        CrossValidationReport results,
        StudyStatistics statistics,
        CancellationToken cancellationToken = default)
    {
        var networks = predictions.ToLookup(prediction => prediction.Network, StringComparer.Ordinal);
        var values = new PredictiveValues?[statistics.Networks.Count];
        RowLoop.ForEach(
            values.Length,
            place => values[place] = Predictive(
                networks[statistics.Networks[place].Network], results, statistics.Networks[place], cancellationToken),
            progress: null,
            cancellationToken);
        return [.. values.OfType<PredictiveValues>()];
    }

    /// <summary>The figures by each column of which a tested image has a value.</summary>
    /// <param name="predictions">All test predictions.</param>
    /// <param name="columns">What is known of the images.</param>
    /// <param name="positive">The name of the positive class.</param>
    /// <param name="cancellationToken">Looked at before each resample.</param>
    public static IReadOnlyList<Subgroups> Groups(
        IReadOnlyCollection<Prediction> predictions,
        ImageColumns columns,
        string positive,
        CancellationToken cancellationToken = default) =>
    [
        .. columns.Names.Where(name => predictions.Any(prediction => columns.ValueOf(prediction.Path, name) is not null))
            .Select(name => Subgroups.Of(
                name, path => columns.ValueOf(path, name), predictions, positive, cancellationToken: cancellationToken)),
    ];

    private static PredictiveValues? Predictive(
        IEnumerable<Prediction> predictions,
        CrossValidationReport results,
        NetworkStatistics network,
        CancellationToken cancellationToken)
    {
        var rows = FigureIntervals.Ordered(predictions, nameof(predictions));
        var clusters = Clusters.Of(rows, results.Positive);
        return PatientRows.Of(rows, clusters) is { } patients && network.Patients is { } figures
            ? PredictiveValues.Of(
                patients.Rows, results.Positive, clusters, patients.Clusters, network.PatientFolds, figures, ofPatients: true,
                cancellationToken: cancellationToken)
            : PredictiveValues.Of(
                rows, results.Positive, clusters, clusters.OfRow, StudyStatistics.SummaryOf(results), network.Images, ofPatients: false,
                cancellationToken: cancellationToken);
    }
}
