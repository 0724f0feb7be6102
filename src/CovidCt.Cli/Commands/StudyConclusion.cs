using CovidCt.Cli.Output;
using CovidCt.Records;
using CovidCt.Reporting;
using CovidCt.Reporting.Tables;

namespace CovidCt.Cli.Commands;

/// <summary>What a study ends with: its files, the table of its figures, and where all of it is.</summary>
internal static class StudyConclusion
{
    /// <summary>Writes the files that are made of a study's result, and shows what came of it.</summary>
    public static void Show(ConsoleOutput console, StudyResult result)
    {
        var report = result.Report();
        var document = StudyFiles.Write(result);
        if (console.IsJson)
        {
            console.Json(document);
        }
        else
        {
            console.Line();
            var (table, caption) = TableData.OfResults(report);
            console.Table(table);
            console.Prose(caption);
            ShowSeries(console, result);
            ShowSeeds(console, result);
            ShowSearch(console, result);
            console.Line();
        }

        foreach (var rejected in RejectedOutput.Of(report.Rejected))
        {
            console.Line($"rejected: {rejected}");
        }

        console.Line($"Report: {Path.Combine(result.Layout.Root, StudyLayout.ReportName)}");
        var patients = File.Exists(Path.Combine(result.Layout.Root, StudyLayout.PatientsName)) ? $" {StudyLayout.PatientsName}," : "";
        console.Line($"{StudyLayout.ModelCardName}, {StudyLayout.ChecklistsName}, results.json, table2.md, predictions.csv,{patients} "
            + $"history.csv, confusion-NETWORK.png, figures/ and runs/ are in {result.Layout.Root}");
        if (result.Recipes.Count > 0)
        {
            console.Line(
                $"All of these but {StudyLayout.SearchName} are of the first recipe; {StudyLayout.RecipesName}/ has the others, each a "
                + "study of its own");
        }

        if (result.Seeds.Count > 0)
        {
            console.Line(
                $"All of these but the tables of seeds are of the first seed; {StudyLayout.SeedsName}/ has the others, each a study of its "
                + $"own, {StudyLayout.SeedFiguresName} and {StudyLayout.EnsembleName} what all seeds come to and answer together");
        }
    }

    private static void ShowSeries(ConsoleOutput console, StudyResult result)
    {
        if (result.Series is not { Count: > 0 } series)
        {
            return;
        }

        var positive = result.Dataset.Classes[result.Dataset.Positive];
        console.Line();
        console.Table(new(
            ["Series", "Right by the mean, cut 0.5", "Right by rules chosen on the other folds", "Rules"],
            [
                .. series.GroupBy(one => one.Network).Select(network => (string[])
                [
                    network.Key,
                    Share(network, one => one.IsPositiveByMean == (one.Label == positive)),
                    network.All(one => one.Rule is not null)
                        ? Share(network, one => one.IsPositiveByRule == (one.Label == positive))
                        : TableData.Unknown,
                    string.Join(", ", network.Select(one => one.Rule?.ToString()).OfType<string>().Distinct()),
                ]),
            ]));

        static string Share(IEnumerable<SeriesPrediction> of, Func<SeriesPrediction, bool> isRight) =>
            FormattableString.Invariant($"{of.Count(isRight)} of {of.Count()}");
    }

    private static void ShowSearch(ConsoleOutput console, StudyResult result)
    {
        foreach (var network in result.Recipes.Count == 0 ? [] : RecipeSearch.Read(result.Layout[StudyLayout.SearchName]).Networks)
        {
            var (table, outcome) = TableData.OfSearch(network);
            console.Line();
            console.Table(table);
            console.Prose(outcome);
        }
    }

    private static void ShowSeeds(ConsoleOutput console, StudyResult result)
    {
        if (result.Seeds.Count == 0)
        {
            return;
        }

        var (table, caption) = TableData.OfSeeds(StudyReport.Read(result.Layout.Root).OverSeeds);
        console.Line();
        console.Table(table);
        console.Prose(caption);
        var (together, captionOfTogether) = TableData.OfSeedsTogether(result.SeedEnsembles);
        console.Line();
        console.Table(together);
        console.Prose(captionOfTogether);
    }
}
