using CovidCt.Statistics;

namespace CovidCt.Evaluation.Tests.Statistics;

public sealed class ColumnBandsTests
{
    [Theory]
    [InlineData("17.9", null, 18.0)]
    [InlineData("18", 18.0, 40.0)]
    [InlineData("39.5", 18.0, 40.0)]
    [InlineData("60", 60.0, 80.0)]
    [InlineData("080Y", 80.0, null)]
    public void An_age_lies_in_a_band(string age, double? from, double? below)
    {
        var bands = ColumnBands.Of("Patient age", ["17.9", "18", "39.5", "60", "080Y", "Young Child", "40+"]);
        Assert.Equal(new Subgroups.Band(Subgroups.BandKind.Range, null, from, below), bands.Of(age));
        Assert.Equal(Subgroups.BandKind.Other, bands.Of("Young Child").Kind);
        Assert.Equal(Subgroups.BandKind.Unknown, bands.Of(null).Kind);
        Assert.Equal(7, bands.Bands.Count);
    }

    [Fact]
    public void Few_values_are_a_group_each_in_any_case_and_numbers_among_them_in_their_order()
    {
        Assert.Equal(["F", "M", null, null], ColumnBands.Of("sex", ["M", "F", "m", "f"]).Bands.Select(band => band.Value));
        Assert.Equal("M", ColumnBands.Of("sex", ["M", "F", "m", "f"]).Of("m").Value);
        Assert.Equal(
            ["2", "5", "10", "thin", null, null],
            ColumnBands.Of("thickness", ["10", "2", "thin", "5"]).Bands.Select(band => band.Value));
        Assert.Equal(12, ColumnBands.Of("site", [.. Letters(12)]).Values);
        Assert.Equal(14, ColumnBands.Of("site", [.. Letters(12)]).Bands.Count);
    }

    [Fact]
    public void Many_values_that_are_no_numbers_make_no_groups() => Assert.Empty(ColumnBands.Of("doi", [.. Letters(13)]).Bands);

    [Fact]
    public void Many_numbers_are_divided_into_thirds()
    {
        string[] doses = [.. Enumerable.Range(1, 30).Select(number => $"{number / 2.0}")];
        var bands = ColumnBands.Of("dose", [.. doses, "none"]);

        Assert.Equal([10, 10, 10], bands.Bands.Where(band => band.Kind == Subgroups.BandKind.Range)
            .Select(band => doses.Count(dose => bands.Of(dose) == band)));
        Assert.Equal((5.5, 10.5), (bands.Bands[1].From!.Value, bands.Bands[1].Below!.Value));
        Assert.Equal(Subgroups.BandKind.Other, bands.Of("none").Kind);
    }

    [Fact]
    public void A_third_that_equal_numbers_leave_empty_is_none()
    {
        string[] doses = [.. Enumerable.Repeat("1", 40), .. Enumerable.Range(2, 15).Select(number => $"{number}")];
        Assert.Equal(
            [(null, 2.0), (2.0, null)],
            ColumnBands.Of("dose", doses).Bands.Where(band => band.Kind == Subgroups.BandKind.Range)
                .Select(band => (band.From, band.Below)));
    }

    [Theory]
    [InlineData("Severe case: both lungs", "severe")]
    [InlineData("Serious conditions", "severe")]
    [InlineData("light", "mild")]
    [InlineData("Mild pneumonia patient", "mild")]
    [InlineData("asymptomatic", "asymptomatic")]
    [InlineData("lesions, later severe", null)]
    [InlineData("severely ill", null)]
    public void A_severity_in_free_text_is_graded_by_its_first_word(string text, string? grade)
    {
        var bands = ColumnBands.Of("Severity", [text, "mild", .. Letters(13)]);
        Assert.Equal(grade, bands.Of(text).Value);
        Assert.Equal(grade is null ? Subgroups.BandKind.Other : Subgroups.BandKind.Value, bands.Of(text).Kind);
    }

    [Fact]
    public void A_severity_of_few_values_has_these_and_one_without_any_grade_makes_no_groups()
    {
        Assert.Equal("I", ColumnBands.Of("severity", ["I", "II"]).Of("I").Value);
        Assert.Empty(ColumnBands.Of("severity", [.. Letters(13)]).Bands);
    }

    private static IEnumerable<string> Letters(int count) => Enumerable.Range(0, count).Select(i => $"value {(char)('a' + i)}");
}
