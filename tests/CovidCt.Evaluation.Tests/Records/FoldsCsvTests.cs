using CovidCt.Records;
using CovidCt.Tests;

namespace CovidCt.Evaluation.Tests.Records;

public sealed class FoldsCsvTests
{
    private static readonly FoldRow[] Rows =
    [
        new("a.png", "COVID", "p1", "Oslo", 0),
        new("b, c.png", "COVID", "p1", "Oslo", 1),
        new("d.png", "other", "p2", null, 1),
        new("e.png", "other", "p3", "Ulm", null),
    ];

    [Fact]
    public void What_is_written_is_read()
    {
        using var folder = new TemporaryFolder();
        FoldsCsv.Write(folder["folds.csv"], Rows);
        Assert.Equal(Rows, FoldsCsv.Read(folder["folds.csv"]));
    }

    [Theory]
    [InlineData("path,label\n", "does not begin with the columns")]
    [InlineData("path,label,patient,source,fold\na,b,c,d,-1\n", "line 2: the fold '-1'")]
    public void A_damaged_file_is_named(string content, string word)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["folds.csv"], content);
        var message = Assert.Throws<InvalidDataException>(() => FoldsCsv.Read(folder["folds.csv"])).Message;
        Assert.Contains(folder["folds.csv"], message, StringComparison.Ordinal);
        Assert.Contains(word, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fold_shares_the_patients_that_it_trains_on_too()
    {
        Assert.Equal((1, 1), (FoldRow.SharedPatients(Rows, 0)!.Value, FoldRow.SharedPatients(Rows, 1)!.Value));
        Assert.Null(FoldRow.SharedPatients([.. Rows, new("f.png", "other", null, null, 0)], 0));
    }
}
