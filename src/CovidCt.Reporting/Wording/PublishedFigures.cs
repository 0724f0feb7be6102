using CovidCt.Evaluation;

namespace CovidCt.Reporting.Wording;

/// <summary>Figures that a publication states for a data set: fractions in [0, 1], null where it doesn't say.</summary>
/// <param name="Dataset">The name of the data set.</param>
/// <param name="Network">The published name of the network; null where the publication names none.</param>
/// <param name="What">What the figures are of, for people.</param>
/// <param name="GroupBy">What the publication's folds keep together: <c>image</c> or <c>patient</c>.</param>
/// <param name="Figures">Means over the folds.</param>
/// <param name="Source">Where they were published.</param>
internal sealed record PublishedFigures(
    string Dataset, string? Network, string What, string GroupBy, FiguresOfMerit Figures, string Source)
{
    private const string Covid19Ct = "COVID19-CT";
    private const string SarsCov2Ct = "SARS-CoV-2 CT-scan";
    private const string Paper = "Alshazly et al., Sensors 2021, 21(2), 455, Table 2";
    private const string Later = "Alshazly et al., PeerJ Computer Science 2021, 7, e655, abstract";

    /// <summary>All published values.</summary>
    public static IReadOnlyList<PublishedFigures> All { get; } =
    [
        new(SarsCov2Ct, "resnet101", "paper", "image", new(0.994, null, 0.991, 0.996, 0.994, null), Paper),
        new(SarsCov2Ct, "inception_v3", "paper", "image", new(null, null, 0.998, null, null, null), Paper),
        new(SarsCov2Ct, "squeezenet1_1", "paper", "image", new(0.951, null, 0.962, null, null, null), Paper),
        new(Covid19Ct, null, "paper, best averages", "image", new(0.929, 0.913, 0.937, 0.922, 0.925, null), Paper),
        new(Covid19Ct, null, "same authors, CovidDenseNet", "patient", new(0.8177, 0.7905, 0.8469, 0.7905, null, null), Later),
    ];

    /// <summary>The values for a data set, whatever the case and punctuation of its name.</summary>
    /// <param name="dataset">The name of the data set.</param>
    public static IReadOnlyList<PublishedFigures> For(string dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var key = Key(dataset);
        return [.. All.Where(p => key.StartsWith(Key(p.Dataset), StringComparison.Ordinal))];
    }

    private static string Key(string name) =>
        string.Concat(name.Where(char.IsAsciiLetterOrDigit).Select(char.ToLowerInvariant)).Replace("scan", "", StringComparison.Ordinal);
}
