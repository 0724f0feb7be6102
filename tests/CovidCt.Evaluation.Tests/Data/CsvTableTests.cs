using CovidCt.Data;
using CovidCt.Tests;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Data;

public class CsvTableTests
{
    [Theory]
    [InlineData("a,b\n1,2\n")]
    [InlineData("a,b\r\n1,2\r\n")]
    [InlineData("a,b\r1,2")]
    [InlineData("\uFEFFa,b\n\n1,2\n\n  \n")]
    [InlineData(" a , b \n 1, 2 ")]
    [InlineData("\"a\",\"b\"\n\"1\",\"2\"")]
    [InlineData("a,b\n \"1\" , \"2\" ")]
    public void Ends_of_line_marks_blanks_and_quotes_make_no_difference(string text)
    {
        var table = Read(text);

        Assert.Equal(["a", "b"], table.Header);
        var (_, row) = Assert.Single(table.Rows);
        Assert.Equal(["1", "2"], [CsvTable.Field(row, 0), CsvTable.Field(row, 1)]);
    }

    [Fact]
    public void Quoted_fields_hold_commas_quotes_and_lines()
    {
        var table = Read("path,note\n\"a,b.png\",\"he said \"\"no\"\"\"\n\"x\ny.png\",\nlast.png,z\n");

        Assert.Equal(["a,b.png", "he said \"no\""], table.Rows[0].Fields);
        Assert.Equal(["x\ny.png", ""], table.Rows[1].Fields);
        Assert.Equal([2, 3, 5], table.Rows.Select(row => row.Line));
    }

    [Fact]
    public void What_is_written_as_RFC_4180_says_is_read_back() =>
        Gen.Select(Gen.Int[2, 5], Gen.Int[1, 6]).SelectMany((columns, rows) => Gen.Char["ab ,\"\r\n;"].Array[0, 6].Select(c => new string(c)).Array[columns].Array[rows])
            .Sample(
                rows =>
                {
                    var text = string.Concat(rows.Select(row => string.Join(',', row.Select(field => $"\"{field.Replace("\"", "\"\"")}\"")) + "\r\n"));
                    var table = Read("h1,h2\n" + text);
                    Assert.Equal(rows, table.Rows.Select(row => row.Fields));
                },
                iter: 300);

    [Fact]
    public void Columns_are_found_in_any_case_and_short_rows_have_empty_fields()
    {
        var table = Read("Path,LABEL,patient\na.png,x\n");

        Assert.Equal(1, table.Require("label"));
        Assert.Equal(-1, table.Find("split"));
        Assert.Equal("", CsvTable.Field(table.Rows[0].Fields, table.Find("patient")));
        Assert.Equal("", CsvTable.Field(table.Rows[0].Fields, table.Find("split")));
    }

    [Theory]
    [InlineData("file,label\n", "no column 'path'")]
    [InlineData("path;label\na;b\n", "separate them by commas")]
    [InlineData("", "is empty")]
    [InlineData("path,label\n\"a.png,x\n", "line 2: a quote is opened and never closed")]
    public void What_is_wrong_is_said_with_the_name_of_the_file(string text, string expected)
    {
        var e = Assert.Throws<UnusableDataException>(() => Read(text).Require("path"));

        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.Contains("table.csv", e.Message, StringComparison.Ordinal);
    }

    private static CsvTable Read(string text)
    {
        using var folder = new TemporaryFolder();
        return CsvTable.Read(folder.Write("table.csv", text));
    }
}
