using System.Text.Json.Nodes;
using CovidCt.Evaluation;
using CovidCt.Models;
using CovidCt.Reporting.Cards;
using CovidCt.Reporting.Figures;
using CovidCt.Reporting.Html;
using CovidCt.Reporting.Tables;
using CovidCt.Training;

namespace CovidCt.Reporting;

/// <summary>The files that a study ends in, beside its run folders.</summary>
public static class StudyFiles
{
    /// <summary>The name of the report.</summary>
    public const string ReportFile = "report.html";

    /// <summary>The name of the tables of studies side by side.</summary>
    public const string ComparisonFile = "comparison.md";

    /// <summary>The name of the audit of the data, where one was made.</summary>
    public const string AuditFile = "audit.json";

    /// <summary>
    /// Writes <c>results.json</c>, <c>table2.md</c>, <c>predictions.csv</c>, where patients are known <c>patients.csv</c>,
    /// <c>history.csv</c>, a <c>confusion-NETWORK.png</c> a network, the report, and the cards; each is whole or not there.
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
        if (result.Predictions.All(prediction => prediction.Patient is not null))
        {
            PatientPredictions.Write(In(PatientPredictions.FileName), PatientPredictions.From(result.Predictions));
        }

        HistoryCsv.Write(In("history.csv"), result.History);
        var backbones = new BackboneFactory();
        var specs = backbones.Specs;
        foreach (var network in report.Networks)
        {
            var displayName = specs.FirstOrDefault(spec => spec.Name == network.Name)?.DisplayName;
            ConfusionMatrixFigure.Save(In($"confusion-{network.Name}.png"), network, report, displayName);
        }

        WriteReport(StudyReport.Read(folder.FullPath), backbones);
        return ResultsJson.ToNode(report, configurations);

        string In(string name) => Path.Combine(folder.FullPath, name);
    }

    /// <summary>
    /// Writes <c>report.html</c>, <c>figures/</c>, <c>MODEL_CARD.md</c> and <c>CHECKLIST.md</c> into a study's folder, finished
    /// or not, and with other studies beside it <c>comparison.md</c>.
    /// </summary>
    /// <param name="study">What lies in the folder.</param>
    /// <param name="backbones">Knows the networks.</param>
    /// <param name="others">Studies to put beside it; null where there are none.</param>
    /// <returns>The full paths of the report and, after it, of the figures.</returns>
    /// <exception cref="IOException">A file can't be written.</exception>
    public static IReadOnlyList<string> WriteReport(StudyReport study, IBackboneFactory backbones, IReadOnlyList<StudyReport>? others = null)
    {
        ArgumentNullException.ThrowIfNull(study);
        var (report, figures) = (Path.Combine(study.Folder, ReportFile), Path.Combine(study.Folder, "figures"));
        var drawn = new StudyFigures(backbones).Save(study, figures);
        StudyCards.Write(study, study.Folder);
        IReadOnlyList<StudyReport> studies = [study, .. others ?? []];
        var compared = studies.Count > 1 ? ComparedNetwork.Of(studies) : [];
        if (studies.Count > 1)
        {
            AtomicFile.WriteAllText(Path.Combine(study.Folder, ComparisonFile), ComparisonTables.Of(studies, compared).ToString());
        }

        new HtmlReport(backbones).Write(report, study, compared);
        return [report, .. drawn.Select(name => Path.Combine(figures, name))];
    }
}
