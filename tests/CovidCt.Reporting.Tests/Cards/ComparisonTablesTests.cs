using System.Text.RegularExpressions;
using CovidCt.Evaluation;
using CovidCt.Records;
using CovidCt.Reporting.Cards;
using CovidCt.Reporting.Tables;

namespace CovidCt.Reporting.Tests.Cards;

public sealed class ComparisonTablesTests
{
    [Fact]
    [Trait("Category", "Long")]
    public void Each_study_has_a_table_whose_caption_says_how_it_came_about()
    {
        using var image = SampleStudy.Finished();
        using var patient = SampleStudy.Finished(groupBy: "patient");
        var text = Written(image, patient);

        Assert.Equal(2, Regex.Count(text, "^## COVID19-CT: study$", RegexOptions.Multiline));
        Assert.Contains("3-fold cross-validation by image", text, StringComparison.Ordinal);
        Assert.Contains("3-fold cross-validation by patient", text, StringComparison.Ordinal);
        Assert.Contains("36 of 36) are of a patient who is in the training part too", text, StringComparison.Ordinal);
        Assert.Contains("No test image is of a patient who is in the training part too.", text, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(text, @"ResNet18 began at random\. SqueezeNet began with ImageNet weights\."));
        Assert.Contains(StudyFacts.NotADevice, text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_has_the_figures_of_the_comparison_with_their_intervals_and_the_hours_of_all_runs()
    {
        using var sample = SampleStudy.Finished();
        var study = StudyReport.Read(sample.Folder);
        var compared = ComparedNetwork.Of([study, study], TestContext.Current.CancellationToken);
        var text = ComparisonTables.Of([study, study], compared).ToString();

        Assert.All(compared, network => Assert.Equal(3 * 4 * 1.5, network.Training!.Value.TotalSeconds, 1e-9));
        var rows = text.Split('\n').Where(line => line.StartsWith("| SqueezeNet | imagenet |", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, rows.Count);
        var accuracy = compared.First(network => network.Network == "squeezenet1_1").Figures.Accuracy;
        Assert.All(rows, row => Assert.StartsWith(
            FormattableString.Invariant($"| SqueezeNet | imagenet | {100 * accuracy.Value:0.0} ({100 * accuracy.Interval!.Low:0.0} to {100 * accuracy.Interval.High:0.0}) |"), row, StringComparison.Ordinal));
        // A study less itself is nothing, and says so of both networks.
        Assert.Equal(2, Regex.Count(text, @"^\| study \| \w+ \| 36 \| 0\.0 \|", RegexOptions.Multiline));
    }

    [Fact]
    public void Images_that_two_files_label_differently_are_left_out_of_the_difference_and_counted()
    {
        var (one, other) = (Judged("one", []), Judged("other", [3, 8, 10]));

        var compared = ComparedNetwork.Of([one, other], TestContext.Current.CancellationToken);

        Assert.Equal([0, 3], compared.Select(network => network.Relabelled));
        Assert.Equal(21, compared[1].Paired);
        Assert.Single(Regex.Matches(
            ComparisonTables.Of([one, other], compared).ToString(), "^The difference to m of other leaves out 3 images, ", RegexOptions.Multiline));

        static StudyReport Judged(string name, int[] relabelled) => StudyReport.Judge(
            new(name, CrossValidationReport.GivenTest, ["m"], ["a", "b"], "b", false),
            [
                .. Enumerable.Range(0, 24).Select(i => new Prediction(
                    $"{i}.png", i % 2 == 0 ^ relabelled.Contains(i) ? "a" : "b", null, "m", 0, 0.3 + (0.4 * (i % 2)) + (0.01 * i))),
            ]);
    }

    [Fact]
    public void Of_several_seeds_their_number_and_what_their_intervals_mean_are_said()
    {
        using var sample = SampleStudy.Finished();
        var one = StudyReport.Read(sample.Folder);
        sample.AddSeed();
        var two = StudyReport.Read(sample.Folder);
        var text = ComparisonTables.Of([two, one], ComparedNetwork.Of([two, one], TestContext.Current.CancellationToken)).ToString();

        Assert.Single(Regex.Matches(text, "^\\| SqueezeNet \\| imagenet \\| 2 \\|", RegexOptions.Multiline));
        Assert.Single(Regex.Matches(text, "^\\| SqueezeNet \\| imagenet \\| [0-9.]+ \\(", RegexOptions.Multiline));
        Assert.Equal((1, 1), (Regex.Count(text, "over seeds, and over patients"), Regex.Count(text, "nor for the chance in training")));
        Assert.Contains("each study’s seeds are drawn by themselves", text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void A_study_without_a_finished_run_says_so()
    {
        using var sample = SampleStudy.Finished();
        using var begun = new SampleStudy();
        begun.Begin("resnet18", 0);
        var text = Written(sample, begun);
        Assert.Contains("There are no figures yet: no run is finished.", text, StringComparison.Ordinal);
        Assert.Contains("0 of 6 runs are done", text, StringComparison.Ordinal);
        Assert.DoesNotContain("## Differences", text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void A_study_by_itself_leaves_no_comparison()
    {
        using var sample = SampleStudy.Finished();
        StudyFiles.WriteReport(StudyReport.Read(sample.Folder));
        Assert.False(File.Exists(sample.PathOf(StudyLayout.ComparisonName)));
    }

    private static string Written(SampleStudy first, SampleStudy second)
    {
        StudyFiles.WriteReport(StudyReport.Read(first.Folder), [StudyReport.Read(second.Folder)]);
        return File.ReadAllText(first.PathOf(StudyLayout.ComparisonName));
    }
}
