using System.CommandLine;
using System.Globalization;
using CovidCt.Audit;
using CovidCt.Cli.Output;
using CovidCt.Records;
using CovidCt.Reporting.Tables;
using CovidCt.Reporting.Wording;

namespace CovidCt.Cli.Commands;

/// <summary><c>covidct audit</c>: what makes a data set's figures better than they are, before any training.</summary>
internal static class AuditCommand
{
    private const int ShownEvidence = 5;
    private const int ShownFeatures = 8;

    public static Command Create(ConsoleOutput console, CancellationToken cancellationToken)
    {
        var data = new DataOptions("COVID19-CT, SARS-CoV-2 CT-scan, a folder per class, or a CSV manifest (path,label,patient).");
        var groupBy = SharedOptions.Text(
            "--group-by", FoldWords.Placeholder, "What the folds meant for training keep together. [default: image]");
        var folds = SharedOptions.Number<DatasetAuditOptions, int>(
            "--folds", nameof(DatasetAuditOptions.Folds), "N", "Folds. [default: 5]");
        var seed = SharedOptions.Number<DatasetAuditOptions, long>(
            "--seed", nameof(DatasetAuditOptions.Seed), "N", "Decides the folds, and what is drawn. [default: 0]");
        var file = SharedOptions.Text("--out", "FILE", "Write the whole audit to this JSON file.");
        var reading = ReadingOptions.ForData();
        var command = new Command("audit", "Looks for what flatters figures: patients on both sides of folds, images there twice or under "
            + "two labels, and shortcuts by file format or border.");
        Array.ForEach(
            [.. data.OfOne, .. data.OfTest, groupBy, folds, seed, file, .. reading.All, SharedOptions.Json()], command.Options.Add);
        command.SetAction(parsed =>
        {
            if (!data.IsGiven(parsed))
            {
                throw new UsageException("Give --data DIR, the data set to audit.");
            }

            var target = parsed.GetValue(file);
            if (target is not null && Directory.Exists(target))
            {
                throw new UsageException(
                    $"--out {target} is a folder; give the name of a file, such as {Path.Combine(target, StudyLayout.AuditName)}.");
            }

            var options = new DatasetAuditOptions();
            options.GroupBy = data.GroupByOf(parsed, groupBy) ?? options.GroupBy;
            options.Folds = parsed.GetValue(folds) ?? options.Folds;
            options.Seed = parsed.GetValue(seed) ?? options.Seed;
            var reader = reading.Of(parsed);
            var dataset = DataOptions.Examined(console, data.Open(parsed, reader)!, reader, cancellationToken);
            FoldWords.RequireColumn(options.GroupBy, dataset);
            var report = StepDisplay.Show(
                console, null, progress => DatasetAudit.Run(dataset, options, progress, reader, cancellationToken));
            if (target is not null)
            {
                StudyLayout.Holding(target).Sums.Write(() => report.Write(target), target);
            }

            Print(console, report, target);
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Print(ConsoleOutput console, DatasetAuditReport report, string? file)
    {
        if (console.IsJson)
        {
            console.Json(report.ToJson());
            return;
        }

        var classes = string.Join(", ", report.ClassSizes.Select(one => Text($"{one.Images} {one.Name}")));
        var patients = report.PatientCount > 0 ? Text($"{report.PatientCount} patients") : "patients unknown";
        var sources = report.SourceCount > 0 ? Text($", {report.SourceCount} sources") : "";
        console.Line(Text($"{report.Dataset}: {report.Images} images ({classes}), {patients}{sources}; ")
            + Text($"{DesignWords.Brief(report.GroupBy, report.Folds, report.Dataset)}, seed {report.Seed}"));
        console.Line();
        foreach (var finding in report.Findings)
        {
            console.Prose($"{finding.Verdict.ToString().ToUpperInvariant(),-8} {finding.Check}: {finding.Sentence}");
            if (finding.Verdict == AuditVerdict.Clean || finding.Check == AuditFinding.Shortcut)
            {
                continue;
            }

            foreach (var line in finding.Evidence.Take(ShownEvidence))
            {
                console.Line($"           {line}");
            }

            if (finding.Evidence.Count > ShownEvidence)
            {
                console.Line(Text($"           … {finding.Evidence.Count - ShownEvidence} further lines of evidence in the JSON"));
            }
        }

        if (report.Shortcut is { } probe)
        {
            console.Line();
            var design = DesignWords.Brief(probe.GroupBy, probe.Folds, report.Dataset);
            var chance = Text($"chance {100 * probe.Chance:0.0} %, balanced {100 * probe.BalancedChance:0.0} %");
            var alone = probe.Groups.Select(group => group with { Name = $"{group.Name} alone" });
            console.Line($"What is not anatomy, in {design} ({chance}):");
            console.Table(new TableData(
                ["Told apart by", "Accuracy %", "95 % interval", "Balanced %", "AUC"],
                [.. new[] { probe.All }.Concat(alone).Concat(probe.Features.Take(ShownFeatures)).Select(Row)]));
        }

        console.Line(
            Text($"Verdict: {report.Verdict.ToString().ToLowerInvariant()}{(file is null ? "" : $". The whole audit is in {file}")}"));
    }

    private static IReadOnlyList<string> Row(ShortcutProbeResult.Score score) =>
    [
        score.Name, Text($"{100 * score.Accuracy:0.0}"), Text(
            $"{100 * score.AccuracyInterval.Low:0.0} to {100 * score.AccuracyInterval.High:0.0}"),
        Text($"{100 * score.BalancedAccuracy:0.0}"), score.Auc is { } auc ? Text($"{auc:0.000}") : "-",
    ];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
