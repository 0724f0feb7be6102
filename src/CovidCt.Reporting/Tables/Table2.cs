using System.Text;
using CovidCt.Evaluation;
using CovidCt.Reporting.Wording;

namespace CovidCt.Reporting.Tables;

/// <summary>
/// The paper's Table 2: figures of merit in per cent, mean ± sample standard deviation over the folds, with what was
/// published for the same data set beside them.
/// </summary>
internal static class Table2
{
    /// <summary>A row for each network, each followed by what was published for it; then what no network is named for.</summary>
    /// <param name="report">The results.</param>
    public static TableData Rows(CrossValidationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var published = PublishedFigures.For(report);
        var rows = report.Networks
            .SelectMany(network => published
                .Where(p => p.Network == network.Name)
                .Select(p => Row($"{p.Network}, {p.What}", TableData.Unknown, p.GroupBy, p.Figures, p.Spread))
                .Prepend(Row(network.Name, network.Initialization, DesignWords.Unit(DesignWords.Of(report)), network.Mean, network.Std)))
            .Concat(published
                .Where(p => p.Network is null)
                .Select(p => Row(p.What, TableData.Unknown, p.GroupBy, p.Figures, p.Spread)));
        return new(
            ["Network", "Began with", "Folds by", "Accuracy", "Precision", "Sensitivity", "Specificity", "F1", "AUC"],
            [.. rows]);
    }

    /// <summary>The confusion matrix of each network, summed over the folds.</summary>
    /// <param name="report">The results.</param>
    public static TableData Counts(CrossValidationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return new(
            ["Network", "TP", "FP", "TN", "FN"],
            [
                .. report.Networks.Select(network => (string[])
                [
                    network.Name,
                    Numbers.Whole(network.Total.TruePositives),
                    Numbers.Whole(network.Total.FalsePositives),
                    Numbers.Whole(network.Total.TrueNegatives),
                    Numbers.Whole(network.Total.FalseNegatives),
                ]),
            ]);
    }

    /// <summary>What the figures are of: data, folds, threshold, and which networks began at random.</summary>
    /// <param name="report">The results.</param>
    public static string Caption(CrossValidationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var patients = report.Patients is { } known ? $"{Numbers.Whole(known)} patients" : "patients unknown";
        var images = DesignWords.IsOneTest(report) ? "test images" : "images";
        var rejected = DesignWords.IsGiven(report.GroupBy) && report.Rejected.Count == 0
            ? ""
            : $", {Numbers.Whole(report.Rejected.Count)} rejected";
        return $"{report.Dataset}: {Numbers.Whole(report.Images)} {images}, {patients}{rejected}. "
            + $"{DesignWords.Caption(DesignWords.Of(report), FoldsOf(report), report.Seed)}; "
            + $"positive class {report.Positive}, threshold 0.5; {TableData.Unknown} where undefined"
            + $"{(DesignWords.IsGiven(report.GroupBy) ? "" : " or not published")}."
            + Began(report.Networks);
    }

    /// <summary>The whole table as a Markdown document.</summary>
    /// <param name="report">The results.</param>
    public static string ToMarkdown(CrossValidationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var text = new StringBuilder()
            .Append("# Table 2\n\n")
            .Append(Caption(report)).Append("\n\n")
            .Append(Rows(report).ToMarkdown()).Append('\n')
            .Append("## Confusion matrices\n\n")
            .Append($"Counts{DesignWords.Summed(DesignWords.Of(report))}.\n\n")
            .Append(Counts(report).ToMarkdown());
        List<string> sources =
        [
            .. PublishedFigures.For(report)
                .Where(p => p.Network is null || report.Networks.Any(n => n.Name == p.Network))
                .Select(p => p.Source).Distinct(),
        ];
        if (sources.Count > 0)
        {
            text.Append("\nPublished values: ").AppendJoin("; ", sources).Append(".\n");
        }

        return text.ToString();
    }

    /// <summary>Writes the Markdown document; the file is whole or not there.</summary>
    /// <param name="path">The file, such as <c>table2.md</c>.</param>
    /// <param name="report">The results.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void Write(string path, CrossValidationReport report) =>
        AtomicFile.WriteAllText(path, ToMarkdown(report));

    private static string[] Row(string name, string began, string? groupBy, FiguresOfMerit mean, FiguresOfMerit? std) =>
    [
        name,
        began,
        groupBy ?? TableData.Unknown,
        Numbers.Percent(mean.Accuracy, std?.Accuracy),
        Numbers.Percent(mean.Precision, std?.Precision),
        Numbers.Percent(mean.Sensitivity, std?.Sensitivity),
        Numbers.Percent(mean.Specificity, std?.Specificity),
        Numbers.Percent(mean.F1, std?.F1),
        Numbers.Percent(mean.Auc, std?.Auc),
    ];

    private static string FoldsOf(CrossValidationReport report)
    {
        List<int> folds = [.. report.Networks.Select(network => network.Folds.Count).Distinct().Order()];
        return folds.Count == 0 ? "No" : string.Join(" to ", ((int[])[folds[0], folds[^1]]).Distinct());
    }

    private static string Began(IReadOnlyList<NetworkResult> networks)
    {
        List<string> random =
        [
            .. networks.Where(network => network.Initialization == NetworkResult.Random).Select(network => network.Name),
        ];
        return random.Count == 0 ? ""
            : random.Count == networks.Count ? " Every network began with random weights."
            : $" These networks began with random weights: {string.Join(", ", random)}.";
    }
}
