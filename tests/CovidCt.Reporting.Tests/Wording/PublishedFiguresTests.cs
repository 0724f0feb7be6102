using CovidCt.Evaluation;
using CovidCt.Reporting.Wording;

namespace CovidCt.Reporting.Tests.Wording;

public sealed class PublishedFiguresTests
{
    [Theory]
    [InlineData("COVID19-CT", 5)]
    [InlineData("covid19_ct", 5)]
    [InlineData("SARS-CoV-2 CT-scan", 4)]
    [InlineData("SARS-CoV-2 CT", 4)]
    [InlineData("phantom", 0)]
    [InlineData("", 0)]
    public void A_data_set_is_known_by_its_letters_and_digits(string name, int count) =>
        Assert.Equal(count, PublishedFigures.For(name).Count);

    [Fact]
    public void The_best_averages_of_COVID19_CT_are_no_networks() =>
        Assert.All(PublishedFigures.For("COVID19-CT"), published => Assert.Null(published.Network));

    [Fact]
    public void The_abstract_s_five_averages_are_there_for_both_data_sets()
    {
        static FiguresOfMerit Best(string dataset) =>
            PublishedFigures.For(dataset).Single(published => published.Network is null && published.GroupBy == "image").Figures;

        Assert.Equal(new(0.994, 0.996, 0.998, 0.996, 0.994, null), Best("SARS-CoV-2 CT-scan"));
        Assert.Equal(new(0.929, 0.913, 0.937, 0.922, 0.925, null), Best("COVID19-CT"));
    }

    [Fact]
    public void What_the_paper_quotes_has_a_spread_and_says_that_it_is_from_memory()
    {
        var quoted = PublishedFigures.For("COVID19-CT").Where(published => published.GroupBy is null).ToList();
        Assert.Equal(
            [(0.859, 0.059), (0.877, 0.047), (0.786, 0.015)],
            quoted.Select(published => (published.Figures.Accuracy!.Value, published.Spread!.Accuracy!.Value)));
        Assert.All(quoted, published => Assert.Contains("from memory", published.Source, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_value_is_a_fraction_with_a_source() => Assert.All(PublishedFigures.All, published =>
    {
        var f = published.Figures;
        double[] values = [.. new[] { f.Accuracy, f.Precision, f.Sensitivity, f.Specificity, f.F1, f.Auc }.OfType<double>()];
        Assert.NotEmpty(values);
        Assert.All(values, v => Assert.InRange(v, 0.5, 1));
        Assert.NotEmpty(published.Source);
    });
}
