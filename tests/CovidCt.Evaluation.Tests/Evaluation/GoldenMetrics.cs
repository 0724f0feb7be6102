using System.Text.Json;

namespace CovidCt.Evaluation.Tests.Evaluation;

/// <summary>What scikit-learn and NumPy compute; written by <c>tests/reference/make_metrics_golden.py</c>.</summary>
internal static class GoldenMetrics
{
    public const double Tolerance = 1e-12;

    public static string Folder => Path.Combine(AppContext.BaseDirectory, "Evaluation", "Fixtures");

    public static IEnumerable<JsonElement> Cases() => Read("metrics-golden.json");

    public static IEnumerable<JsonElement> Networks() => Read("results-golden.json");

    public static void AssertFigures(JsonElement expected, FiguresOfMerit actual, string what)
    {
        AssertFigure("accuracy", actual.Accuracy);
        AssertFigure("precision", actual.Precision);
        AssertFigure("sensitivity", actual.Sensitivity);
        AssertFigure("specificity", actual.Specificity);
        AssertFigure("f1", actual.F1);
        AssertFigure("auc", actual.Auc);

        void AssertFigure(string name, double? value)
        {
            var golden = expected.GetProperty(name);
            if (golden.ValueKind == JsonValueKind.Null)
                Assert.True(value is null, $"{what}: {name} is {value}, not undefined.");
            else
                Assert.True(Math.Abs(golden.GetDouble() - value ?? double.NaN) <= Tolerance, $"{what}: {name} is {value}, not {golden}.");
        }
    }

    public static ConfusionMatrix Matrix(JsonElement golden) => new(
        golden.GetProperty("tp").GetInt32(),
        golden.GetProperty("fp").GetInt32(),
        golden.GetProperty("tn").GetInt32(),
        golden.GetProperty("fn").GetInt32());

    private static JsonElement[] Read(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, name)));
        return [.. document.RootElement.EnumerateArray().Select(e => e.Clone())];
    }
}
