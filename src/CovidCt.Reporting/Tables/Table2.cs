using System.Globalization;
using System.Text;
using CovidCt.Evaluation;
using CovidCt.Reporting.Figures;

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
        var published = PublishedFigures.For(report.Dataset);
        var rows = report.Networks
            .SelectMany(network => published
                .Where(p => p.Network == network.Name)
                .Select(p => Row($"{p.Network}, {p.What}", TableData.Unknown, p.GroupBy, p.Figures, null))
                .Prepend(Row(network.Name, network.Initialization, report.GroupBy, network.Mean, network.Std)))
            .Concat(published
                .Where(p => p.Network is null)
                .Select(p => Row(p.What, TableData.Unknown, p.GroupBy, p.Figures, null)));
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
                    Text(network.Total.TruePositives),
                    Text(network.Total.FalsePositives),
                    Text(network.Total.TrueNegatives),
                    Text(network.Total.FalseNegatives),
                ]),
            ]);
    }

    /// <summary>What the figures are of: data, folds, threshold, and which networks began at random.</summary>
    /// <param name="report">The results.</param>
    public static string Caption(CrossValidationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        int[] folds = [.. report.Networks.Select(n => n.Folds.Count).Distinct().Order()];
        string[] random = [.. report.Networks.Where(n => n.Initialization == NetworkResult.Random).Select(n => n.Name)];
        string count = folds.Length == 0 ? "No" : string.Join(" to ", new[] { folds[0], folds[^1] }.Distinct());
        string patients = report.Patients is { } p ? $"{Text(p)} patients" : "patients unknown";
        string began = random.Length == 0 || report.Networks.Count == 0
            ? ""
            : random.Length == report.Networks.Count
                ? " Every network began with random weights."
                : $" These networks began with random weights: {string.Join(", ", random)}.";
        return $"{report.Dataset}: {Text(report.Images)} images, {patients}, {Text(report.Rejected.Count)} rejected. "
            + $"{Protocol(report, count)}; "
            + $"positive class {report.Positive}, threshold 0.5; {TableData.Unknown} where undefined or not published."
            + began;
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
            .Append("Counts, summed over the folds.\n\n")
            .Append(Counts(report).ToMarkdown());
        string[] sources = [.. PublishedFigures.For(report.Dataset)
            .Where(p => p.Network is null || report.Networks.Any(n => n.Name == p.Network))
            .Select(p => p.Source).Distinct()];
        if (sources.Length > 0)
            text.Append("\nPublished values: ").AppendJoin("; ", sources).Append(".\n");
        return text.ToString();
    }

    /// <summary>Writes the Markdown document; the file is whole or not there.</summary>
    /// <param name="path">The file, such as <c>table2.md</c>.</param>
    /// <param name="report">The results.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void Write(string path, CrossValidationReport report) =>
        AtomicFile.WriteAllText(path, ToMarkdown(report));

    private static string[] Row(string name, string began, string groupBy, FiguresOfMerit mean, FiguresOfMerit? std) =>
    [
        name,
        began,
        groupBy,
        FigureNumbers.Percent(mean.Accuracy, std?.Accuracy),
        FigureNumbers.Percent(mean.Precision, std?.Precision),
        FigureNumbers.Percent(mean.Sensitivity, std?.Sensitivity),
        FigureNumbers.Percent(mean.Specificity, std?.Specificity),
        FigureNumbers.Percent(mean.F1, std?.F1),
        FigureNumbers.Percent(mean.Auc, std?.Auc),
    ];

    private static string Protocol(CrossValidationReport report, string folds) => report.GroupBy switch
    {
        CrossValidationReport.Official => FormattableString.Invariant($"The data set's official split, seed {report.Seed}; per cent"),
        CrossValidationReport.BySource => FormattableString.Invariant($"Each of {folds} sources left out in turn, all pooled before figures are computed, seed {report.Seed}; per cent"),
        _ => FormattableString.Invariant($"{folds} folds by {report.GroupBy}, seed {report.Seed}; per cent, mean ± sample standard deviation over the folds"),
    };

    private static string Text(int count) => count.ToString(CultureInfo.InvariantCulture);
}
