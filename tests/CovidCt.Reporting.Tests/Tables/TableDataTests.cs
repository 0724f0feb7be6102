using CovidCt.Reporting.Tables;

namespace CovidCt.Reporting.Tests.Tables;

public sealed class TableDataTests
{
    [Fact]
    public void Bars_and_line_breaks_in_a_cell_don_t_break_the_table() => Assert.Equal(
        "| a    |    b |\n|:-----|-----:|\n| x\\|y |  1 2 |\n",
        new TableData(["a", "b"], [["x|y", "1\n2"]]).ToMarkdown());

    [Fact]
    public void A_table_without_rows_has_its_headers() =>
        Assert.Equal("| a    |\n|:-----|\n", new TableData(["a"], []).ToMarkdown());
}
