using System.Text.Json.Nodes;
using CovidCt.Records;
using CovidCt.Reporting.Tables;

namespace CovidCt.Cli.Output;

/// <summary>What answers that are no study's came to, as commands print it.</summary>
internal static class JudgedOutput
{
    /// <summary>The table of the figures, and where the report is.</summary>
    public static void Table(ConsoleOutput console, StudyReport study, string report)
    {
        var (table, caption) = TableData.OfResults(study.Results!);
        console.Line();
        console.Prose(caption);
        console.Table(table);
        console.Line($"Report: {report}");
        console.Line($"{StudyLayout.ModelCardName} and {StudyLayout.ChecklistsName} are beside the report.");
    }

    /// <summary>The figures of each network.</summary>
    public static JsonArray Networks(StudyReport study) => new(
    [
        .. study.Results!.Networks.Select(network => new JsonObject
        {
            ["name"] = network.Name,
            ["images"] = network.Total.Total,
            ["accuracy"] = network.Mean.Accuracy,
            ["sensitivity"] = network.Mean.Sensitivity,
            ["specificity"] = network.Mean.Specificity,
            ["auc"] = network.Mean.Auc,
        }),
    ]);
}
