using CovidCt.Data;
using CovidCt.Evaluation;

namespace CovidCt.Reporting.Tests;

/// <summary>Reports made from a few predictions.</summary>
internal static class SampleReport
{
    /// <summary>Two folds: squeezenet1_1 with all kinds of outcome, resnet18 with undefined figures.</summary>
    public static CrossValidationReport On(string dataset) => CrossValidationReport.From(
        [
            .. Fold("squeezenet1_1", 0, 0.9, 0.8, 0.2, 0.4, 0.6, 0.1),
            .. Fold("squeezenet1_1", 1, 0.9, 0.8, 0.7, 0.4, 0.3, 0.1),
            .. Fold("resnet18", 0, 0.1, 0.2, 0.3, 0.1, 0.2, 0.3),
            .. Fold("resnet18", 1, 0.4, 0.4, 0.4, 0.1, 0.2, 0.3),
        ],
        dataset, "image", 7, ["COVID", "non-COVID"], "COVID", [new Rejection("x.png", "It is no image.")],
        new Dictionary<string, string> { ["squeezenet1_1"] = "imagenet", ["resnet18"] = "random" });

    private static IEnumerable<Prediction> Fold(string network, int fold, params double[] probabilities) =>
        probabilities.Select((p, i) => new Prediction(
            $"{fold}-{i}.png", i < 3 ? "COVID" : "non-COVID", $"P{i / 2}-{fold}", network, fold, p));
}
