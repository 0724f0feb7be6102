using CovidCt.Data;
using CovidCt.Records;
using CovidCt.Tests;

namespace CovidCt.Evaluation.Tests.Records;

public sealed class ColumnsCsvTests
{
    private static readonly CtSample[] Samples =
    [
        Sample("b, c.png", ("age", "40+"), ("Sex", "F")),
        Sample("a.png", ("note", "two\nlines, and a \"quote\""), ("sex", "M")) with { Collection = "Oslo" },
        Sample("d.png"),
    ];

    [Fact]
    public void What_is_written_is_read()
    {
        using var folder = new TemporaryFolder();
        var layout = new StudyLayout(folder.Path);
        var columns = ImageColumns.Of(Dataset(Samples))!;

        layout.WriteColumns(columns);
        var read = ColumnsCsv.Read(folder["columns.csv"]);

        Assert.Equal(["Sex", "age", "collection", "note"], columns.Names);
        Assert.Equal(columns.Names, read.Names);
        Assert.Equal(Samples.Select(sample => sample.Path), read.Images.Keys);
        Assert.All(Samples, sample => Assert.All(read.Names, name => Assert.Equal(
            name == "collection" ? sample.Collection : sample.Columns.GetValueOrDefault(name), read.ValueOf(sample.Path, name))));
        Assert.Equal(("F", "M", null), (read.ValueOf("b, c.png", "sex"), read.ValueOf("a.png", "sex"), read.ValueOf("e.png", "sex")));
    }

    [Fact]
    public void A_data_set_that_says_nothing_leaves_no_file_not_even_an_older_one()
    {
        using var folder = new TemporaryFolder();
        var layout = new StudyLayout(folder.Path);
        layout.WriteColumns(ImageColumns.Of(Dataset(Samples)));

        layout.WriteColumns(ImageColumns.Of(Dataset(Samples[2])));

        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("", "does not begin with path")]
    [InlineData("path\n", "does not begin with path")]
    [InlineData("image,age\n", "does not begin with path")]
    [InlineData("path,age,\n", "does not begin with path")]
    [InlineData("path,age,Age\n", "does not begin with path")]
    [InlineData("path,age\na.png\n", "line 2: 1 fields where 2 belong")]
    [InlineData("path,age\na.png,3\na.png,4\n", "line 3: the image 'a.png'")]
    [InlineData("path,age\n,4\n", "line 2: the image ''")]
    [InlineData("path,age\n\"a.png,4\n", "line 2: a quote")]
    public void A_damaged_file_is_named(string content, string words)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["columns.csv"], content);
        var message = Assert.Throws<InvalidDataException>(() => ColumnsCsv.Read(folder["columns.csv"])).Message;
        Assert.StartsWith(folder["columns.csv"], message, StringComparison.Ordinal);
        Assert.Contains(words, message, StringComparison.Ordinal);
    }

    private static CtSample Sample(string path, params (string Name, string? Value)[] columns) =>
        new(path, 0, null, null) { Columns = CtSample.ColumnsOf(columns) };

    private static CtDataset Dataset(params CtSample[] samples) => new("made", "/", ["a", "b"], 1, samples, []);
}
