using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CovidCt.Data;
using CovidCt.Evaluation;

namespace CovidCt.Records;

/// <summary>
/// Writes and reads <c>results.json</c>: fractions in 0…1 whose digits round-trip, undefined figures as null, folds
/// from 0, fields in a fixed order. Readers ignore fields that they don't know.
/// </summary>
internal static class ResultsJson
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        // Class names and paths stay readable; the document is a file, never part of a web page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The document as indented text that ends in a line break.</summary>
    /// <param name="report">The results.</param>
    /// <param name="extra">Further fields, put after the results, such as every configuration that was tried.</param>
    /// <exception cref="ArgumentException">A further field has the name of one of the results'.</exception>
    public static string ToJson(CrossValidationReport report, JsonObject? extra = null) =>
        ToNode(report, extra).ToJsonString(Indented) + "\n";

    /// <summary>The document as a tree, for putting it into another.</summary>
    /// <inheritdoc cref="ToJson" path="/param|/exception"/>
    public static JsonObject ToNode(CrossValidationReport report, JsonObject? extra = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        var document = new JsonObject
        {
            ["dataset"] = report.Dataset,
            ["groupBy"] = report.GroupBy,
            ["seed"] = report.Seed,
            ["classes"] = new JsonArray([.. report.Classes.Select(c => (JsonNode)c)]),
            ["positive"] = report.Positive,
            ["rejected"] = new JsonArray(
                [.. report.Rejected.Select(r => new JsonObject { ["path"] = r.Path, ["reason"] = r.Reason })]),
            ["networks"] = new JsonArray([.. report.Networks.Select(Network)]),
            ["images"] = report.Images,
            ["patients"] = report.Patients,
        };
        foreach (var (name, value) in extra ?? [])
        {
            if (document.ContainsKey(name))
            {
                throw new ArgumentException($"The results have a field '{name}' already.", nameof(extra));
            }

            document[name] = value?.DeepClone();
        }

        return document;
    }

    /// <summary>Writes the document; the file is whole or not there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="report">The results.</param>
    /// <param name="extra">Further fields, put after the results, such as every configuration that was tried.</param>
    /// <exception cref="ArgumentException">A further field has the name of one of the results'.</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void Write(string path, CrossValidationReport report, JsonObject? extra = null) =>
        AtomicFile.WriteAllText(path, ToJson(report, extra));

    /// <summary>Reads a document.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is no results document; the message names the file and the fault.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static CrossValidationReport Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return Report(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{path} is no results.json of a study: {e.Message}", e);
        }
    }

    private static JsonObject Network(NetworkResult network) => new()
    {
        ["name"] = network.Name,
        ["initialization"] = network.Initialization,
        ["folds"] = new JsonArray([.. network.Folds.Select(Fold)]),
        ["mean"] = Figures(network.Mean, []),
        ["std"] = Figures(network.Std, []),
    };

    private static JsonObject Fold(FoldResult fold) => Figures(fold.Figures, new()
    {
        ["fold"] = fold.Fold,
        ["tp"] = fold.Matrix.TruePositives,
        ["fp"] = fold.Matrix.FalsePositives,
        ["tn"] = fold.Matrix.TrueNegatives,
        ["fn"] = fold.Matrix.FalseNegatives,
    });

    private static JsonObject Figures(FiguresOfMerit figures, JsonObject target)
    {
        target["accuracy"] = figures.Accuracy;
        target["precision"] = figures.Precision;
        target["sensitivity"] = figures.Sensitivity;
        target["specificity"] = figures.Specificity;
        target["f1"] = figures.F1;
        target["auc"] = figures.Auc;
        return target;
    }

    private static CrossValidationReport Report(JsonElement root) => new(
        Text(root, "dataset"),
        Text(root, "groupBy"),
        Field(root, "seed").GetInt64(),
        [.. Field(root, "classes").EnumerateArray().Select(c => c.GetString() ?? "")],
        Text(root, "positive"),
        [.. Field(root, "rejected").EnumerateArray().Select(r => new Rejection(Text(r, "path"), Text(r, "reason")))],
        [.. Field(root, "networks").EnumerateArray().Select(Network)])
    {
        Patients = root.TryGetProperty("patients", out var patients) && patients.ValueKind == JsonValueKind.Number
            ? patients.GetInt32()
            : null,
    };

    private static NetworkResult Network(JsonElement network) => new(
        Text(network, "name"),
        Text(network, "initialization"),
        [.. Field(network, "folds").EnumerateArray().Select(Fold)],
        Figures(Field(network, "mean")),
        Figures(Field(network, "std")));

    private static FoldResult Fold(JsonElement fold) => new(
        Count(fold, "fold"),
        new(Count(fold, "tp"), Count(fold, "fp"), Count(fold, "tn"), Count(fold, "fn")),
        Figures(fold));

    private static FiguresOfMerit Figures(JsonElement figures) => new(
        Figure(figures, "accuracy"),
        Figure(figures, "precision"),
        Figure(figures, "sensitivity"),
        Figure(figures, "specificity"),
        Figure(figures, "f1"),
        Figure(figures, "auc"));

    private static JsonElement Field(JsonElement parent, string name) => parent.TryGetProperty(name, out var value)
        ? value
        : throw new FormatException($"the field '{name}' is missing.");

    private static string Text(JsonElement parent, string name) =>
        Field(parent, name).GetString() ?? throw new FormatException($"the field '{name}' is null.");

    private static int Count(JsonElement parent, string name) => Field(parent, name).GetInt32();

    private static double? Figure(JsonElement parent, string name) =>
        Field(parent, name) is { ValueKind: not JsonValueKind.Null } value ? value.GetDouble() : null;
}
