using CovidCt.Audit;
using CovidCt.Data;
using CovidCt.Records;
using CovidCt.Reporting.Cards;

namespace CovidCt.Reporting.Tests.Cards;

public sealed class ProbastAiTests
{
    private const string Patient = "patient", Image = "image", Official = "official";

    [Fact]
    public void It_has_16_questions_on_development_and_18_on_evaluation_in_four_domains_each()
    {
        string[] Questions(string letter, params int[] counts) =>
            [.. counts.SelectMany((count, domain) => Enumerable.Range(1, count).Select(i => FormattableString.Invariant($"{letter}{domain + 1}.{i}")))];

        var numbers = ProbastAi.Checklist.Items.Select(item => item.Number).ToList();

        Assert.Equal([.. Questions("D", 3, 4, 4, 5), .. Questions("E", 3, 4, 4, 7)], numbers.Where(number => number.Contains('.', StringComparison.Ordinal)));
        Assert.Equal(
            ["D1", "D1, use", "D2", "D2, use", "D3", "D3, use", "D4", "D", "E1", "E1, use", "E2", "E2, use", "E3", "E3, use", "E4", "E"],
            numbers.Where(number => !number.Contains('.', StringComparison.Ordinal)));
    }

    [Fact]
    public void A_study_of_figures_from_publications_is_called_high_where_it_is()
    {
        using var sample = SampleStudy.Finished(groupBy: Patient);
        var answers = Answers(sample);

        Assert.StartsWith("No. COVID images come from the figures of publications", answers["D1.1"], StringComparison.Ordinal);
        Assert.Equal("Concern about quality: high, by D1.1, D1.2 and D1.3.", answers["D1"]);
        Assert.Equal("Risk of bias: high, by E3.1 and E3.2.", answers["E3"]);
        Assert.Equal("Risk of bias high (participants and data sources; predictors; outcome; analysis).", answers["E"]);
        Assert.Equal("Concern about quality high (participants and data sources; predictors; outcome; analysis).", answers["D"]);
        Assert.Contains("evaluation: risk of bias high (participants", ProbastAi.InWords(Facts(sample)), StringComparison.Ordinal);
        Assert.Contains("evaluation: risk of bias high (participants", StudyCardsText(sample), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_unknown_data_what_is_not_in_the_folder_is_no_information_and_the_domain_unclear()
    {
        using var sample = SampleStudy.Finished("our hospital", groupBy: Patient);
        var answers = Answers(sample);

        Assert.All((string[])["D1.1", "D1.2", "D1.3", "D2.1", "D2.3", "D3.1", "D3.2", "D3.3", "D3.4"], number =>
            Assert.StartsWith("No information. ", answers[number], StringComparison.Ordinal));
        Assert.Equal("Concern about quality: unclear.", answers["D1"]);
        Assert.Equal("Risk of bias: unclear.", answers["E3"]);
        Assert.Equal("Concern about quality: high, by D4.1 and D4.3.", answers["D4"]); // No sample size was computed, and files were rejected.
        Assert.Equal("Risk of bias high (analysis).", answers["E"]);
    }

    [Fact]
    public void Files_that_betray_the_classes_are_an_objection_to_sources_and_predictors()
    {
        using var sample = SampleStudy.Finished("our hospital", groupBy: Patient);
        sample.Write("audit.json", AuditOf("our hospital", AuditVerdict.Serious));
        var answers = Answers(sample);

        Assert.Equal("Probably no. The classes differ as files of different sources do. The container tells all.", answers["D1.1"]);
        Assert.Equal("No. The container tells all.", answers["E2.1"]);
        Assert.Equal("Risk of bias: high, by E2.1.", answers["E2"]);

        sample.Write("audit.json", AuditOf("our hospital", AuditVerdict.Clean));
        Assert.StartsWith("No information. ", Answers(sample)["D1.1"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("our hospital", Image, "No. 100.0 % of the test images (36 of 36) are of a patient who is in the training part too")]
    [InlineData("our hospital", Patient, "Probably yes. No test image is of a patient who is in the training part too.")]
    [InlineData("COVID19-CT", Patient, "Probably no. No test image is of a patient who is in the training part too. Several patients come from one publication")]
    [InlineData("COVID19-CT", Official, "Probably no. No test image is of a patient who is in the training part too. But the paper chose its recipe")]
    public void Leakage_is_told_by_the_folds_and_by_what_is_known_of_the_data(string dataset, string groupBy, string answer)
    {
        using var sample = SampleStudy.Finished(dataset, groupBy: groupBy);
        Assert.StartsWith(answer, Answers(sample)["E4.5"], StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_patients_leave_leakage_and_size_without_information()
    {
        using var sample = SampleStudy.Finished("our hospital");
        foreach (var file in Directory.EnumerateFiles(sample.Folder, "predictions.csv", SearchOption.AllDirectories).ToList())
        {
            var run = new RunLayout(Path.GetDirectoryName(file)!);
            run.WritePredictions([.. run.ReadPredictions().Select(prediction => prediction with { Patient = null })]);
        }

        var answers = Answers(sample);
        Assert.StartsWith("No information. 36 images are tested", answers["E4.2"], StringComparison.Ordinal);
        Assert.StartsWith("No information. The patients of some or all images are unknown", answers["E4.5"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("our hospital", Patient, "Probably yes. Every fold is trained from the beginning.")]
    [InlineData("COVID19-CT", Patient, "Probably no. Every fold is trained from the beginning, but the paper chose its recipe")]
    [InlineData("SARS-CoV-2 CT-scan", Image, "Probably no. Every fold is trained from the beginning, but the paper chose its recipe")]
    [InlineData("COVID19-CT", Official, "Not applicable. Nothing is resampled")]
    public void The_choice_of_the_recipe_is_a_step_that_folds_do_not_repeat(string dataset, string groupBy, string answer)
    {
        using var sample = SampleStudy.Finished(dataset, groupBy: groupBy);
        Assert.StartsWith(answer, Answers(sample)["E4.6"], StringComparison.Ordinal);
    }

    [Fact]
    public void Each_part_is_asked_of_its_own_data_set()
    {
        using var sample = SampleStudy.Finished("our hospital, tested on COVID19-CT", groupBy: Official);
        var answers = Answers(sample);
        Assert.StartsWith("No information. ", answers["D1.1"], StringComparison.Ordinal);
        Assert.StartsWith("No. COVID images", answers["E1.1"], StringComparison.Ordinal);
    }

    [Fact]
    public void Tested_people_are_counted_by_class()
    {
        using var sample = SampleStudy.Finished("our hospital", groupBy: Patient);
        Assert.Equal(
            "No. Tested are 18 patients of COVID and 18 patients of non-COVID; 100 of each are a usual least number.", Answers(sample)["E4.2"]);

        var many = Enumerable.Range(0, 200).Select(i => new FoldRow($"{i}.png", i % 2 == 0 ? "COVID" : "non-COVID", $"Q{i}", null, i % 3));
        using var begun = new SampleStudy("our hospital", groupBy: Patient);
        new StudyLayout(begun.Folder).WriteFolds(many);
        Assert.StartsWith("Probably yes. Tested are 100 patients of COVID and 100 patients", Answers(begun)["E4.2"], StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_there_yet_is_open_and_so_is_what_rests_on_it()
    {
        using var sample = new SampleStudy("our hospital", groupBy: Patient);
        var answers = Answers(sample);
        Assert.All((string[])["D4.1", "D4.3", "D4", "E4.2", "E4.7", "E4", "D", "E"], number => Assert.Null(answers[number]));
        Assert.Null(ProbastAi.InWords(Facts(sample)));
    }

    [Fact]
    public void Drawings_are_of_nobody()
    {
        using var sample = SampleStudy.Finished("phantom", groupBy: Patient);
        sample.Write("phantom/manifest.csv", "path,label\n");
        var answers = Answers(sample);
        Assert.Equal("Not applicable.", answers["D1"]);
        Assert.Equal("Risk of bias: low.", answers["E2"]);
        Assert.Equal("Risk of bias: low.", answers["E3"]);
    }

    private static Dictionary<string, string?> Answers(SampleStudy sample) =>
        ProbastAi.Checklist.Fill(Facts(sample)).Items.ToDictionary(item => item.Item.Number, item => item.Answer?.Text);

    private static StudyFacts Facts(SampleStudy sample) => StudyFacts.Of(StudyReport.Read(sample.Folder));

    private static string StudyCardsText(SampleStudy sample) => File.ReadAllText(StudyCards.Write(StudyReport.Read(sample.Folder), sample.PathOf("cards"))[0]);

    private static string AuditOf(string dataset, AuditVerdict verdict) => new DatasetAuditReport
    {
        Dataset = dataset,
        GroupBy = GroupBy.Patient,
        Folds = 3,
        Seed = 7,
        Positive = "COVID",
        Images = 36,
        Rejected = [],
        Shortcut = null,
        Findings = [new(AuditFinding.Shortcut, verdict, "The container tells all.", [])],
    }.ToJson().ToJsonString();
}
