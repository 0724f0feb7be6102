using CovidCt.Records;
using CovidCt.Reporting.Wording;

namespace CovidCt.Reporting.Tests.Wording;

public sealed class DataWordsTests
{
    [Theory]
    [InlineData("P", "P", "2 images of 1 patient: 1 A, 1 B.")]
    [InlineData("P", null, "2 images, the patient of some of them unknown: 1 A, 1 B.")]
    [InlineData(null, null, "2 images, whose patients are unknown: 1 A, 1 B.")]
    public void Images_patients_and_classes_are_counted(string? first, string? second, string words) => Assert.Equal(
        words, DataWords.Counts([new("a.png", "A", first, null, 0), new("b.png", "B", second, null, 1)], ["A", "B"], knowsAll: true));

    [Fact]
    public void Counts_that_are_not_final_say_so() =>
        Assert.Equal("1 image of 1 patient: 1 A in the parts tested so far.", DataWords.Counts([new("a.png", "A", "P", null, 0)], ["A"], knowsAll: false));

    [Fact]
    public void A_guessed_positive_class_is_said_to_be_one() => Assert.Equal(
        "Nobody named the positive class, and neither the data set nor the names of its classes say it: well was taken, the last by its name. "
            + "Sensitivity and probabilities are of it, specificity is of the other class.",
        DataWords.PositiveGuessed("well"));

    [Fact]
    public void Significant_bits_that_were_assumed_are_said_to_be() => Assert.Equal(
        "Some images have 16 bits a sample, and their files do not say how many of them are significant: 12 were taken for all of them, "
            + "the fewest of 8, 10, 12, 14 and 16 that hold their values.",
        DataWords.SampleBits(12));

    [Fact]
    public void What_the_columns_give_is_counted_by_class()
    {
        FoldRow[] rows = [new("a.png", "A", "P", null, 0), new("b.png", "A", "P", null, 1), new("c.png", "B", "Q", null, 0)];
        var values = new Dictionary<string, IReadOnlyDictionary<string, string>>
        {
            ["a.png"] = new Dictionary<string, string> { ["age"] = "40", ["sex"] = "F" },
            ["b.png"] = new Dictionary<string, string> { ["age"] = "41" },
        };
        Assert.Null(DataWords.Completeness(rows, ["A", "B"], null));
        Assert.Equal(
            "The data set gives, for 2 A images: age (2) and sex (1); for 1 B image: nothing else.",
            DataWords.Completeness(rows, ["A", "B"], new(["age", "sex"], values)));
        Assert.Equal("3 of 12", DataWords.Part(3, 12));
    }

    [Theory]
    [InlineData(0, "No file was rejected.")]
    [InlineData(1, "1 file could not be used and was left out; the report lists them with their reasons.")]
    [InlineData(2, "2 files could not be used and were left out; the report lists them with their reasons.")]
    public void Rejected_files_are_counted(int count, string words) => Assert.Equal(words, DataWords.Rejected(count));

    [Fact]
    public void Patients_on_both_sides_are_counted_or_said_to_be_unknown()
    {
        Assert.StartsWith("The patients of some or all images are unknown", DataWords.SharedPatients(null, true, false, false), StringComparison.Ordinal);
        Assert.StartsWith("Folds are drawn by patient", DataWords.SharedPatients(null, false, true, false), StringComparison.Ordinal);
        Assert.EndsWith("before every fold has been drawn or tested.", DataWords.SharedPatients(null, false, false, false), StringComparison.Ordinal);
        Assert.EndsWith("does not list the images that it trained on.", DataWords.SharedPatients(null, false, false, true), StringComparison.Ordinal);
        Assert.StartsWith("No test image is of", DataWords.SharedPatients((0, 12), false, false, true), StringComparison.Ordinal);
        Assert.Equal(
            "25.0 % of the test images (3 of 12) are of a patient who is in the training part too: the figures are too good.",
            DataWords.SharedPatients((3, 12), false, false, true));
    }

    [Fact]
    public void The_report_says_the_same_in_its_own_sentences()
    {
        Assert.Equal("25.0 % (3 of 12) of the test images show a patient who is in the training part too", DataWords.SomeShared(3, 12));
        Assert.EndsWith("before every fold has been tested.", DataWords.SharedUnknown(knowsPatients: true, isTested: false), StringComparison.Ordinal);
        Assert.EndsWith(
            "does not list the images that it trained on.", DataWords.SharedUnknown(knowsPatients: true, isTested: true), StringComparison.Ordinal);
        Assert.StartsWith("The data set does not say", DataWords.SharedUnknown(knowsPatients: false, isTested: true), StringComparison.Ordinal);
    }
}
