using CovidCt.Evaluation;
using CovidCt.Records;
using CovidCt.Reporting.Wording;

namespace CovidCt.Reporting.Tests.Wording;

public sealed class ForeignWordsTests
{
    private static readonly GivenPredictions Given = new("mine", CrossValidationReport.Given, ["lr", "rf"], ["0", "1"], "1", false)
    {
        Files = [new("a.csv", "abc", 12, [new("path", "image"), new("probability", "y_score")])],
    };

    [Fact]
    public void What_was_judged_names_models_and_classes()
    {
        Assert.StartsWith(
            "Predictions of one model (rf) that were made elsewhere are judged here: the probability of class 1, against class 0. ",
            ForeignWords.Instance.Judged(["rf"], Results(CrossValidationReport.Given)), StringComparison.Ordinal);
        Assert.Contains("two models (lr and rf)", ForeignWords.Instance.Judged(["lr", "rf"], Results(CrossValidationReport.Given)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CrossValidationReport.Given, "The files name five folds. What folds keep together")]
    [InlineData(CrossValidationReport.GivenPooled, "The files name five folds, of which one or more have images of one class alone")]
    [InlineData(CrossValidationReport.GivenTest, "The files name no folds, so that all images are one test part.")]
    public void Folds_are_told_as_they_are_given(string groupBy, string words) =>
        Assert.StartsWith(words, ForeignWords.Instance.Folds(Results(groupBy), 5), StringComparison.Ordinal);

    [Fact]
    public void Patients_in_several_folds_are_counted()
    {
        FoldRow[] apart = [new("a", "0", "p", null, 0), new("b", "1", "q", null, 1)];
        FoldRow[] shared = [.. apart, new("c", "1", "q", null, 0), new("d", "0", "r", null, 0)];

        Assert.Equal("No patient has images in two folds.", ForeignWords.Instance.SharedPatients(apart, isOneTest: false));
        Assert.StartsWith("50.0 % (2 of 4) of the images are of a patient who has images in several folds", ForeignWords.Instance.SharedPatients(shared, isOneTest: false), StringComparison.Ordinal);
        Assert.StartsWith("The patients of some or all images are unknown", ForeignWords.Instance.SharedPatients([.. apart, new("e", "1", null, null, 1)], isOneTest: false), StringComparison.Ordinal);
        Assert.StartsWith("Whether patients of these images were in the training part too is unknown", ForeignWords.Instance.SharedPatients(apart, isOneTest: true), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_are_told_with_their_columns()
    {
        Assert.Equal("a.csv, 12 rows (path: column image and probability: column y_score).", ForeignWords.Origin(Given));
        Assert.Null(ForeignWords.Origin(Given with { Files = [] }));
    }

    [Fact]
    public void Names_of_folds_and_seeds_are_told_where_they_are_no_numbers()
    {
        Assert.Null(ForeignWords.Renamed(Given));
        Assert.Equal(
            "Folds are numbered here: 0 is a and 1 is b. Seeds are 3 and 11, the first of which is shown where one is.",
            ForeignWords.Renamed(Given with { FoldNames = ["a", "b"], SeedNames = ["3", "11"] }));
    }

    [Theory]
    [InlineData(2, 2, "There are predictions from two seeds of each model")]
    [InlineData(1, 3, "There are predictions from one to three seeds of each model")]
    public void Seeds_are_counted(int least, int most, string words) =>
        Assert.StartsWith(words, ForeignWords.Seeds(least, most), StringComparison.Ordinal);

    [Fact]
    public void A_class_whose_name_is_a_number_is_called_a_class()
    {
        Assert.Equal("class 1", DataWords.Class("1"));
        Assert.Equal("COVID", DataWords.Class("COVID"));
    }

    [Theory]
    [InlineData(3, 3, "List of 3 patients")]
    [InlineData(30, 20, "List of 20 patients of 30")]
    public void A_list_says_where_it_ends(int all, int shown, string words) => Assert.Equal(words, ErrorWords.List(all, shown, "patient"));

    private static CrossValidationReport Results(string groupBy) => new("mine", groupBy, 0, ["0", "1"], "1", [], []);
}
