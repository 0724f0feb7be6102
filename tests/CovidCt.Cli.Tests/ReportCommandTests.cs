using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;
using CovidCt.Evaluation;
using CovidCt.Records;

namespace CovidCt.Cli.Tests;

[Collection(OneFinishedStudy.Name)]
public sealed class ReportCommandTests(FinishedStudy study) : IDisposable
{
    private static readonly string[] Sheets = ["confusion-matrices", "roc-curves", "learning-curves"];
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void A_study_ends_in_a_report_with_its_figures()
    {
        Assert.Contains($"Report: {study.Place.PathOf("out/report.html")}", study.Outcome.Output, StringComparison.Ordinal);
        Assert.All(Sheets, name =>
        {
            Assert.True(File.Exists(study.Place.PathOf($"out/figures/{name}.png")));
            Assert.True(File.Exists(study.Place.PathOf($"out/figures/{name}.svg")));
        });

        var results = JsonNode.Parse(File.ReadAllText(study.Place.PathOf("out/results.json")))!["networks"]![0]!;
        var cells = Page(study.Place.PathOf("out/report.html")).Descendants("td").Where(cell => cell.Attribute("data-std") is not null).ToList();
        Assert.Equal(6, cells.Count);
        Assert.All(cells, cell => Assert.Equal(
            results["mean"]![cell.Attribute("data-figure")!.Value]?.GetValue<double>().ToString("R", CultureInfo.InvariantCulture) ?? "", cell.Attribute("data-value")!.Value));
    }

    [Fact]
    [Trait("Category", "Long")]
    public void The_report_can_be_written_again_from_the_folder_alone_and_is_the_same()
    {
        var before = File.ReadAllBytes(study.Place.PathOf("out/report.html"));
        var others = study.Place.Entries("data");

        var document = study.Place.Run("report", "--runs", "out", "--json").Exits(0).Json;

        Assert.Equal(before, File.ReadAllBytes(study.Place.PathOf("out/report.html")));
        Assert.Equal(others, study.Place.Entries("data"));
        Assert.Equal(study.Place.PathOf("out/report.html"), document["report"]!.GetValue<string>());
        Assert.True(document["complete"]!.GetValue<bool>());
        Assert.Equal((2, 2), (document["runs"]!.GetValue<int>(), document["finished"]!.GetValue<int>()));
        Assert.All(document["figures"]!.AsArray(), figure => Assert.True(File.Exists(figure!.GetValue<string>())));
        Assert.Empty(document["missing"]!.AsArray());
    }

    [Fact]
    public void With_out_the_report_alone_is_written_there()
    {
        Copy(study.Place.PathOf("out"), _place.PathOf("study"), except: ["report.html", "figures"]);
        var before = _place.Entries();

        var outcome = _place.Run("report", "--runs", "study", "--out", "shown/mine.html").Exits(0);

        Assert.Equal(before.Concat(["shown", "shown/mine.html"]).Order(StringComparer.Ordinal), _place.Entries());
        Assert.Contains(_place.PathOf("shown/mine.html"), outcome.Output, StringComparison.Ordinal);
        Assert.Empty(outcome.Errors);
        _place.Run("report", "--runs", "study", "--out", "shown").Fails(2, "is a folder");
    }

