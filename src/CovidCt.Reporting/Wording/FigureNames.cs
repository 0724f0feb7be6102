using CovidCt.Evaluation;
using CovidCt.Statistics;

namespace CovidCt.Reporting.Wording;

/// <summary>The six figures of merit, by their names in <c>results.json</c>, in the order of every table.</summary>
internal static class FigureNames
{
    public static readonly IReadOnlyList<(string Name, string Heading, Func<FiguresOfMerit, double?> Of)> All =
    [
        ("accuracy", "Accuracy", figures => figures.Accuracy),
        ("precision", "Precision", figures => figures.Precision),
        ("sensitivity", "Sensitivity", figures => figures.Sensitivity),
        ("specificity", "Specificity", figures => figures.Specificity),
        ("f1", "F1", figures => figures.F1),
        ("auc", "AUC", figures => figures.Auc),
    ];

    /// <summary>What heads their columns.</summary>
    public static IReadOnlyList<string> Headings { get; } = [.. All.Select(figure => figure.Heading)];

    /// <summary>The same figures with their intervals.</summary>
    public static IReadOnlyList<EstimatedFigure> Estimates(FigureIntervals of) =>
        [of.Accuracy, of.Precision, of.Sensitivity, of.Specificity, of.F1, of.Auc];
}
