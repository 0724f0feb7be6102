using CovidCt.Data;
using CovidCt.Evaluation;

namespace CovidCt.Reporting.Wording;

/// <summary>Figures that a publication states for a data set: fractions in [0, 1], null where it doesn't say.</summary>
/// <param name="Dataset">The name of the data set.</param>
/// <param name="Network">The published name of the network; null where the publication names none.</param>
/// <param name="What">What the figures are of, for people.</param>
/// <param name="GroupBy">What the publication's folds keep together: <c>image</c> or <c>patient</c>; null where that isn't known.</param>
/// <param name="Figures">Means over the folds.</param>
/// <param name="Source">Where they were published.</param>
internal sealed record PublishedFigures(
    string Dataset, string? Network, string What, string? GroupBy, FiguresOfMerit Figures, string Source)
{
    private const string Covid19Ct = "COVID19-CT";
    private const string SarsCov2Ct = "SARS-CoV-2 CT-scan";
    private const string Abstract = "Alshazly et al., Sensors 2021, 21(2), 455, abstract";
    private const string Paper = "Alshazly et al., Sensors 2021, 21(2), 455, Table 2";
    private const string Later = "Alshazly et al., PeerJ Computer Science 2021, 7, e655, abstract";

    /// <summary>Standard deviations over the folds, as far as they are stated; null where none is.</summary>
    public FiguresOfMerit? Spread { get; init; }

    /// <summary>All published values.</summary>
    public static IReadOnlyList<PublishedFigures> All { get; } =
    [
        new(SarsCov2Ct, "resnet101", "paper", "image", new(0.994, null, 0.991, 0.996, 0.994, null), Paper),
        new(SarsCov2Ct, "inception_v3", "paper", "image", new(null, null, 0.998, null, null, null), Paper),
        new(SarsCov2Ct, "squeezenet1_1", "paper", "image", new(0.951, null, 0.962, null, null, null), Paper),
        new(SarsCov2Ct, null, "paper, best averages", "image", new(0.994, 0.996, 0.998, 0.996, 0.994, null), Abstract),
        new(Covid19Ct, null, "paper, best averages", "image", new(0.929, 0.913, 0.937, 0.922, 0.925, null), Abstract),
        new(Covid19Ct, null, "same authors, CovidDenseNet", "patient", new(0.8177, 0.7905, 0.8469, 0.7905, 0.8177, 0.8750), Later),
        Quoted("quoted by the paper", 55, 0.859, 0.059),
        Quoted("quoted by the paper, DenseNet169", 56, 0.877, 0.047),
        Quoted("quoted by the paper, contrastive learning", 24, 0.786, 0.015),
    ];

    /// <summary>
    /// The values for a data set, whatever the case and punctuation of its name; none where one data set trains and another tests, which
    /// nobody published.
    /// </summary>
    /// <param name="dataset">The name of the data set.</param>
    public static IReadOnlyList<PublishedFigures> For(string dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return dataset.Contains(CtDataset.TestedOnWords, StringComparison.Ordinal)
            ? []
            : [.. All.Where(p => Key(dataset).StartsWith(Key(p.Dataset), StringComparison.Ordinal))];
    }

    /// <summary>Whether any publication trained or tested on a data set, or on one of two.</summary>
    /// <param name="dataset">The name of the data set, or of both.</param>
    public static bool AreOf(string dataset) => dataset.Split(CtDataset.TestedOnWords).Any(name => For(name).Count > 0);

    /// <summary>
    /// Those to show beside results: none beside predictions that were made elsewhere, whose name says little of their images.
    /// </summary>
    /// <param name="results">The results.</param>
    public static IReadOnlyList<PublishedFigures> For(CrossValidationReport results)
    {
        ArgumentNullException.ThrowIfNull(results);
        return DesignWords.IsGiven(results.GroupBy) ? [] : For(results.Dataset);
    }

    // That they are accuracies on COVID19-CT is what is remembered of the table, which isn't at hand.
    private static PublishedFigures Quoted(string what, int reference, double accuracy, double deviation) =>
        new(
            Covid19Ct, null, $"{what} [{reference}]", null, OfAccuracy(accuracy),
            $"{Paper}, its reference [{reference}] (from memory, as accuracy)")
        {
            Spread = OfAccuracy(deviation),
        };

    private static FiguresOfMerit OfAccuracy(double value) => new(value, null, null, null, null, null);

    private static string Key(string name) =>
        string.Concat(name.Where(char.IsAsciiLetterOrDigit).Select(char.ToLowerInvariant)).Replace("scan", "", StringComparison.Ordinal);
}
