using System.Globalization;
using System.Text.RegularExpressions;
using CovidCt.Audit;
using CovidCt.Data;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Reporting.Cards;
using CovidCt.Reporting.Tables;

namespace CovidCt.Reporting.Tests.Cards;

public sealed partial class StudyCardsTests
{
    [Fact]
    [Trait("Category", "Long")]
    public void Writing_a_report_leaves_card_and_checklists_too()
    {
        using var sample = SampleStudy.Finished();
        StudyFiles.WriteReport(StudyReport.Read(sample.Folder));
        Assert.All((string[])["MODEL_CARD.md", "CHECKLIST.md"], name => Assert.Contains("Not a medical device, and not for diagnosis.", File.ReadAllText(sample.PathOf(name)), StringComparison.Ordinal));
    }

    [Fact]
    public void The_card_has_the_sections_of_its_paper_in_order()
    {
        using var sample = SampleStudy.Finished();
        Assert.Equal(
            ["Model details", "Intended use", "Factors", "Metrics", "Evaluation data", "Training data", "Quantitative analyses", "Ethical considerations", "Caveats and recommendations"],
            Written(sample).Card.Split('\n').Where(line => line.StartsWith("## ", StringComparison.Ordinal)).Select(line => line[3..]));
    }

    [Fact]
    public void Figures_and_counts_in_the_card_are_those_of_the_results()
    {
        using var sample = SampleStudy.Finished();
        var card = Written(sample).Card;
        foreach (var network in sample.Results["networks"]!.AsArray())
        {
            var figures = ((string[])["accuracy", "precision", "sensitivity", "specificity", "f1", "auc"]).Select(name => $"{Percent(network!["mean"]![name]!)} ± {Percent(network["std"]![name]!)}");
            Assert.Contains($"| {network!["name"]} | {network["initialization"]} | image | {string.Join(" | ", figures)} |\n", card, StringComparison.Ordinal);
        }

        Assert.Contains("36 images of 12 patients: 18 non-COVID, 18 COVID.", card, StringComparison.Ordinal);
        Assert.Contains("| COVID (positive) | 18 | 6 |", card, StringComparison.Ordinal);
        Assert.Contains("100.0 % of the test images (36 of 36) are of a patient who is in the training part too", card, StringComparison.Ordinal);
        Assert.Contains("| 0 | 24 | 12 | 6 | 6 | 12 | 12 |", card, StringComparison.Ordinal);
        Assert.Contains("2 files could not be used and were left out", card, StringComparison.Ordinal);
        Assert.Contains("libtorch 2.10.0.0", card, StringComparison.Ordinal);
        Assert.Contains("| ResNet18 | resnet18 | 349×253 | 11.69 |", card, StringComparison.Ordinal);
        Assert.Contains("4 epochs; batches of 8; LAMB at an initial rate of 0.0003; all weights trained; seed 7.", card, StringComparison.Ordinal);

        static string Percent(System.Text.Json.Nodes.JsonNode figure) => (100 * figure.GetValue<double>()).ToString("0.0", CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Intervals_are_bootstrapped_once_for_page_cards_and_comparison()
    {
        using var sample = SampleStudy.Finished();
        var study = StudyReport.Read(sample.Folder);
        var compared = ComparedNetwork.Of([study], TestContext.Current.CancellationToken);
        Assert.All(study.Results!.Networks, network =>
        {
            var intervals = study.Statistics!.Networks.Single(one => one.Network == network.Name).Images;
            Assert.Same(intervals, StudyFacts.Of(study).IntervalsOf(network));
            Assert.Same(intervals, compared.Single(one => one.Network == network.Name).Figures);
        });
    }

    [Fact]
    public void Intervals_hold_the_figures_they_are_of()
    {
        using var sample = SampleStudy.Finished();
        var facts = StudyFacts.Of(StudyReport.Read(sample.Folder));
        Assert.All(facts.Results!.Networks, network =>
        {
            var intervals = facts.IntervalsOf(network)!;
            Assert.Equal(network.Mean, intervals.Values with { }, (a, b) => Math.Abs(a.Accuracy!.Value - b.Accuracy!.Value) < 1e-12);
            Assert.True(intervals.Accuracy.Interval!.Contains(network.Mean.Accuracy!.Value));
        });
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Open_sentences_are_marked_and_the_card_says_how_many()
    {
        using var sample = SampleStudy.Finished();
        var (card, list) = Written(sample);
        var open = Regex.Count(card, Regex.Escape($"- {Markdown.OpenMark}: "));
        Assert.Contains($"{open} sentences that only people can write are left open", card, StringComparison.Ordinal);
        Assert.All((string[])["Ethics approval", "Consent", "Funding", "age, sex", "Who is meant to use it"], text => Assert.Matches($"- {Regex.Escape(Markdown.OpenMark)}: [^\n]*{text}", card));

        string[] names = ["| CLAIM |", "| TRIPOD+AI |", "| STARD-AI |", "| PROBAST+AI |"];
        var counts = names.SelectMany(name => Rows(list, name)).Select(cells => cells.Skip(1).Select(cell => int.Parse(cell, CultureInfo.InvariantCulture)).ToArray()).ToList();
        Assert.Equal([44, 52, 48, 50], counts.Select(count => count[0]));
        Assert.All(counts, count => Assert.Equal(count[0], count.Skip(1).Sum()));
        Assert.Equal(counts.Sum(count => count[2] + count[3]), Regex.Count(list, Regex.Escape(Markdown.OpenMark)));
        Assert.Equal(counts.Sum(count => count[3]), Regex.Count(list, Regex.Escape($"| open | {Markdown.OpenMark}: only people can answer. |")));
    }

    [Fact]
    public void Tables_are_well_formed_whatever_names_there_are()
    {
        using var sample = SampleStudy.Finished("a|b <i>\n| x |", "po|s`*", "n_e_g |\r\n# h", patient: "p|");
        Assert.All((string[])[Written(sample).Card, Written(sample).List], text =>
        {
            Assert.DoesNotContain("<i>", text, StringComparison.Ordinal);
            var blocks = text.Split("\n\n").Where(block => block.StartsWith('|')).ToList();
            Assert.NotEmpty(blocks);
            Assert.All(blocks, block => Assert.Single(block.TrimEnd('\n').Split('\n').Select(row => UnescapedPipe().Count(row)).Distinct()));
            Assert.All(blocks.SelectMany(block => block.TrimEnd('\n').Split('\n')), row => Assert.True(row.StartsWith("| ", StringComparison.Ordinal) && row.EndsWith('|')));
            Assert.All(text.Split('\n').Where(line => line.Contains(" | ", StringComparison.Ordinal)), line => Assert.StartsWith("| ", line, StringComparison.Ordinal));
        });
    }

    [Fact]
    public void Equal_folders_give_equal_files_that_name_no_folder_of_the_machine()
    {
        using var sample = SampleStudy.Finished();
        using var other = SampleStudy.Finished();
        sample.Write("audit.json", "{ damaged");
        other.Write("audit.json", "{ damaged");
        var (card, list) = Written(sample);
        Assert.Equal((card, list), Written(other));
        Assert.Contains("audit.json is left out", card, StringComparison.Ordinal);
        Assert.All((string[])[card, list], text => Assert.DoesNotContain(Path.GetDirectoryName(sample.Folder)!, text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_study_that_has_only_begun_has_cards_without_figures()
    {
        using var sample = new SampleStudy();
        var (card, list) = Written(sample);
        Assert.Contains("There are no figures yet", card, StringComparison.Ordinal);
        Assert.All((string[])[card, list], text => Assert.Contains("0 of 6 runs are done", text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_half_done_study_says_of_what_its_figures_are()
    {
        using var sample = new SampleStudy();
        sample.AddRun("squeezenet1_1", 0);
        sample.Begin("squeezenet1_1", 1);
        var (card, list) = Written(sample);
        Assert.Contains("1 of 6 runs are done, and there is no results.json yet", card, StringComparison.Ordinal);
        Assert.Contains("in the parts tested so far", card, StringComparison.Ordinal);
        Assert.Contains("is not known before every fold", card, StringComparison.Ordinal);
        Assert.Contains("of the finished runs: SqueezeNet", list, StringComparison.Ordinal);
        Assert.DoesNotContain("rejected", card, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_patients_are_called_unknown()
    {
        using var sample = SampleStudy.Finished();
        foreach (var file in Directory.EnumerateFiles(sample.Folder, "predictions.csv", SearchOption.AllDirectories).ToList())
        {
            var run = new RunLayout(Path.GetDirectoryName(file)!);
            run.WritePredictions([.. run.ReadPredictions().Select(prediction => prediction with { Patient = null })]);
        }

        var card = Written(sample).Card;
        Assert.Contains("36 images, whose patients are unknown: ", card, StringComparison.Ordinal);
        Assert.Contains("| COVID (positive) | 18 | — |", card, StringComparison.Ordinal);
        Assert.Contains("nobody can say how many test images share a patient with training", card, StringComparison.Ordinal);
        Assert.Contains("they are too narrow where a patient has several", card, StringComparison.Ordinal);
    }

    [Fact]
    public void A_phantom_needs_no_approval_and_is_not_taken_for_scans()
    {
        using var sample = SampleStudy.Finished(dataset: "phantom");
        sample.Write("phantom/manifest.csv", "path,label\n");
        var (card, list) = Written(sample);
        Assert.StartsWith("# Model card: phantom, generated drawings\n", card, StringComparison.Ordinal);
        Assert.DoesNotContain("Ethics approval", card, StringComparison.Ordinal);
        Assert.Contains("| answered | No image is of a person. | phantom/ |", list, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_are_trained_on_alone_count_as_data_and_their_patients_as_shared()
    {
        using var sample = SampleStudy.Finished(groupBy: "official");
        var rows = Enumerable.Range(0, SampleStudy.Folds).SelectMany(fold => sample.Predictions("resnet18", fold)).Select(p => new FoldRow(p.Path, p.Label, p.Patient, null, p.Fold)).ToList();
        new StudyLayout(sample.Folder).WriteFolds(rows.Append(new("train/only.png", "COVID", rows[1].Patient, null, null)));
        var facts = StudyFacts.Of(StudyReport.Read(sample.Folder));
        Assert.Empty(facts.Notes);
        Assert.Equal(37, facts.Rows.Count);
        Assert.Equal((1, 36), facts.Shared);

        new StudyLayout(sample.Folder).WriteFolds(rows.Skip(1));
        Assert.Contains("folds.csv does not agree", Assert.Single(StudyFacts.Of(StudyReport.Read(sample.Folder)).Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Training_on_one_data_set_and_testing_on_another_is_said_to_be_external()
    {
        using var sample = SampleStudy.Finished(dataset: "COVID19-CT, tested on SARS-CoV-2 CT-scan", groupBy: "official");
        Assert.Contains("The test images are of another data set than the training images", Written(sample).Card, StringComparison.Ordinal);
        using var usual = SampleStudy.Finished();
        Assert.Contains("No image came from elsewhere", Written(usual).Card, StringComparison.Ordinal);
    }

    [Fact]
    public void What_controls_found_is_told()
    {
        using var sample = SampleStudy.Finished();
        File.Delete(sample.PathOf("controls.json"));
        Assert.Contains("No controls were run", Written(sample).Card, StringComparison.Ordinal);
        new ControlReport(200, 7,
        [
            new("resnet18", "imagenet",
            [
                new(ControlKind.Real, GroupBy.Image, ControlReport.Classifier.Head, 0.9, new(0.85, 0.95, 0.95), 0.8),
                new(ControlKind.RandomLabels, GroupBy.Image, ControlReport.Classifier.Head, 0.712, new(0.6, 0.8, 0.95), 0.7) { StandardError = 0.004 },
                new(ControlKind.BackgroundOnly, GroupBy.Patient, ControlReport.Classifier.Neighbours, 0.5, new(0.4, 0.6, 0.95), 0.5),
            ]),
        ]).Write(sample.PathOf("controls.json"));
        sample.List();

        var (card, list) = Written(sample);

        Assert.Contains("1 of 2 controls", card, StringComparison.Ordinal);
        Assert.Contains("| resnet18 | random labels | image | linear head | 71.2 ± 0.4 | 60.0 to 80.0 | 51.1 | no |", card, StringComparison.Ordinal);
        Assert.Contains("| answered | 1 of 2 controls", list, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_audit_of_the_data_found_is_told()
    {
        using var sample = SampleStudy.Finished();
        sample.Write("audit.json", AuditOf("COVID19-CT"));
        var (card, list) = Written(sample);
        Assert.Contains("| shortcut | serious | The container \\| tells all. |", card, StringComparison.Ordinal);
        Assert.Contains("3 pairs of images of one slice under two labels", list, StringComparison.Ordinal);
        Assert.Contains("Serious: The container \\| tells all.", list, StringComparison.Ordinal);

        sample.Write("audit.json", AuditOf("another"));
        Assert.Contains("audit.json is of another data set, another, and is left out.", Written(sample).Card, StringComparison.Ordinal);

        static string AuditOf(string dataset)
        {
            var audit = new DatasetAuditReport
            {
                Dataset = dataset,
                GroupBy = GroupBy.Image,
                Folds = 3,
                Seed = 7,
                Positive = "COVID",
                Images = 36,
                Rejected = [],
                Shortcut = null,
                Findings =
                [
                    new("shortcut", AuditVerdict.Serious, "The container | tells all.", []),
                    new("label-conflicts", AuditVerdict.Clean, "None.", []),
                ],
            }.ToJson();
            audit["duplicates"]!["acrossLabels"] = 3;
            return audit.ToJsonString();
        }
    }

    private static IEnumerable<string[]> Rows(string text, string start) => text.Split('\n').Where(line => line.StartsWith(start, StringComparison.Ordinal))
        .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries));

    private static (string Card, string List) Written(SampleStudy sample)
    {
        var files = StudyCards.Write(StudyReport.Read(sample.Folder), sample.PathOf("cards"));
        Assert.Equal([sample.PathOf("cards/MODEL_CARD.md"), sample.PathOf("cards/CHECKLIST.md")], files);
        return (File.ReadAllText(files[0]), File.ReadAllText(files[1]));
    }

    [GeneratedRegex(@"(?<!\\)(\\\\)*\|")]
    private static partial Regex UnescapedPipe();
}
