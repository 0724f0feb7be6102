using CovidCt.Records;
using CovidCt.Reporting.Wording;

namespace CovidCt.Reporting.Tests.Wording;

public sealed class StudyWordsTests
{
    [Fact]
    public void What_was_trained_to_do_what()
    {
        Assert.Equal("One network (A) was trained to tell x from y on slices of chest CT scans", StudyWords.Trained(["A"], "x from y", isPhantom: false));
        Assert.Equal(
            "Two networks (A and B) were each trained to tell two classes apart on generated drawings that look like slices of chest CT scans",
            StudyWords.Trained(["A", "B"], StudyWords.Classes(null), isPhantom: true));
    }

    [Theory]
    [InlineData(0, "There are no figures yet.")]
    [InlineData(2, "All figures below are of the finished runs alone, and will change.")]
    [InlineData(3, "What is still to be done is to conclude it: there is no results.json yet.")]
    public void What_is_still_to_do_depends_on_what_is_done(int finished, string words) => Assert.Equal(words, StudyWords.StillToDo(finished, 3));

    [Theory]
    [InlineData("not begun", false, false)]
    [InlineData("no fold is finished (begun: fold 1)", false, true)]
    [InlineData("without fold 0 (begun: fold 0)", true)]
    [InlineData("without fold 0", false)]
    public void The_folds_that_are_lacking_are_named(string words, params bool[] begun) =>
        Assert.Equal(words, StudyWords.Lacking([.. begun.Select((hasBegun, fold) =>
            new RunReport("resnet18", fold, IsFinished: false, [], [], null, []) { Configuration = hasBegun ? new(new(), new()) : null })], 2));

    [Fact]
    public void A_published_value_names_its_folds_and_its_spread()
    {
        var published = PublishedFigures.For("COVID19-CT");
        Assert.Equal(
            "Published for this data set (same authors, CovidDenseNet, folds by patient): accuracy 81.8 %.",
            StudyWords.Published(published[1], name => name));
        Assert.Equal(
            "Published for this data set (quoted by the paper [55], on folds that are not known): accuracy 85.9 ± 5.9 %.",
            StudyWords.Published(published[2], name => name));
    }
}
