using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using CovidCt.Cli.Output;
using CovidCt.Records;
using CovidCt.Reporting;

namespace CovidCt.Cli.Commands;

/// <summary><c>covidct evaluate</c>: predictions that other programs made, judged as a study's are.</summary>
internal static class EvaluateCommand
{
    public static Command Create(ConsoleOutput console, CancellationToken cancellationToken)
    {
        var files = new Argument<string[]>("PREDICTIONS.csv")
        {
            Description = "Files with a row for each answer about an image: CSV with commas, semicolons or tabs, whose first line names "
                + "the columns. Without a column of models, each file is a model.",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = SharedOptions.Text("--out", "DIR", "The folder to write, which is empty or not there.");
        var positive = SharedOptions.Text(
            "--positive",
            "NAME",
            "The class that probabilities are of. [default: 1 of 0 and 1, the one that is named after COVID, else a guess, which is said]");
        var name = SharedOptions.Text("--name", "NAME", "What the predictions are called. [default: the names of the files]");
        var columns = SharedOptions.Text(
            "--columns",
            "WHAT=COLUMN,…",
            $"Which column holds what, where its name doesn't say it: {string.Join(", ", EvaluationOptions.Meanings)}; WHAT= for none.");
        var groups = Several("--groups", "COLUMN", "Columns whose values make groups, of which there are figures too.");
        var compare = Several("--compare", "CSV", "Other predictions of the same images, each a comparison of its own.");
        var command = new Command(
            "evaluate",
            "Judges predictions that were made elsewhere: figures with intervals, differences, calibration, a report, cards.")
        {
            files, output, positive, name, columns, groups, compare, SharedOptions.Json(),
        };
        command.SetAction(parsed =>
        {
            var folder = parsed.GetValue(output) ?? throw new UsageException("Give --out DIR, the folder to write.");
            StudyFiles.RequireEmpty(folder);
            var options = new EvaluationOptions
            {
                Files = parsed.GetValue(files)!,
                Name = parsed.GetValue(name),
                Positive = parsed.GetValue(positive),
                Columns = ColumnsOf(parsed.GetValue(columns)),
                Groups = parsed.GetValue(groups) ?? [],
            };
            var study = Judged(console, options, cancellationToken);
            List<StudyReport> others =
            [
                .. (parsed.GetValue(compare) ?? []).Select(file => Judged(
                    console,
                    new() { Files = [file], Positive = study.Given!.Positive, Columns = options.Columns },
                    cancellationToken)),
            ];
            var written = StudyFiles.WriteEvaluation(study, folder, others, cancellationToken: cancellationToken);
            Print(console, study, others, written);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Option<string[]> Several(string name, string help, string description) =>
        new(name) { Description = description, HelpName = help, AllowMultipleArgumentsPerToken = true };

    private static StudyReport Judged(ConsoleOutput console, EvaluationOptions options, CancellationToken cancellationToken)
    {
        var study = StepDisplay.Show(console, null, progress => StudyReport.Evaluate(options, progress, cancellationToken));
        if (study.Given!.IsPositiveGuessed)
        {
            console.Warning($"Nothing says which class is the positive one ({string.Join(", ", study.Given.Classes)}): "
                + $"{study.Given.Positive} is taken, the last by its name. --positive NAME names it.");
        }

        return study;
    }

    private static Dictionary<string, string> ColumnsOf(string? given)
    {
        Dictionary<string, string> columns = new(StringComparer.Ordinal);
        foreach (var part in given?.Split(',', StringSplitOptions.TrimEntries) ?? [])
        {
            if (part.Split('=', 2, StringSplitOptions.TrimEntries) is not [var what, var column]
                || !EvaluationOptions.Meanings.Contains(what) || !columns.TryAdd(what, column))
            {
                throw new UsageException($"--columns has '{part}'; give WHAT=COLUMN, each once, with commas between, WHAT being one of "
                    + $"{string.Join(", ", EvaluationOptions.Meanings)}.");
            }
        }

        return columns;
    }

    private static void Print(ConsoleOutput console, StudyReport study, List<StudyReport> others, IReadOnlyList<string> written)
    {
        var given = study.Given!;
        if (console.IsJson)
        {
            console.Json(Json(study, written));
            return;
        }

        foreach (var file in given.Files)
        {
            var columns = string.Join(", ", file.Columns.Select(column => $"{column.Meaning}: {column.Name}"));
            console.Line(string.Create(CultureInfo.InvariantCulture, $"{file.Name}: {file.Rows} predictions; {columns}"));
        }

        console.Line($"Positive class: {given.Positive}");
        JudgedOutput.Table(console, study, written[0]);
        if (others.Count > 0)
        {
            var comparison = Path.Combine(Path.GetDirectoryName(written[0])!, StudyLayout.ComparisonName);
            console.Line($"Differences are in the report and in {comparison}");
        }
    }

    private static JsonObject Json(StudyReport study, IReadOnlyList<string> written) => new()
    {
        ["report"] = written[0],
        ["figures"] = new JsonArray([.. written.Skip(1).Select(file => JsonValue.Create(file))]),
        ["positive"] = study.Given!.Positive,
        ["positiveGuessed"] = study.Given.IsPositiveGuessed,
        ["files"] = new JsonArray(
        [
            .. study.Given.Files.Select(file => new JsonObject
            {
                ["name"] = file.Name,
                ["rows"] = file.Rows,
                ["columns"] = new JsonArray(
                    [.. file.Columns.Select(column => new JsonObject { ["holds"] = column.Meaning, ["column"] = column.Name })]),
            }),
        ]),
        ["networks"] = JudgedOutput.Networks(study),
    };
}
