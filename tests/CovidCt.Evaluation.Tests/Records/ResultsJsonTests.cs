using System.Text.Json;
using System.Text.Json.Nodes;
using CovidCt.Data;
using CovidCt.Evaluation.Tests.Evaluation;
using CovidCt.Records;
using CovidCt.Tests;

namespace CovidCt.Evaluation.Tests.Records;

public sealed class ResultsJsonTests
{
    private static readonly CrossValidationReport Report = CrossValidationReport.From(
        [
            new("a.png", "COVID", "P1", "resnet18", 0, 0.9),
            new("b.png", "non-COVID", "P2", "resnet18", 0, 1.0 / 3),
            new("c.png", "non-COVID", "P2", "resnet18", 1, 0.2),
        ],
        "Größe & <1>", "patient", -5_000_000_000, ["COVID", "non-COVID"], "COVID",
        [new Rejection("x/50%\", z.png", "It is no image.")],
        new Dictionary<string, string> { ["resnet18"] = "imagenet" });

    [Fact]
    public void Has_the_fields_of_the_contract_in_order_and_null_for_the_undefined() => Assert.Equal(
        """
        {
          "dataset": "Größe & <1>",
          "groupBy": "patient",
          "seed": -5000000000,
          "classes": [
            "COVID",
            "non-COVID"
          ],
          "positive": "COVID",
          "rejected": [
            {
              "path": "x/50%\", z.png",
              "reason": "It is no image."
            }
          ],
          "networks": [
            {
              "name": "resnet18",
              "initialization": "imagenet",
              "folds": [
                {
                  "fold": 0,
                  "tp": 1,
                  "fp": 0,
                  "tn": 1,
                  "fn": 0,
                  "accuracy": 1,
                  "precision": 1,
                  "sensitivity": 1,
                  "specificity": 1,
                  "f1": 1,
                  "auc": 1
                },
                {
                  "fold": 1,
                  "tp": 0,
                  "fp": 0,
                  "tn": 1,
                  "fn": 0,
                  "accuracy": 1,
                  "precision": null,
                  "sensitivity": null,
                  "specificity": 1,
                  "f1": null,
                  "auc": null
                }
              ],
              "mean": {
                "accuracy": 1,
                "precision": 1,
                "sensitivity": 1,
                "specificity": 1,
                "f1": 1,
                "auc": 1
              },
              "std": {
                "accuracy": 0,
                "precision": null,
                "sensitivity": null,
                "specificity": 0,
                "f1": null,
                "auc": null
              }
            }
          ],
          "images": 3,
          "patients": 2
        }

        """.ReplaceLineEndings("\n"),
        ResultsJson.ToJson(Report));

    [Fact]
    public void Is_read_back_to_the_same_text_and_bits()
    {
        using var folder = new TemporaryFolder();
        var predictions = PredictionsCsv.Read(Path.Combine(GoldenMetrics.Folder, "predictions.csv"));
        var began = predictions.Select(p => p.Network).Distinct().ToDictionary(n => n, _ => "random");
        var report = CrossValidationReport.From(
            predictions, "golden", "image", 7, ["non-COVID", "COVID"], "COVID", Report.Rejected, began);
        ResultsJson.Write(folder["results.json"], report);
        var read = ResultsJson.Read(folder["results.json"]);
        Assert.Equal(ResultsJson.ToJson(report), ResultsJson.ToJson(read));
        Assert.Equal(report.Networks.SelectMany(n => n.Folds), read.Networks.SelectMany(n => n.Folds));
        Assert.Equal(report.Networks.Select(n => (n.Mean, n.Std)), read.Networks.Select(n => (n.Mean, n.Std)));
    }

    [Fact]
    public void Further_fields_come_last_and_are_ignored_by_the_reader()
    {
        using var folder = new TemporaryFolder();
        var extra = new JsonObject { ["configurations"] = new JsonArray(1, 2) };
        ResultsJson.Write(folder["results.json"], Report, extra);
        using var document = JsonDocument.Parse(File.ReadAllBytes(folder["results.json"]));
        Assert.Equal("configurations", document.RootElement.EnumerateObject().Last().Name);
        Assert.Equal(ResultsJson.ToJson(Report), ResultsJson.ToJson(ResultsJson.Read(folder["results.json"])));
        Assert.Null(extra.Parent);
    }

    [Fact]
    public void Refuses_a_further_field_that_would_hide_a_result() =>
        Assert.Throws<ArgumentException>(() => ResultsJson.ToJson(Report, new JsonObject { ["networks"] = 1 }));

    [Theory]
    [InlineData("", "results.json")]
    [InlineData("{", "results.json")]
    [InlineData("[]", "results.json")]
    [InlineData("""{"dataset": "d"}""", "'groupBy' is missing")]
    [InlineData("""{"dataset": null}""", "'dataset' is null")]
    [InlineData("""{"dataset": 3}""", "results.json")]
    public void What_is_no_results_file_is_refused_by_name(string text, string message)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["results.json"], text);
        var error = Assert.Throws<InvalidDataException>(() => ResultsJson.Read(folder["results.json"]));
        Assert.Contains(folder["results.json"], error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
