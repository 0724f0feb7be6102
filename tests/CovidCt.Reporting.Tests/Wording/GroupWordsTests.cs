using CovidCt.Reporting.Wording;
using CovidCt.Statistics;

namespace CovidCt.Reporting.Tests.Wording;

public sealed class GroupWordsTests
{
    private static readonly Subgroups.Band Unknown = new(Subgroups.BandKind.Unknown);

    [Theory]
    [InlineData(Subgroups.BandKind.Range, null, null, 18.0, "under 18")]
    [InlineData(Subgroups.BandKind.Range, null, 18.0, 40.0, "18 to under 40")]
    [InlineData(Subgroups.BandKind.Range, null, 2.5, null, "2.5 and above")]
    [InlineData(Subgroups.BandKind.Value, "F", null, null, "F")]
    [InlineData(Subgroups.BandKind.Other, null, null, null, "otherwise stated")]
    [InlineData(Subgroups.BandKind.Unknown, null, null, null, "unknown")]
    public void A_group_has_a_name(Subgroups.BandKind kind, string? value, double? from, double? below, string name) =>
        Assert.Equal(name, GroupWords.Name(new(kind, value, from, below)));

    [Fact]
    public void Columns_with_groups_and_without_are_told()
    {
        Subgroups[] columns = [Column("age", 3, Group("F", 2, 1)), new("doi", 30, []), new("note", 14, [])];
        Assert.StartsWith("Figures by age are in the report", GroupWords.Told(columns), StringComparison.Ordinal);
        Assert.Equal(
            "No groups are made by doi and note, of more than twelve values each that are neither numbers nor grades.",
            GroupWords.LeftOut(columns));
        Assert.Equal(
            "No groups are made by doi, of more than twelve values that are neither numbers nor grades.", GroupWords.LeftOut(columns[..2]));
        Assert.Null(GroupWords.Told(columns[1..]));
        Assert.Null(GroupWords.LeftOut(columns[..1]));
        Assert.Equal("F 3", GroupWords.Sizes(columns[0]));
    }

    [Theory]
    [InlineData(ClusterUnit.Source, "fewer than five sources no interval")]
    [InlineData(ClusterUnit.Patient, "fewer than five patients no interval")]
    [InlineData(ClusterUnit.Image, "fewer than five images no interval")]
    public void What_figures_by_group_are_not_is_said(ClusterUnit drawn, string words) =>
        Assert.Contains(words, GroupWords.Meaning(drawn), StringComparison.Ordinal);

    [Fact]
    public void Free_text_that_is_graded_is_said_to_be()
    {
        Assert.Null(GroupWords.Graded([Column("sex", 2, Group("F", 1, 1))]));
        Assert.StartsWith(
            "Severity is free text, graded by the word",
            GroupWords.Graded([Column("severity", 89, Group("mild", 1, 1))]),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_of_one_class_alone_says_nothing_of_the_other()
    {
        Subgroups[] columns =
        [
            Column("age", 2, Group("F", 3, 0), new(Unknown, 5, 5, 1, 4, [])),
            Column("sex", 1, Group("M", 3, 0)),
            Column("archive", 1, Group("x", 0, 2)),
            Column("site", 1, Group("y", 1, 1)),
        ];
        Assert.Equal(
            "By age and sex there is sensitivity alone: no non-COVID image among those tested has a value, so that all of these are "
                + "“unknown”. By archive there is specificity alone: no COVID image among those tested has a value, so that all of these are "
                + "“unknown”.",
            GroupWords.OneClass(columns, "COVID", "non-COVID"));
        Assert.Null(GroupWords.OneClass(columns[3..], "COVID", "non-COVID"));
    }

    private static Subgroups Column(string name, int values, params Subgroups.Group[] groups) => new(name, values, groups);

    private static Subgroups.Group Group(string value, int positives, int negatives) =>
        new(new(Subgroups.BandKind.Value, value), positives + negatives, null, positives, negatives, []);
}
