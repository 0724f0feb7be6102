using CovidCt.Calibration;
using CovidCt.Evaluation;
using CovidCt.Records;
using CovidCt.Reporting.Wording;
using CovidCt.Statistics;

namespace CovidCt.Reporting.Tests.Wording;

public sealed class SetWordsTests
{
    [Fact]
    public void What_a_set_is_and_how_often_it_holds_is_said()
    {
        Assert.StartsWith("A prediction set has the classes that can’t be ruled out at 90 %:", SetWords.Meaning(0.9), StringComparison.Ordinal);
        Assert.StartsWith("Prediction sets at 97.5 %:", SetWords.Caption(0.975, ClusterUnit.Patient), StringComparison.Ordinal);
        Assert.Contains("every image for itself", SetWords.Caption(0.9, ClusterUnit.Image), StringComparison.Ordinal);
        Assert.StartsWith("ResNet18, prediction sets by groups", SetWords.GroupsCaption("ResNet18"), StringComparison.Ordinal);
        Assert.Contains("one test part", SetWords.NotJudged, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ClusterUnit.Source, "Every source counts once in coverage and size, by the mean over its images.")]
    [InlineData(ClusterUnit.Patient, "Every patient counts once in coverage and size, by the mean over the patient’s images.")]
    [InlineData(ClusterUnit.Image, "Every image counts once in coverage and size.")]
    public void What_counts_once_is_said(ClusterUnit drawn, string words) => Assert.EndsWith(words, SetWords.Judged(drawn), StringComparison.Ordinal);

    [Fact]
    public void A_networks_sets_are_told_with_all_counts() => Assert.Equal(
        "ResNet18, at 90 %: the set holds the class of 91.0 (85.0 to 95.0) % of COVID and 89.0 % of non-COVID; of 100 images, 40 have COVID alone, "
            + "30 non-COVID alone, 25 both and 5 neither",
        SetWords.InWords("ResNet18", Of, "COVID", "non-COVID"));

    [Fact]
    public void What_lies_beside_the_networks_is_told_and_what_is_missing_or_open()
    {
        using var sample = SampleStudy.Finished(groupBy: "patient");
        var run = new RunLayout(sample.PathOf(SampleStudy.Run("resnet18", 1)));
        Assert.StartsWith("Beside 6 of 6 trained networks lie its sets (calibration.json), whose thresholds are from its own test images", Said(), StringComparison.Ordinal);

        run.WriteCalibration(run.ReadCalibration());
        Assert.StartsWith("Of 6 trained networks, 1 is without sets, or with those of other answers than these: going on with the study writes them. Beside 5 of 6", Said(), StringComparison.Ordinal);

        var study = StudyReport.Read(sample.Folder);
        List<RunReport> few = [.. study.Runs.Select(one => one with { Predictions = [.. one.Predictions.Take(8)] })];
        few = [.. few.Select(one => one with { Sets = (study with { Runs = few }).SetsOf(one) })];
        Assert.EndsWith(
            "Of 6 of them a class is in every set: its test images are of fewer than nine patients of that class, which rule nothing out at this level.",
            SetWords.Shipped(study with { Runs = few }), StringComparison.Ordinal);
        Assert.StartsWith("Sets will lie beside", SetWords.Shipped(study with { Runs = [few[0] with { IsFinished = false }] }), StringComparison.Ordinal);

        string Said() => SetWords.Shipped(StudyReport.Read(sample.Folder));
    }

    [Fact]
    public void Whom_sets_hold_for_hangs_on_who_is_on_both_sides()
    {
        using var apart = SampleStudy.Finished(groupBy: "patient");
        using var shared = SampleStudy.Finished(groupBy: "image");
        Assert.StartsWith("They hold for new people", SetWords.Reach(StudyReport.Read(apart.Folder)), StringComparison.Ordinal);
        Assert.StartsWith("Patients have images on both sides", SetWords.Reach(StudyReport.Read(shared.Folder)), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_predictions_that_were_made_elsewhere_no_network_is_at_hand_to_keep_sets_beside()
    {
        using var sample = SampleStudy.Finished(groupBy: "patient");
        var study = StudyReport.Read(sample.Folder) with
        {
            Given = new("a", CrossValidationReport.Given, ["net"], ["COVID", "non-COVID"], "COVID", false),
        };

        Assert.Equal("No sets are kept: the models that they would be for are not at hand.", SetWords.Shipped(study));
        Assert.StartsWith("They hold for new people from where these come from as far as no model was trained", SetWords.Reach(study), StringComparison.Ordinal);
    }

    private static SetStatistics Of => new(0.9, Part(new(0.9, null)), Part(new(0.91, new(0.85, 0.95, 0.95))), Part(new(0.89, null)))
    {
        CrossFitted = new Dictionary<int, ConformalSets>(),
        Own = new Dictionary<int, ConformalSets>(),
    };

    private static SetStatistics.Part Part(EstimatedFigure coverage) => new(40, 30, 25, 5, 20, coverage, new(1.2, null));
}
