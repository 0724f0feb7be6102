using CovidCt.Evaluation;
using CovidCt.Reporting.Wording;
using CovidCt.Statistics;

namespace CovidCt.Reporting.Tests.Wording;

public sealed class ResultWordsTests
{
    [Fact]
    public void Figures_of_patients_say_how_folds_became_one_and_stand_with_their_intervals()
    {
        Assert.Contains("of all folds together", ResultWords.PatientHeadline(FoldSummary.Pooled), StringComparison.Ordinal);
        Assert.DoesNotContain("folds", ResultWords.PatientHeadline(FoldSummary.Mean), StringComparison.Ordinal);
        EstimatedFigure known = new(0.5, new(0.4, 0.6, 0.95)), unknown = new(null, null);
        Assert.Equal(
            "ResNet18: Accuracy 50.0 (40.0 to 60.0), Precision —, Sensitivity 50.0 (40.0 to 60.0), Specificity —, F1 —, AUC —",
            ResultWords.Estimates("ResNet18", new(known, unknown, known, unknown, unknown, unknown)));
    }

    [Theory]
    [InlineData("image", true, "In per cent, mean over the folds ± standard deviation")]
    [InlineData("source", true, "In per cent")]
    [InlineData("official", false, "In per cent, of the finished runs")]
    public void The_unit_says_over_what_figures_are_means(string groupBy, bool isComplete, string words) =>
        Assert.Equal(words, ResultWords.Unit(groupBy, isComplete));

    [Fact]
    public void Errors_are_counted_of_each_class() => Assert.Equal(
        "ResNet18: 1 of 4 COVID images missed, 2 of 7 others called COVID", ResultWords.Errors("ResNet18", new ConfusionMatrix(3, 2, 5, 1), "COVID"));

    [Fact]
    public void Intervals_over_images_are_said_to_be_narrow()
    {
        Assert.StartsWith("95 % intervals by bootstrap (BCa) over sources", ResultWords.IntervalsMeaning(ClusterUnit.Source), StringComparison.Ordinal);
        Assert.StartsWith("95 % intervals by bootstrap (BCa) over patients", ResultWords.IntervalsMeaning(ClusterUnit.Patient), StringComparison.Ordinal);
        Assert.Contains("they are too narrow where a patient has several", ResultWords.IntervalsMeaning(ClusterUnit.Image), StringComparison.Ordinal);
        Assert.Contains("whole sources", ResultWords.HowIntervals(ClusterUnit.Source), StringComparison.Ordinal);
        Assert.Contains("whole patients", ResultWords.HowIntervals(ClusterUnit.Patient), StringComparison.Ordinal);
        Assert.Contains("every image for itself", ResultWords.HowIntervals(ClusterUnit.Image), StringComparison.Ordinal);
    }

    [Fact]
    public void Figures_of_patients_are_said_to_be_pooled_only_where_they_are()
    {
        Assert.Contains("means over the folds", ResultWords.Patients(FoldSummary.Mean), StringComparison.Ordinal);
        Assert.Contains("all folds together", ResultWords.Patients(FoldSummary.Pooled), StringComparison.Ordinal);
    }
}
