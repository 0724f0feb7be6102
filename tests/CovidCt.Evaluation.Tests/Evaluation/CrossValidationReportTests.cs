using CovidCt.Records;

namespace CovidCt.Evaluation.Tests.Evaluation;

public sealed class CrossValidationReportTests
{
    private static readonly Dictionary<string, string> Began = new() { ["a"] = "random", ["b"] = "imagenet" };

    private static readonly Prediction[] Predictions =
    [
        new("2.png", "COVID", "P1", "b", 1, 0.9),
        new("1.png", "non-COVID", "P2", "b", 0, 0.1),
        new("1.png", "non-COVID", "P2", "a", 0, 0.6),
        new("2.png", "COVID", "P1", "a", 1, 0.4),
        new("3.png", "COVID", null, "a", 1, 0.8),
    ];

    [Fact]
    public void Equals_the_reference_that_is_computed_from_the_predictions_file_alone()
    {
        var predictions = PredictionsCsv.Read(Path.Combine(GoldenMetrics.Folder, "predictions.csv"));
        string[] names = [.. predictions.Select(p => p.Network).Distinct()];
        var report = CrossValidationReport.From(
            predictions, "golden", "patient", 0, ["COVID", "non-COVID"], "COVID", [], names.ToDictionary(n => n, _ => "random"));

        Assert.Equal((61, 16), (report.Images, report.Patients!.Value));
        foreach (var (golden, network) in GoldenMetrics.Networks().Zip(report.Networks))
        {
            Assert.Equal(golden.GetProperty("name").GetString(), network.Name);
            Assert.Equal(golden.GetProperty("folds").GetArrayLength(), network.Folds.Count);
            foreach (var (goldenFold, fold) in golden.GetProperty("folds").EnumerateArray().Zip(network.Folds))
            {
                Assert.Equal(goldenFold.GetProperty("fold").GetInt32(), fold.Fold);
                Assert.Equal(GoldenMetrics.Matrix(goldenFold), fold.Matrix);
                GoldenMetrics.AssertFigures(goldenFold, fold.Figures, $"{network.Name}, fold {fold.Fold}");
            }

            GoldenMetrics.AssertFigures(golden.GetProperty("mean"), network.Mean, $"{network.Name}, mean");
            GoldenMetrics.AssertFigures(golden.GetProperty("std"), network.Std, $"{network.Name}, std");
        }
    }

    [Fact]
    public void Networks_and_folds_are_in_order_whatever_that_of_the_predictions()
    {
        var report = From(Predictions);
        Assert.Equal(["a", "b"], report.Networks.Select(n => n.Name));
        Assert.Equal(["random", "imagenet"], report.Networks.Select(n => n.Initialization));
        Assert.Equal([0, 1], report.Networks[0].Folds.Select(f => f.Fold));
        Assert.Equal(new ConfusionMatrix(1, 1, 0, 1), report.Networks[0].Total);
        Assert.Equal((3, 2), (report.Images, report.Patients!.Value));
        Assert.Equal(ResultsJson.ToJson(report), ResultsJson.ToJson(From([.. Predictions.Reverse()])));
    }

    [Fact]
    public void Patients_are_unknown_where_no_image_has_one() =>
        Assert.Null(From([.. Predictions.Select(p => p with { Patient = null })]).Patients);

    [Fact]
    public void No_predictions_make_no_networks()
    {
        var report = From([]);
        Assert.Empty(report.Networks);
        Assert.Equal(0, report.Images);
    }

    [Fact]
    public void Refuses_a_label_that_is_no_class() => Refuses(
        "'x.png' has the label 'flu'", () => From([.. Predictions, new("x.png", "flu", null, "a", 0, 0.5)]));

    [Fact]
    public void Refuses_an_image_that_a_network_predicted_twice() => Refuses(
        "'1.png' was predicted 2 times by 'a'", () => From([.. Predictions, Predictions[2] with { Fold = 4 }]));

    [Fact]
    public void Refuses_a_network_whose_initialization_is_unknown() => Refuses(
        "initialization of 'c'", () => From([.. Predictions, new("x.png", "COVID", null, "c", 0, 0.5)]));

    [Fact]
    public void Refuses_a_positive_class_that_is_none() => Refuses(
        "'flu' is none of COVID, non-COVID",
        () => CrossValidationReport.From([], "d", "image", 0, ["COVID", "non-COVID"], "flu", [], Began));

    private static void Refuses(string message, Action act) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(act).Message, StringComparison.Ordinal);

    private static CrossValidationReport From(Prediction[] predictions) => CrossValidationReport.From(
        predictions, "d", "image", 0, ["COVID", "non-COVID"], "COVID", [], Began);
}
