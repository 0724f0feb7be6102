using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using CovidCt.Cli.Output;
using CovidCt.Records;
using CovidCt.Reporting;
using CovidCt.Reporting.Html;

namespace CovidCt.Cli.Commands;

/// <summary><c>covidct report</c>: one HTML file from a study's folder, finished or not.</summary>
internal static class ReportCommand
{
    public static Command Create(ConsoleOutput console)
    {
        var runs = SharedOptions.Text("--runs", "DIR", "The output folder of a study, finished or not.");
        var output = SharedOptions.Text(
            "--out", "FILE", "Write the report there, and nothing else. [default: report.html in DIR, and figures/ beside it]");
        var compare = new Option<string[]>(
            "--compare")
        { Description = "Other studies to put beside it.", HelpName = "DIR", AllowMultipleArgumentsPerToken = true };
        var command = new Command(
            "report",
            "Writes what is known of a study as one HTML file: tables, figures, misclassified images.") { runs, output, compare,
            SharedOptions.Json() };
        command.SetAction(parsed =>
        {
            var study = StudyReport.Read(
                parsed.GetValue(runs) ?? throw new UsageException("Give --runs DIR, the output folder of a study."));
            var others = (parsed.GetValue(compare) ?? []).Select(StudyReport.Read).ToList();
            var files = Write(study, parsed.GetValue(output), others);
            Warn(console, study);
            if (console.IsJson)
            {
                console.Json(Json(study, files));
            }
            else
            {
                Print(console, files, others.Count > 0);
                foreach (var remedy in Remedy.For(study))
                {
                    console.Line(remedy);
                }
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static IReadOnlyList<string> Write(StudyReport study, string? output, IReadOnlyList<StudyReport> others)
    {
        if (output is null)
        {
            return StudyFiles.WriteReport(study, others);
        }

        var file = Path.GetFullPath(output);
        if (Directory.Exists(file))
        {
            throw new UsageException($"--out {file} is a folder; give a file, such as {Path.Combine(file, StudyLayout.ReportName)}.");
        }

        StudyLayout.Holding(file).Sums.Write(() => new HtmlReport().Write(file, study, others), file);
        return [file];
    }

    private static void Warn(ConsoleOutput console, StudyReport study)
    {
        foreach (var note in study.Notes)
        {
            console.Warning(note);
        }

        if (!study.IsComplete)
        {
            console.Warning(string.Create(CultureInfo.InvariantCulture,
                $"The study is not finished: {Finished(study)} of {study.Runs.Count} runs are done. The report says what is missing."));
        }
    }

    private static void Print(ConsoleOutput console, IReadOnlyList<string> files, bool compared)
    {
        console.Line($"Report: {files[0]}");
        if (files.Count > 1)
        {
            console.Line(
                string.Create(CultureInfo.InvariantCulture, $"{files.Count - 1} figures are in {Path.GetDirectoryName(files[1])}"));
            console.Line($"{StudyLayout.ModelCardName} and {StudyLayout.ChecklistsName} are beside the report.");
            if (compared)
            {
                console.Line($"The studies side by side, with intervals and hours, are in "
                    + $"{Path.Combine(Path.GetDirectoryName(files[0])!, StudyLayout.ComparisonName)}");
            }
        }
    }

    private static JsonObject Json(StudyReport study, IReadOnlyList<string> files) => new()
    {
        ["report"] = files[0],
        ["figures"] = new JsonArray([.. files.Skip(1).Select(file => JsonValue.Create(file))]),
        ["complete"] = study.IsComplete,
        ["runs"] = study.Runs.Count,
        ["finished"] = Finished(study),
        ["missing"] = new JsonArray([.. study.Runs.Where(run => !run.IsFinished)
            .Select(run => new JsonObject { ["network"] = run.Network, ["fold"] = run.Fold, ["begun"] = run.HasBegun })]),
        ["notes"] = new JsonArray([.. study.Notes.Select(note => JsonValue.Create(note))]),
    };

    private static int Finished(StudyReport study) => study.Runs.Count(run => run.IsFinished);
}