    [Fact]
    [Trait("Category", "Long")]
    public void A_half_done_study_has_a_report_that_says_what_is_missing()
    {
        Copy(study.Place.PathOf("out"), _place.PathOf("half"), except: ["results.json", $"runs{Path.DirectorySeparatorChar}{FinishedStudy.Network}{Path.DirectorySeparatorChar}fold-1"]);

        var outcome = _place.Run("report", "--runs", "half", "--json").Exits(0);

        Assert.Contains("1 of 2 runs are done", outcome.Errors, StringComparison.Ordinal);
        Assert.Equal((FinishedStudy.Network, 1), (outcome.Json["missing"]![0]!["network"]!.GetValue<string>(), outcome.Json["missing"]![0]!["fold"]!.GetValue<int>()));
        var page = Page(_place.PathOf("half/report.html"));
        Assert.Contains("without fold 1", page.Descendants("div").Single(e => (string?)e.Attribute("id") == "missing").Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Calibrations_that_are_not_there_are_named_with_the_command_that_writes_them()
    {
        var read = StudyReport.Read(study.Place.PathOf("out"));
        List<RunReport> runs = [.. read.Runs.Select(run => run with { Calibration = null, Predictions = [.. run.Predictions.Select(Unsure)] })];
        var without = read with { Runs = runs };
        var written = read with { Runs = [.. runs.Select(run => run with { Calibration = without.CalibrationOf(run), Sets = without.SetsOf(run) })] };

        Assert.All(runs, run => Assert.NotNull(without.CalibrationOf(run)));
        Assert.Contains($"The same reproduce command with --out {read.Folder} --resume writes the calibrations and prediction sets that are not there.", Remedy.For(without));
        Assert.DoesNotContain(Remedy.For(written), remedy => remedy.Contains("calibrations", StringComparison.Ordinal));

        // The first image of a fold goes to the other class, and more so than the right ones to theirs.
        Prediction Unsure(Prediction image, int row) => image with
        {
            Probability = (image.Label == "COVID") == (row > 0) ? (row > 0 ? 0.7 : 0.8) : (row > 0 ? 0.3 : 0.2),
        };
    }

    [Fact]
    [Trait("Category", "Long")]
    public void What_the_report_lacks_is_named_with_the_command_that_makes_it()
    {
        Copy(study.Place.PathOf("out"), _place.PathOf("half"), except: ["results.json", "audit.json", "figures", $"runs{Path.DirectorySeparatorChar}{FinishedStudy.Network}{Path.DirectorySeparatorChar}fold-1"]);
        var (folder, run) = (_place.PathOf("half"), _place.PathOf($"half/runs/{FinishedStudy.Network}/fold-0"));

        var whole = study.Place.Run("report", "--runs", "out").Exits(0);
        var half = _place.Run("report", "--runs", "half").Exits(0);

        Assert.Equal(
            [$"The same reproduce command with --out {study.Place.PathOf("out")} --resume --controls features runs controls.", $"covidct explain --run {study.Run} makes maps and audits them."],
            Remedies(whole));
        Assert.Equal(
            [
                $"To go on with the study, give the same reproduce command with --out {folder} --resume.",
                $"covidct audit --data DIR --out {Path.Combine(folder, "audit.json")} audits the data.",
                $"The same reproduce command with --out {folder} --resume --controls features runs controls.",
                $"covidct explain --run {run} makes maps and audits them.",
            ],
            Remedies(half));
        Assert.DoesNotContain("covidct ", File.ReadAllText(_place.PathOf("half/report.html")), StringComparison.Ordinal);

        static IEnumerable<string> Remedies(Workplace.Outcome outcome) => outcome.Output.Split('\n')
            .Where(line => line.StartsWith("covidct ", StringComparison.Ordinal) || line.Contains("reproduce command", StringComparison.Ordinal));
    }

    [Fact]
    public void A_run_s_folder_is_refused_and_its_study_named() =>
        study.Place.Run("report", "--runs", study.Run, "--json").Fails(3, "is no study's folder", $"Did you mean {study.Place.PathOf("out")}?");

    [Fact]
    public void A_damaged_study_is_one_error()
    {
        Copy(study.Place.PathOf("out"), _place.PathOf("study"), except: []);
        _place.Write("study/results.json", "{");
        _place.Run("report", "--runs", "study", "--json").Fails(3, "results.json");
    }

    private static XElement Page(string file)
    {
        using var reader = XmlReader.Create(file, new XmlReaderSettings { DtdProcessing = DtdProcessing.Parse });
        return XElement.Load(reader);
    }

    private static void Copy(string from, string to, string[] except)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(from, file);
            if (except.Any(left => name == left || name.StartsWith(left + Path.DirectorySeparatorChar, StringComparison.Ordinal)))
            {
                continue;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(to, name))!);
            File.Copy(file, Path.Combine(to, name));
        }
    }
}
