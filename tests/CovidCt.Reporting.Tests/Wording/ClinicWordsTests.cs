using CovidCt.Reporting.Wording;
using CovidCt.Statistics;

namespace CovidCt.Reporting.Tests.Wording;

public sealed class ClinicWordsTests
{
    [Theory]
    [InlineData(true, "Of the patients here 40.0 % are COVID")]
    [InlineData(false, "Of the images here 40.0 % are COVID")]
    public void What_predictive_values_rest_on_is_said(bool ofPatients, string words)
    {
        var text = ClinicWords.Meaning(Values(ofPatients), "COVID");
        Assert.Contains(words, text, StringComparison.Ordinal);
        Assert.EndsWith("which was not tested.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Captions_name_what_is_counted()
    {
        Assert.StartsWith("Likelihood ratios of images", ClinicWords.RatiosCaption(ofPatients: false, "COVID"), StringComparison.Ordinal);
        Assert.EndsWith(
            "wrong answers among 1,000 patients", ClinicWords.ValuesCaption("ResNet18", ofPatients: true), StringComparison.Ordinal);
        Assert.Equal("40 positive and 60 negative patients", ClinicWords.Counted(Values(true)));
    }

    [Fact]
    public void A_prevalence_says_whether_it_is_that_of_the_data()
    {
        Assert.Equal("10.0", ClinicWords.Prevalence(Values(true).Points[0]));
        Assert.Equal("40.0 (these data)", ClinicWords.Prevalence(Values(true).Points[1]));
    }

    [Fact]
    public void A_ratio_that_is_missing_has_its_reason()
    {
        Assert.Null(ClinicWords.NoRatio([Values(true)]));
        Assert.Contains(
            "of the negative patients none was called positive",
            ClinicWords.NoRatio([Values(true) with { PositiveRatio = new(null, null) }]),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_networks_answers_are_told_in_a_sentence() => Assert.Equal(
        "ResNet18, of 40 positive and 60 negative patients: likelihood ratios 4.00 (3.00 to 5.00) and 0.25; where 10 % have the disease, a "
            + "positive answer is right in 30.8 (20.0 to 40.0) %, a negative one in 97.3 %",
        ClinicWords.InWords("ResNet18", Values(true)));

    private static PredictiveValues Values(bool ofPatients) => new(
        "resnet18", ofPatients, 40, 60, new(0.8, null), new(0.8, null), new(4, new(3, 5, 0.95)), new(0.25, null),
        [
            new(0.1, false, new(0.308, new(0.2, 0.4, 0.95)), new(0.973, null)),
            new(0.4, true, new(0.727, null), new(0.857, null)),
        ]);
}
