using System.Text.Json.Nodes;
using CovidCt.Evaluation;
using CovidCt.Models;
using CovidCt.Reporting.Figures;
using CovidCt.Reporting.Tables;
using CovidCt.Training;

namespace CovidCt.Reporting;

/// <summary>The files that a study ends in, beside its run folders.</summary>
public static class StudyFiles
{
    /// <summary>
    /// Writes <c>results.json</c>, <c>table2.md</c>, <c>predictions.csv</c>, <c>history.csv</c> and a
    /// <c>confusion-NETWORK.png</c> a network; each is whole or not there.
    /// </summary>
    /// <param name="folder">The study's folder, which says what the study was asked to do.</param>
    /// <param name="result">What came of it.</param>
    /// <param name="report">Its figures of merit.</param>
    /// <returns>The content of <c>results.json</c>: the report, and every configuration that was tried.</returns>
    /// <exception cref="IOException">A file can't be written.</exception>
    public static JsonObject Write(StudyFolder folder, StudyResult result, CrossValidationReport report)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(report);
        var configuration = JsonNode.Parse(File.ReadAllText(In(StudyFolder.ConfigurationFile)));
        var configurations = new JsonObject { ["configurations"] = new JsonArray(configuration) };
        ResultsJson.Write(In("results.json"), report, configurations);
        Table2.Write(In("table2.md"), report);
        PredictionsCsv.Write(In("predictions.csv"), result.Predictions);
        HistoryCsv.Write(In("history.csv"), result.History);
        var specs = new BackboneFactory().Specs;
        foreach (var network in report.Networks)
        {
            var displayName = specs.FirstOrDefault(spec => spec.Name == network.Name)?.DisplayName;
            ConfusionMatrixFigure.Save(In($"confusion-{network.Name}.png"), network, report, displayName);
        }

        return ResultsJson.ToNode(report, configurations);

        string In(string name) => Path.Combine(folder.FullPath, name);
    }
}
