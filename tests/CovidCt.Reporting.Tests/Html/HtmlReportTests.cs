using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using CovidCt.Audit;
using CovidCt.Data;
using CovidCt.Evaluation;
using CovidCt.Phantoms;
using CovidCt.Records;
using CovidCt.Reporting.Cards;
using CovidCt.Reporting.Html;
using CovidCt.Reporting.Tables;
using CovidCt.Reporting.Wording;
using SkiaSharp;

namespace CovidCt.Reporting.Tests.Html;

public sealed partial class HtmlReportTests(HtmlReportTests.Finished finished) : IClassFixture<HtmlReportTests.Finished>
{
    private static readonly string[] Figures = ["accuracy", "precision", "sensitivity", "specificity", "f1", "auc"], Counts = ["tp", "fp", "tn", "fn"];

    [Fact]
    public void Every_figure_in_the_report_is_that_of_the_results_and_none_is_missing()
    {
        var cells = finished.Page.Descendants().Where(e => e.Attribute("data-figure") is not null).ToList();
        var seen = new HashSet<(string, string, int?)>();
        foreach (var cell in cells)
        {
            var (name, figure, fold) = (cell.Attribute("data-network")!.Value, cell.Attribute("data-figure")!.Value, (int?)cell.Attribute("data-fold"));
            var network = finished.Sample.Results["networks"]!.AsArray().Single(n => n!["name"]!.GetValue<string>() == name)!;
            var folds = network["folds"]!.AsArray();
            seen.Add((name, figure, fold));
            if (Counts.Contains(figure))
            {
                var count = fold is null ? folds.Sum(f => f![figure]!.GetValue<int>()) : folds.Single(f => f!["fold"]!.GetValue<int>() == fold)![figure]!.GetValue<int>();
                Assert.Equal((count, count.ToString(CultureInfo.InvariantCulture)), ((int)cell.Attribute("data-value")!, cell.Value));
                continue;
            }

            var (value, std) = fold is null ? (network["mean"]![figure], network["std"]![figure]) : (folds.Single(f => f!["fold"]!.GetValue<int>() == fold)![figure], null);
            Assert.Equal(Exact(value), cell.Attribute("data-value")!.Value);
            Assert.Equal(fold is null ? Exact(std) : null, cell.Attribute("data-std")?.Value);
            Assert.Equal(std is null ? Percent(value) : $"{Percent(value)} ± {Percent(std)}", cell.Value);
        }

        Assert.Equal(
            SampleStudy.Networks.SelectMany(network => Figures.Concat(Counts).SelectMany(figure => new int?[] { null, 0, 1, 2 }.Select(fold => (network, figure, fold)))).ToHashSet(),
            seen);

        static string Exact(JsonNode? node) => node is null ? "" : node.GetValue<double>().ToString("R", CultureInfo.InvariantCulture);
        static string Percent(JsonNode? node) => node is null ? "—" : (100 * node.GetValue<double>()).ToString("0.0", CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Table_2_shows_the_digits_of_table2_md_with_the_published_values()
    {
        var expected = Table2.Rows(StudyReport.Read(finished.Sample.Folder).Results!).Rows;
        var rows = finished.Page.Descendants("table").Single(t => (string?)t.Attribute("id") == "table-2").Element("tbody")!.Elements("tr");
        Assert.Equal(expected, rows.Select(row => (IReadOnlyList<string>)[.. row.Elements().Select(cell => cell.Value)]));
        Assert.Contains("paper, best averages", expected.Select(row => row[0]));
    }

    [Fact]
    public void Nothing_is_fetched_from_outside()
    {
        var text = finished.Text;

        Assert.DoesNotContain(finished.Page.Descendants().Attributes(), a => a.Name.LocalName is "src" or "srcset" or "poster" or "data" && !a.Value.StartsWith("data:", StringComparison.Ordinal));
        Assert.All(finished.Page.Descendants().Attributes("href"), reference => Assert.Matches("^(#|data:)", reference.Value));
        Assert.DoesNotMatch(@"@import|url\(|fetch\(|XMLHttpRequest|import ", text);
        Assert.DoesNotMatch(@"(src|href)=""(https?:)?//", text);
        Assert.Contains("default-src 'none'", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_has_its_name_with_and_without_a_separator_at_its_end()
    {
        var study = StudyReport.Read(finished.Sample.Folder + Path.DirectorySeparatorChar);

        Assert.Equal(finished.Sample.Folder, study.Folder);
        Assert.Contains(finished.Page.Descendants("footer").Descendants("code"), code => code.Value == Path.GetFileName(study.Folder));
    }

    [Fact]
    public void The_page_is_sound()
    {
        var page = finished.Page;

        Assert.Equal("en", page.Attribute("lang")!.Value);
        Assert.Single(page.Descendants("h1"));
        Assert.Contains("Not a medical device", page.Value, StringComparison.Ordinal);
        var ids = page.Descendants().Attributes("id").Select(id => id.Value).ToList();
        Assert.Equal(ids.Distinct(), ids);
        Assert.All(page.Descendants("a").Attributes("href"), link => Assert.Contains(link.Value[1..], ids));
        Assert.All(page.Descendants().Attributes("aria-labelledby"), label => Assert.Contains(label.Value, ids));
        Assert.All(page.Descendants("table"), table =>
        {
            var columns = table.Element("thead")!.Element("tr")!.Elements("th").Count();
            Assert.All(table.Element("tbody")!.Elements("tr"), row => Assert.Equal(columns, row.Elements().Count()));
        });
        Assert.All(page.Descendants("img"), image =>
        {
            Assert.NotEmpty(image.Attribute("alt")!.Value);
            Assert.True((int)image.Attribute("width")! > 0 && (int)image.Attribute("height")! > 0);
        });
        Assert.All(page.Descendants("img").Attributes("src").Select(src => src.Value).Where(src => src.StartsWith("data:image/webp", StringComparison.Ordinal)), src =>
        {
            using var picture = SKBitmap.Decode(Convert.FromBase64String(src[(src.IndexOf(',', StringComparison.Ordinal) + 1)..]));
            Assert.NotNull(picture);
        });
    }

    [Theory]
    [InlineData("image", "100.0 % (36 of 36) of the test images show a patient who is in the training part too")]
    [InlineData("patient", "No test image shows a patient who is in the training part too.")]
    public void The_summary_says_how_many_test_images_show_a_patient_of_the_training_part(string groupBy, string sentence)
    {
        using var sample = SampleStudy.Finished(groupBy: groupBy);
        Assert.Contains(sentence, Section(Page(sample), "shared-patients"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_report_names_data_recipe_versions_and_machine()
    {
        var page = finished.Page;

        Assert.All((string[])["broken.png", "It is no image."], word => Assert.Contains(word, Section(page, "data"), StringComparison.Ordinal));
        Assert.All(
            (string[])["TorchSharp", "0.107.0", "libtorch", "2.10.0.0", "avx2", "cpu", "Learning rate", "0.0003", "Epochs", "Seed"],
            word => Assert.Contains(word, Section(page, "method"), StringComparison.Ordinal));
        Assert.Contains("30 % after epoch 2, 10 % after epoch 3.", Section(page, "method"), StringComparison.Ordinal);
        Assert.All((string[])["ResNet18", "349×253", "11.69"], word => Assert.Contains(word, Section(page, "networks"), StringComparison.Ordinal));
    }

    [Fact]
    public void Names_with_the_signs_of_HTML_stay_names()
    {
        const string dataset = "<script>alert('\"&amp;')</script>", positive = "<img src=x onerror=\"alert(1)\">", negative = "a & b 'c' \u0001";
        using var sample = SampleStudy.Finished(dataset, positive, negative, patient: "</td><b>");
        var page = Page(sample);

        Assert.Equal($"COVID-19 on chest CT: {dataset}", page.Descendants("h1").Single().Value);
        Assert.Empty(page.Descendants("b"));
        Assert.Single(page.Descendants("script"));
        Assert.DoesNotContain(page.Descendants().Attributes(), a => a.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.Contains($"{positive} (positive)", Section(page, "data"), StringComparison.Ordinal);
        Assert.Contains("a & b 'c' \uFFFD", Section(page, "data"), StringComparison.Ordinal);
        Assert.Contains("odd <b>.png", Section(page, "data"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_half_done_study_has_a_report_of_what_is_finished_and_says_what_is_missing()
    {
        using var sample = new SampleStudy();
        sample.AddRun("squeezenet1_1", 0);
        sample.AddRun("squeezenet1_1", 2);
        sample.Begin("squeezenet1_1", 1);
        var page = Page(sample);

        var missing = Section(page, "missing");
        Assert.Contains("2 of 6 runs are done", missing, StringComparison.Ordinal);
        Assert.Contains("squeezenet1_1: without fold 1 (begun: fold 1)", missing, StringComparison.Ordinal);
        Assert.Contains("resnet18: not begun", missing, StringComparison.Ordinal);
        Assert.Contains("Run again in the same folder and with the same settings, it goes on", missing, StringComparison.Ordinal);
        Assert.Contains("not known before every fold has been tested", Section(page, "shared-patients"), StringComparison.Ordinal);
        Assert.Equal(6, page.Descendants("td").Count(cell => cell.Attribute("data-fold") is null && cell.Attribute("data-std") is not null));
        Assert.Contains("Which files were rejected is written when a study ends", Section(page, "data"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_phantom_is_not_taken_for_scans()
    {
        using var sample = SampleStudy.Finished(dataset: "phantom");
        Assert.DoesNotContain("generated drawings", Section(Page(sample), "summary"), StringComparison.Ordinal);
        sample.Write("phantom/manifest.csv", "path,label\n");
        Assert.Contains("No image of this data set is a scan of a patient", Section(Page(sample), "summary"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_study_that_has_only_begun_has_a_report_without_figures()
    {
        using var sample = new SampleStudy();
        var page = Page(sample);
        Assert.Contains("0 of 6 runs are done", Section(page, "missing"), StringComparison.Ordinal);
        Assert.Empty(page.Descendants("img"));
        Assert.Contains("libtorch", Section(page, "method"), StringComparison.Ordinal);
    }

    [Fact]
    public void Misclassified_images_are_shown_with_their_maps_up_to_a_number()
    {
        using var sample = SampleStudy.Finished();
        var study = StudyReport.Read(sample.Folder);
        var wrong = study.RunsOf("resnet18").SelectMany(run => run.Maps).Count(image => image.IsMisclassified);
        Assert.InRange(wrong, 2, 11);

        Assert.Equal(wrong, WrongPairs(finished.Page));
        var few = Page(sample, new HtmlReportOptions { MisclassifiedPictures = 3, OtherPictures = 0 });
        Assert.Equal(1, WrongPairs(few));
        Assert.Contains(FormattableString.Invariant($"1 of {wrong} misclassified images with maps are shown."), Section(few, "errors"), StringComparison.Ordinal);
        Assert.Equal(
            study.Runs.SelectMany(run => run.Predictions).Where(p => p.Probability >= 0.5 != (p.Label == "COVID")).Select(p => p.Path).Distinct().Count(),
            few.Descendants("table").Single(t => (string?)t.Attribute("id") == "table-errors").Element("tbody")!.Elements("tr").Count());

        static int WrongPairs(XElement page) => page.Descendants("h3").Single(h => h.Value == "Maps of ResNet18").ElementsAfterSelf("div").First()
            .Elements("figure").Count(figure => figure.Attribute("class")!.Value == "pair wrong");
    }

    [Fact]
    public void The_audits_of_the_maps_are_told_with_what_chance_would_have()
    {
        var page = finished.Page;
        var rows = Rows(page, "table-map-audit");

        Assert.Equal(
            ["squeezenet1_1", "0", "Grad-CAM, 20×15", "16", "1.23 (0.83 to 1.63)", "0.53 (−0.07 to 1.13)", "0.54 (0.44 to 0.64)",
                "0.05 (−0.05 to 0.15)", "3.0 (2.0 to 4.0)", "12.0", "—",
                "0.75 (0.70 to 0.80); three networks, two of them trained on the images"],
            rows.Single(row => row[0] == "squeezenet1_1"));
        Assert.Equal("16 of 14 patients", rows.Single(row => row[0] == "resnet18")[3]);
        Assert.Equal(2, rows.Count);
        Assert.Equal(["resnet18", "8", "87.5 (77.5 to 97.5)", "20.0", "40.0 (30.0 to 50.0)", "6.0"], Assert.Single(Rows(page, "table-findings")));
        Assert.Equal(
            [["classifier.1", "0.40 (0.30 to 0.50)", "0.50 (0.40 to 0.60)"], ["features.0", "—", "0.25 (0.15 to 0.35)"]],
            Rows(page, "table-randomisation-resnet18-0"));
    }

    [Fact]
    public void Maps_stand_beside_maps_that_know_nothing_of_the_network()
    {
        var page = finished.Page;
        Assert.Equal(
            [
                ["resnet18", "random maps", "0.02 (−0.08 to 0.12)"], ["resnet18", "Grad-CAM less random maps", "+1.21 (+0.81 to +1.61)"],
                ["resnet18", "maps of edges", "1.20 (1.10 to 1.30)"], ["resnet18", "Grad-CAM less maps of edges", "+0.03 (−0.37 to +0.43)"],
            ],
            Rows(page, "table-map-baselines").Where(row => row[0] == "resnet18").Select(row => row[..3]));
        var text = Section(page, "map-audit");
        Assert.Contains("ResNet18. Against random maps: better by evidence, insertion, the pointing game", text, StringComparison.Ordinal);
        Assert.Contains("Against maps of edges: better by insertion; not told apart by evidence, deletion and ROAD.", text, StringComparison.Ordinal);
        Assert.Contains("at most one of each class from each patient; each map is of the class that was answered", text, StringComparison.Ordinal);
        Assert.Contains("all others trained on it", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_figures_have_intervals_and_the_controls_are_told_with_what_they_mean()
    {
        var page = finished.Page;
        var study = StudyReport.Read(finished.Sample.Folder);

        var rows = Rows(page, "table-intervals");
        Assert.Equal(study.Statistics!.Networks.Select(network => network.Network), rows.Select(row => row[0]));
        Assert.All(study.Statistics.Networks.Zip(rows), pair =>
        {
            var accuracy = pair.First.Images.Accuracy;
            Assert.Equal(FormattableString.Invariant($"{100 * accuracy.Value:0.0} ({100 * accuracy.Interval!.Low:0.0} to {100 * accuracy.Interval.High:0.0})"), pair.Second[1]);
        });
        Assert.Equal(2, Rows(page, "table-patients").Count);
        Assert.Contains("can’t be told apart by accuracy", Section(page, "trust"), StringComparison.Ordinal);
        var pair = study.Statistics.Comparisons[1].Pairs.Single();
        Assert.Equal([pair.Better, pair.Worse], Rows(page, "table-pairs-auc").Single()[..2]);
        Assert.Equal(["SqueezeNet", "linear head", "90.0 (84.0 to 95.0)", "88.0 (84.0 to 95.0)", "+2.0"], Rows(page, "table-by-image-and-patient")[0]);
        Assert.Contains("With folds by image, labels that mean nothing are predicted better than by chance", Section(page, "trust"), StringComparison.Ordinal);
        Assert.DoesNotContain("Even with folds by patient", Section(page, "trust"), StringComparison.Ordinal);
        Assert.Equal(12, Rows(page, "table-controls").Count);
        Assert.Equal(2, Rows(page, "table-controls").Count(row => row[^1] == "no"));
        Assert.Contains("The data were not audited", Section(page, "trust"), StringComparison.Ordinal);
        Assert.Equal(2, Rows(page, "table-calibration").Count);
        Assert.Equal(2, Rows(page, "table-calibrated").Count);
        Assert.Contains("Beside 6 of 6 trained networks lies its calibration", Section(page, "probabilities"), StringComparison.Ordinal);
        Assert.Equal(4, Rows(page, "table-operating-points").Count);
        Assert.Equal(6, Rows(page, "table-sets").Count);
        Assert.All(study.Statistics.Networks.Zip(Rows(page, "table-sets").Chunk(3)), pair =>
        {
            var of = pair.First.Sets!.Positives;
            Assert.Equal(["COVID", "non-COVID", "both"], pair.Second.Select(row => row[1]));
            Assert.Equal(
                ((int[])[of.Images, of.Clusters, of.PositiveAlone, of.NegativeAlone, of.Both, of.Neither]).Select(count => $"{count}"), pair.Second[0][2..8]);
            Assert.StartsWith(FormattableString.Invariant($"{100 * of.Coverage.Value:0.0} ({100 * of.Coverage.Interval!.Low:0.0} to"), pair.Second[0][8], StringComparison.Ordinal);
        });
        Assert.Contains("Beside 6 of 6 trained networks lie its sets", Section(page, "probabilities"), StringComparison.Ordinal);
        Assert.All(study.Statistics.Networks.Zip(Rows(page, "table-calibration")), pair =>
        {
            var slope = pair.First.Probabilities.Slope;
            Assert.StartsWith(FormattableString.Invariant($"{slope.Value:0.00} ({slope.Interval!.Low:0.00}"), pair.Second[4].Replace('−', '-'), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Each_patient_has_a_mean_probability_and_the_misclassified_come_first()
    {
        using var sample = SampleStudy.Finished(groupBy: "patient");
        var patients = PatientPrediction.From(StudyReport.Read(sample.Folder).Runs.SelectMany(run => run.Predictions));
        var page = Page(sample);

        var rows = Rows(page, "table-each-patient");

        Assert.Equal(patients.Select(patient => patient.Patient).Distinct().Order(StringComparer.Ordinal), rows.Select(row => row[0]).Order(StringComparer.Ordinal));
        Assert.All(patients, patient => Assert.Equal(
            FormattableString.Invariant($"{patient.Probability:0.000}"),
            rows.Single(row => row[0] == patient.Patient && row[1] == patient.Label)[patient.Network == "resnet18" ? 4 : 5]));
        var wrong = rows.ConvertAll(row => patients.Count(patient => patient.Patient == row[0] && patient.Probability >= 0.5 != (patient.Label == "COVID")));
        Assert.Equal(wrong.OrderDescending(), wrong);
        Assert.Equal(wrong.Select(count => $"{count} of 2"), rows.Select(row => row[3]));
        Assert.Equal(wrong.Sum(), page.Descendants("td").Count(cell => cell.Attribute("class")?.Value == "number missed"));
    }

    [Fact]
    public void Images_unlike_those_of_training_are_listed()
    {
        using var sample = SampleStudy.Finished();
        Assert.DoesNotContain("unlike the training images", Section(finished.Page, "errors"), StringComparison.Ordinal);

        sample.AddDistances("resnet18", 0, 0.1, 0.9);
        Assert.Contains("can’t be told here", Section(Page(sample), "errors"), StringComparison.Ordinal);

        sample.AddDistances("resnet18", 1, [.. Enumerable.Repeat(0.2, 120)]);
        var page = Page(sample);
        Assert.Equal(["images/0-1.png", "COVID", "ResNet18", "0", "0.900", "0.200"], Rows(page, "table-unlike").Single()[..6]);
        Assert.Contains("1 test image is unlike the training images: further", Section(page, "errors"), StringComparison.Ordinal);

        sample.Write($"{SampleStudy.Run("resnet18", 0)}/distances.csv", "path,distance\na,far\n");
        Assert.Contains(StudyReport.Read(sample.Folder).Notes, note => note.Contains("fold-0/distances.csv, line 2: the distance 'far'", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Category", "Long")]
    public void The_audit_of_the_data_is_a_part_of_the_report()
    {
        using var sample = SampleStudy.Finished(dataset: "phantom");
        var data = sample.PathOf("phantom");
        PhantomDataset.Write(data, new PhantomOptions { Patients = 8 }, TestContext.Current.CancellationToken);
        var audit = DatasetAudit.Run(CtDataset.Open(data), new DatasetAuditOptions { Folds = 2, Trees = 10 }, cancellationToken: TestContext.Current.CancellationToken);
        audit.Write(sample.PathOf("audit.json"));
        CovidCt.Tests.Lists.Renew(sample.Folder);

        var page = Page(sample);
        var rows = Rows(page, "table-audit");

        var format = Rows(page, "table-controls").Where(row => row[1] == "format only").Select(row => row[^1]).ToList();
        ShortcutProbeResult?[] probes = [audit.Shortcut, audit.Baseline];
        Assert.Equal(probes.OfType<ShortcutProbeResult>().Select(probe => probe.All.BalancedInterval.Low <= 0.5 ? "yes" : "no"), format);
        Assert.Equal(format[0] == "no", Section(page, "trust").Contains("The files betray the classes", StringComparison.Ordinal));
        Assert.Equal(audit.Findings.Select(finding => finding.Check).Order(StringComparer.Ordinal), rows.Select(row => row[1]).Order(StringComparer.Ordinal));
        Assert.All(audit.Findings, finding => Assert.Contains(rows, row => row[2].StartsWith(finding.Sentence, StringComparison.Ordinal)));
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Studies_are_put_side_by_side_with_the_differences_on_the_same_images()
    {
        using var sample = SampleStudy.Finished();
        using var other = SampleStudy.Finished(groupBy: "patient");
        using var stranger = SampleStudy.Finished(positive: "ill", negative: "well");
        var studies = new[] { sample, other, stranger }.Select(one => StudyReport.Read(one.Folder)).ToList();

        new HtmlReport().Write(sample.Report, studies[0], [studies[1], studies[2]]);
        using var reader = XmlReader.Create(sample.Report, new XmlReaderSettings { DtdProcessing = DtdProcessing.Parse });
        var page = XElement.Load(reader);

        Assert.Equal(6, Rows(page, "table-compared").Count);
        Assert.Equal(["image", "image", "patient", "patient", "image", "image"], Rows(page, "table-compared").Select(row => row[2]));
        Assert.Equal(studies[0].Results!.Networks.Select(network => network.Initialization), Rows(page, "table-compared").Take(2).Select(row => row[5]));
        Assert.DoesNotContain(page.Descendants(), element => (string?)element.Attribute("id") == "table-differences"); // Their patients have other names.
        var same = ComparedNetwork.Of([studies[0], studies[0]], TestContext.Current.CancellationToken);
        Assert.All(same.Skip(2), network => Assert.Equal(0, network.Difference!.Accuracy.Value));
        Assert.All(same.Take(2), network => Assert.Null(network.Difference));
    }

    [Fact]
    public void Networks_that_were_trained_from_several_seeds_are_there_with_their_spread()
    {
        using var sample = SampleStudy.Finished();
        sample.AddSeed();
        var study = StudyReport.Read(sample.Folder);
        var page = Page(sample);
        var rows = Rows(page, "table-seeds");

        var seeds = (StudyReport[])[study, .. study.Seeds];
        Assert.Equal(2, seeds.Length);
        Assert.Equal(SampleStudy.Networks.Order(StringComparer.Ordinal), study.OverSeeds.Select(network => network.Network).Order(StringComparer.Ordinal));
        Assert.All(study.OverSeeds.Zip(rows), pair =>
        {
            double[] accuracies = [.. seeds.Select(seed => seed.Results!.Networks.Single(network => network.Name == pair.First.Network).Mean.Accuracy!.Value)];
            Assert.Equal(accuracies.Average(), pair.First.Figures.Accuracy.Value!.Value, 12);
            Assert.Equal(Math.Abs(accuracies[0] - accuracies[1]) / Math.Sqrt(2), pair.First.Std.Accuracy!.Value, 12);
            Assert.Equal([pair.First.Network, "2"], pair.Second[..2]);
            Assert.EndsWith(FormattableString.Invariant($"± {100 * pair.First.Std.Accuracy:0.0}"), pair.Second[2], StringComparison.Ordinal);
        });
        Assert.Contains(study.OverSeeds, network => network.Std.Accuracy > 0);
        Assert.Contains("those of the first seed", Section(page, "summary"), StringComparison.Ordinal);
        Assert.Contains("those of the first seed", Section(page, "results"), StringComparison.Ordinal);
        Assert.DoesNotContain("seeds/1", Section(page, "summary"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void What_seeds_come_to_together_stands_beside_single_ones_with_the_differences()
    {
        using var sample = SampleStudy.Finished();
        sample.AddSeed();
        var study = StudyReport.Read(sample.Folder);
        var rows = Rows(Page(sample), "table-seeds-together");

        Assert.Equal(5 * SampleStudy.Networks.Length, rows.Count);
        Assert.Equal(["the first seed", "two seeds, the mean", "two seeds together", "together less the first", "together less the mean"], rows.Take(5).Select(row => row[1]));
        Assert.All(study.SeedEnsembles.Index(), of =>
        {
            var (accuracy, gain) = (of.Item.Statistics.Images.Accuracy, of.Item.OverFirst.Figures.Accuracy);
            Assert.StartsWith(Numbers.Percent(study.Results!.Networks[of.Index].Mean.Accuracy!.Value), rows[5 * of.Index][2], StringComparison.Ordinal);
            Assert.Equal(Numbers.Estimate(accuracy.Value, accuracy.Interval), rows[(5 * of.Index) + 2][2]);
            Assert.Equal(Numbers.Points(gain.Value, gain.Interval), rows[(5 * of.Index) + 3][2]);
            Assert.Equal(Numbers.Three(of.Item.Statistics.Probabilities.Brier), rows[(5 * of.Index) + 2][8]);
        });
        Assert.Contains("two seeds together: AUC", Section(Page(sample), "summary"), StringComparison.Ordinal);
        Assert.StartsWith($"{study.Folds} folds and 2 seeds, {2 * study.Folds} networks of a name: saved as one", SeedWords.AsOne(study), StringComparison.Ordinal);
    }

    [Fact]
    public void A_further_training_shows_the_controls_of_the_study_above_and_says_what_it_is()
    {
        using var sample = SampleStudy.Finished();
        sample.AddSeed();
        var (study, again) = (StudyReport.Read(sample.Folder), StudyReport.Read(new StudyLayout(sample.Folder).Seeded(1).Root));
        new HtmlReport().Write(sample.Report, again);
        var page = XElement.Load(sample.Report);

        Assert.StartsWith("This is training 2", page.Descendants("p").Single(p => (string?)p.Attribute("id") == "over-seeds").Value, StringComparison.Ordinal);
        Assert.Equal(study.Controls!.Networks.SelectMany(network => network.Results), again.Controls!.Networks.SelectMany(network => network.Results));
        Assert.DoesNotContain(page.Descendants(), element => (string?)element.Attribute("id") == "table-seeds");
        Assert.Equal(
            ("12 trainings, one for each network, fold and seed.", "6 trainings, one for each network and fold."),
            (SeedWords.Trainings(study), SeedWords.Trainings(again)));
    }

    [Fact]
    public void A_study_of_one_seed_says_nothing_of_seeds()
    {
        Assert.DoesNotContain("over seeds", finished.Page.Value, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(finished.Page.Descendants(), element => (string?)element.Attribute("id") is "table-seeds" or "over-seeds");
    }

    [Fact]
    [Trait("Category", "Long")]
    public void A_seed_that_lacks_a_fold_is_left_out_of_its_networks_spread_and_named()
    {
        using var sample = SampleStudy.Finished();
        sample.AddSeed();
        sample.AddSeed(2);
        File.Delete(new StudyLayout(sample.Folder).Seeded(2).Run("resnet18", 1).Predictions);
        var page = Page(sample);

        Assert.Equal([("resnet18", "2"), ("squeezenet1_1", "3")], Rows(page, "table-seeds").Select(row => (row[0], row[1])));
        Assert.Contains("seeds/2, a further training from another seed, is not finished", Section(page, "summary"), StringComparison.Ordinal);
        Assert.Contains("from two to three seeds", Section(page, "results"), StringComparison.Ordinal);
    }

    [Fact]
    public void Side_by_side_seeds_are_drawn_where_either_or_both_have_several()
    {
        using var sample = SampleStudy.Finished();
        var one = StudyReport.Read(sample.Folder);
        sample.AddSeed();
        var two = StudyReport.Read(sample.Folder);

        var both = ComparedNetwork.Of([two, two], TestContext.Current.CancellationToken);
        var either = ComparedNetwork.Of([one, two], TestContext.Current.CancellationToken);

        Assert.Equal([2, 2, 2, 2], both.Select(network => network.Seeds));
        Assert.Equal([1, 1, 2, 2], either.Select(network => network.Seeds));
        Assert.Equal(either[0].Training * 2, either[2].Training);
        Assert.Equal(two.OverSeeds[0].Figures, both[0].Figures);
        Assert.Equal(one.Statistics!.Networks.Single(network => network.Network == either[0].Network).Images, either[0].Figures);
        // The same seeds on both sides: the difference is 0, and other trainings would make it another.
        Assert.All(both.Skip(2), network => Assert.Equal(0, network.Difference!.Accuracy.Value!.Value, 12));
        Assert.All(both.Skip(2), network => Assert.True(network.Difference!.Accuracy.Interval is { Low: < 0, High: > 0 }));
        Assert.Equal(
            either[0].Figures.Accuracy.Value!.Value - either[2].Figures.Accuracy.Value!.Value, either[2].Difference!.Accuracy.Value!.Value, 12);

        new HtmlReport().Write(sample.Report, one, [two]);
        var page = XElement.Load(sample.Report);
        Assert.Equal(["1", "1", "2", "2"], Rows(page, "table-compared").Select(row => row[6]));
        Assert.Contains("seeds are drawn with the images", Section(page, "comparison"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_people_have_to_add_is_counted_as_in_card_and_checklists()
    {
        var page = finished.Page;
        var files = StudyCards.Write(StudyReport.Read(finished.Sample.Folder), finished.Sample.PathOf("cards"));
        var open = Regex.Count(File.ReadAllText(files[0]), "^- ☐", RegexOptions.Multiline);

        Assert.Contains($"The card leaves {open} sentences open", Section(page, "cards"), StringComparison.Ordinal);
        var rows = page.Descendants("table").Single(t => (string?)t.Attribute("id") == "table-checklists").Element("tbody")!.Elements("tr").Select(row => row.Elements().Select(cell => cell.Value).ToArray()).ToList();
        Assert.Equal(Checklist.All.Select(list => list.Items.Count), rows.Select(row => row.Skip(1).Sum(cell => int.Parse(cell, CultureInfo.InvariantCulture))));
        Assert.All(rows, row => Assert.Matches($@"\| {Regex.Escape(row[0])} \| \d+ \| {string.Join(@" \| ", row.Skip(1))} \|", File.ReadAllText(files[1])));
    }

    [Fact]
    public void Equal_folders_give_equal_reports()
    {
        using var sample = SampleStudy.Finished();
        _ = Page(sample);
        var first = File.ReadAllBytes(sample.Report);
        _ = Page(sample);
        Assert.Equal(first, File.ReadAllBytes(sample.Report));
        Assert.DoesNotContain(Path.GetDirectoryName(sample.Folder)!, File.ReadAllText(sample.Report), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_out_of_their_range_are_refused() =>
        Assert.Throws<ArgumentException>(() => new HtmlReport(new HtmlReportOptions { PictureSize = 1 }));

    /// <summary>A finished study and its report, for the tests that only read.</summary>
    public sealed class Finished : IDisposable
    {
        private readonly Lazy<XElement> _page;

        public Finished() => _page = new(() => HtmlReportTests.Page(Sample));

        internal SampleStudy Sample { get; } = SampleStudy.Finished();

        internal XElement Page => _page.Value;

        internal string Text
        {
            get
            {
                _ = Page; // Which writes the file, whichever test comes first.
                return File.ReadAllText(Sample.Report);
            }
        }

        public void Dispose() => Sample.Dispose();
    }

    private static XElement Page(SampleStudy sample, HtmlReportOptions? options = null)
    {
        new HtmlReport(options).Write(sample.Report, StudyReport.Read(sample.Folder));
        Assert.StartsWith("<!DOCTYPE html>\n<html lang=\"en\">", File.ReadAllText(sample.Report), StringComparison.Ordinal);
        using var reader = XmlReader.Create(sample.Report, new XmlReaderSettings { DtdProcessing = DtdProcessing.Parse });
        return XElement.Load(reader);
    }

    private static List<string[]> Rows(XElement page, string table) =>
        [.. page.Descendants("table").Single(t => (string?)t.Attribute("id") == table).Element("tbody")!.Elements("tr").Select(row => row.Elements().Select(cell => cell.Value).ToArray())];

    private static string Section(XElement page, string id) =>
        Spaces().Replace(page.Descendants().Single(e => (string?)e.Attribute("id") == id).Value, " ");

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
