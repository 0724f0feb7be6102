using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CovidCt.Records;
using CovidCt.Reporting.Cards;
using CovidCt.Tests;

namespace CovidCt.Reporting.Tests;

public sealed partial class EvaluationFolderTests : IDisposable
{
    // What holds of a study of this program and of nothing else.
    private static readonly string[] Claims =
    [
        "LAMB", "ImageNet", "epoch", "Nothing was chosen", "was fixed beforehand", "canvas", "Alshazly", "augmented", "random weights",
        "trained on all images but", "the study’s folder", "the study's folder", "No file was rejected", "rejected", "COVID-19 on chest CT",
        "was not trained on it", "slices of chest CT", "No controls were run", "not finished", "calibration.json", "reproduce", "published value",
        "Nothing was imputed", "layers", "were each trained", "seed 0",
    ];

    private readonly TemporaryFolder _folder = new();

    private string Out => _folder["out"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Category", "Long")]
    public void Predictions_of_a_study_come_to_every_figure_of_its_results_and_report()
    {
        using var study = SampleStudy.Finished();
        var own = StudyReport.Read(study.Folder);
        StudyFiles.WriteReport(own);
        var layout = new StudyLayout(study.Folder);
        layout.WritePredictions(own.Runs.SelectMany(run => run.Predictions));

        var judged = StudyReport.Evaluate(new() { Files = [study.PathOf("predictions.csv")], Name = "COVID19-CT" }, cancellationToken: TestContext.Current.CancellationToken);
        StudyFiles.WriteEvaluation(judged, Out, cancellationToken: TestContext.Current.CancellationToken);

        var (stated, given) = (study.Results["networks"]!.AsArray(), JsonNode.Parse(File.ReadAllText(Path.Combine(Out, "results.json")))!["networks"]!.AsArray());
        Assert.Equal(stated.Count, given.Count);
        Assert.All(
            stated.OrderBy(network => network!["name"]!.GetValue<string>(), StringComparer.Ordinal).Zip(given),
            pair => Assert.All(
                (string[])["name", "folds", "mean", "std"],
                field => Assert.Equal(pair.First![field]!.ToJsonString(), pair.Second![field]!.ToJsonString())));
        var (tables, others) = (Tables(study.Report), Tables(Path.Combine(Out, "report.html")));
        string[] shared =
        [
            "table-2", "table-counts", "table-folds", "table-intervals", "table-patients", "table-pairs-accuracy", "table-pairs-auc",
            "table-likelihood-ratios", "table-predictive-values", "table-predictive-values-all", "table-calibration", "table-calibrated",
            "table-operating-points", "table-each-patient", "table-errors", "table-classes",
        ];
        Assert.All(shared, table => Assert.Equal(Figures(tables[table]), Figures(others[table])));
        Assert.All(shared, table => Assert.NotEmpty(Figures(tables[table])));
        Assert.Equal(File.ReadAllBytes(study.PathOf("predictions.csv")), File.ReadAllBytes(Path.Combine(Out, "predictions.csv")));

        // Of a published data set's name alone nothing follows.
        Assert.DoesNotContain(others["table-2"].Descendants("tr"), row => (string?)row.Attribute("class") == "published");
    }

    [Theory]
    [Trait("Category", "Long")]
    [InlineData(true)]
    [InlineData(false)]
    public void Nothing_is_said_that_predictions_do_not_say(bool folds)
    {
        var judged = Evaluate(Rows(folds: folds, seeds: folds));
        StudyFiles.WriteEvaluation(judged, Out, [Evaluate(Rows(folds: folds), "other")], cancellationToken: TestContext.Current.CancellationToken);

        var answers = Checklist.All.SelectMany(list => list.Fill(StudyFacts.Of(judged)).Items).Select(item => item.Answer).OfType<Answer>()
            .Select(answer => answer.Text).ToList();
        string[] texts =
        [
            Text(File.ReadAllText(Path.Combine(Out, "report.html"))), .. answers,
            .. ((string[])["MODEL_CARD.md", "table2.md", "comparison.md"]).Select(file => File.ReadAllText(Path.Combine(Out, file))),
        ];
        Assert.All(texts, text => Assert.All(Claims, claim => Assert.DoesNotContain(claim, text, StringComparison.Ordinal)));
        Assert.Contains("How the models were made is unknown", texts[0], StringComparison.Ordinal);
        Assert.Contains("probability: column y_score", texts[0], StringComparison.Ordinal);
        Assert.Contains(folds ? "The files name three folds" : "The files name no folds", texts[0], StringComparison.Ordinal);
        Assert.Contains("development: concern about quality unclear; evaluation: risk of bias high (analysis).", string.Concat(texts), StringComparison.Ordinal);
        Assert.Equal(folds, texts[0].Contains("two seeds", StringComparison.Ordinal));
        Assert.True(answers.Count > 60);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void A_report_made_again_from_the_folder_is_the_same()
    {
        StudyFiles.WriteEvaluation(Evaluate(Rows(folds: true, seeds: true), groups: ["sex"]), Out, cancellationToken: TestContext.Current.CancellationToken);
        string[] files = [.. ((string[])["report.html", "MODEL_CARD.md", "CHECKLIST.md", "figures/flow.svg"]).Select(file => Path.Combine(Out, file))];
        var before = files.Select(File.ReadAllBytes).ToList();
        Array.ForEach(files, File.Delete);

        var read = StudyReport.Read(Out);
        StudyFiles.WriteReport(read);

        Assert.Empty(read.Notes);
        Assert.Equal(before, files.Select(File.ReadAllBytes));
        Assert.Contains(read.Subgroups, column => column.Column == "sex");
        Assert.Single(read.Seeds);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void A_changed_file_of_the_folder_is_refused()
    {
        StudyFiles.WriteEvaluation(Evaluate(Rows(folds: true)), Out, cancellationToken: TestContext.Current.CancellationToken);
        var file = Path.Combine(Out, "predictions.csv");
        File.WriteAllText(file, File.ReadAllText(file).Replace("0.9", "0.1", StringComparison.Ordinal));

        Assert.Contains("was changed or damaged", Assert.Throws<RunFolderException>(() => StudyReport.Read(Out)).Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void The_folder_is_whole_or_not_there()
    {
        var judged = Evaluate(Rows(folds: false));
        _folder.Write("full/kept.txt", "kept");
        Assert.Throws<RunFolderException>(() => StudyFiles.WriteEvaluation(judged, _folder["full"], cancellationToken: TestContext.Current.CancellationToken));
        Assert.Throws<OperationCanceledException>(() => StudyFiles.WriteEvaluation(judged, Out, cancellationToken: new(true)));
        Assert.Throws<RunFolderException>(() => StudyFiles.WriteEvaluation(judged, _folder["given.csv"], cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(["full", "given.csv"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(entry => Path.GetFileName(entry)!).Order());
        Assert.Equal("kept", File.ReadAllText(_folder["full/kept.txt"]));

        Directory.CreateDirectory(Out);
        StudyFiles.WriteEvaluation(judged, Out, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["full", "given.csv", "out"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(entry => Path.GetFileName(entry)!).Order());
        Assert.DoesNotContain(Directory.EnumerateFiles(Out, "*", SearchOption.AllDirectories), file => file.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Differences_are_of_the_images_that_both_have()
    {
        var first = Evaluate(Rows(folds: false));
        var rows = Rows(folds: false).Split('\n');
        var other = Evaluate(string.Join('\n', rows.Take(1).Concat(rows.Skip(1).Where(row => row.Contains(",m,", StringComparison.Ordinal)).Skip(6))), "other");

        StudyFiles.WriteEvaluation(first, Out, [other], cancellationToken: TestContext.Current.CancellationToken);

        var row = Tables(Path.Combine(Out, "report.html"))["table-differences"].Descendants("tr").Last();
        Assert.Equal(["other", "m", "30"], row.Elements().Take(3).Select(cell => cell.Value));
        Assert.Equal("0", row.Elements().Skip(3).First().Attribute("data-sort-value")?.Value);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Names_that_no_file_can_have_are_spelt_otherwise()
    {
        var judged = Evaluate(Rows(folds: false).Replace(",m,", ",a/b:c,", StringComparison.Ordinal));

        StudyFiles.WriteEvaluation(judged, Out, cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(File.Exists(Path.Combine(Out, "confusion-a%2Fb%3Ac.png")));
    }

    private StudyReport Evaluate(string text, string name = "given", IReadOnlyList<string>? groups = null) => StudyReport.Evaluate(
        new() { Files = [_folder.Write($"{name}.csv", text)], Groups = groups ?? [] }, cancellationToken: TestContext.Current.CancellationToken);

    private static string Rows(bool folds, bool seeds = false)
    {
        var random = new Random(4);
        var rows = from seed in Enumerable.Range(0, seeds ? 2 : 1)
                   from model in (string[])["m", "n"]
                   from i in Enumerable.Range(0, 36)
                   let score = Math.Clamp((i % 2 == 0 ? 0.62 : 0.38) + (0.7 * (random.NextDouble() - 0.5)), 0, 1)
                   select string.Create(
                       CultureInfo.InvariantCulture,
                       $"img{i:00},{1 - (i % 2)},p{i / 2}{i % 2},{(i % 3 == 0 ? "F" : "M")},{model},{score:0.0000}{(folds ? $",{i / 12}" : "")}{(seeds ? $",{seed}" : "")}");
        return $"image,y_true,subject,sex,model,y_score{(folds ? ",fold" : "")}{(seeds ? ",seed" : "")}\n{string.Join('\n', rows)}\n";
    }

    private static Dictionary<string, XElement> Tables(string report) =>
        XDocument.Parse(File.ReadAllText(report)).Descendants("table").Where(table => table.Attribute("id") is not null)
            .ToDictionary(table => table.Attribute("id")!.Value);

    /// <summary>The cells of a table that hold figures, as they are shown and exactly.</summary>
    private static List<string> Figures(XElement table) =>
    [
        .. table.Descendants("td").Where(cell => ((string?)cell.Attribute("class"))?.Contains("number", StringComparison.Ordinal) == true
            && (string?)cell.Parent!.Attribute("class") != "published")
            .Select(cell => $"{cell.Value} {(string?)cell.Attribute("data-value")} {(string?)cell.Attribute("data-sort-value")}"),
    ];

    private static string Text(string html) => WebUtility.HtmlDecode(Tags().Replace(Verbatim().Replace(html, ""), " "));

    [GeneratedRegex("<(style|script)>.*?</\\1>", RegexOptions.Singleline)]
    private static partial Regex Verbatim();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();
}
