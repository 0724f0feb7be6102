using CovidCt.Reporting.Wording;

namespace CovidCt.Reporting.Tests.Wording;

public sealed class PublishedFiguresTests
{
    [Theory]
    [InlineData("COVID19-CT", 2)]
    [InlineData("covid19_ct", 2)]
    [InlineData("SARS-CoV-2 CT-scan", 3)]
    [InlineData("SARS-CoV-2 CT", 3)]
    [InlineData("phantom", 0)]
    [InlineData("", 0)]
    public void A_data_set_is_known_by_its_letters_and_digits(string name, int count) =>
        Assert.Equal(count, PublishedFigures.For(name).Count);

    [Fact]
    public void The_best_averages_of_COVID19_CT_are_no_networks() =>
        Assert.All(PublishedFigures.For("COVID19-CT"), published => Assert.Null(published.Network));

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
