using System.Security.Cryptography;
using CovidCt.Records;
using CovidCt.Tests;

namespace CovidCt.Evaluation.Tests.Records;

public sealed class FileSumsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private StudyLayout Study => new(_folder.Path);

    private string File1 => Study[StudyLayout.AuditName];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_list_is_what_sha256sum_reads_and_ends_in_its_own_sum()
    {
        Study.BeginSums();
        Write(File1, "first");
        Write(Path.Combine(Study[StudyLayout.FiguresName], "a.png"), "second");

        string[] lines = File.ReadAllLines(Study.Sums.Path);

        Assert.Equal(
            [
                $"{Sum("first")}  audit.json",
                $"{Sum("second")}  figures/a.png",
                $"# {Sum($"{Sum("first")}  audit.json\n{Sum("second")}  figures/a.png\n")}",
            ],
            lines);
    }

    [Theory]
    [InlineData("firsu")]
    [InlineData("firs")]
    [InlineData("first ")]
    [InlineData("")]
    public void A_file_that_was_changed_is_told_by_name_and_refused(string content)
    {
        Study.BeginSums();
        Write(File1, "first");
        Study.Sums.Check(File1);

        File.WriteAllText(File1, content);

        Assert.True(Study.Sums.Has(File1));
        Assert.StartsWith($"{File1} was changed or damaged", Study.Sums.Fault(File1), StringComparison.Ordinal);
        var refusal = Assert.Throws<RunFolderException>(() => Study.Sums.Check(File1));
        Assert.Equal(FolderProblem.Unusable, refusal.Problem);
        Assert.Contains("Delete it and go on with the study", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_there_and_not_listed_counts_as_not_there_and_one_that_is_gone_is_missed()
    {
        Study.BeginSums();
        Write(File1, "first");
        string other = Study[StudyLayout.ControlsName];
        File.WriteAllText(other, "left by a process that was killed");

        Assert.False(Study.Sums.Has(other));
        Assert.Contains("is not listed", Study.Sums.Fault(other), StringComparison.Ordinal);
        Assert.Null(Study.Sums.Fault(Study[StudyLayout.ResultsName]));

        File.Delete(File1);
        Assert.False(Study.Sums.Has(File1));
        Assert.Contains("isn't there, though covidct.sha256 lists it", Study.Sums.Fault(File1), StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_that_is_killed_while_it_writes_leaves_a_file_that_does_not_count()
    {
        Study.BeginSums();
        Write(File1, "first");

        Assert.Throws<InvalidOperationException>(() => Study.Sums.Write(
            () =>
            {
                File.WriteAllText(File1, "second");
                throw new InvalidOperationException("killed");
            },
            File1));

        Assert.False(Study.Sums.Has(File1));
        Write(File1, "second");
        Study.Sums.Check(File1);
    }

    [Fact]
    public void Any_changed_byte_of_the_list_is_noticed()
    {
        Study.BeginSums();
        Write(File1, "first");
        byte[] list = File.ReadAllBytes(Study.Sums.Path);
        for (int place = 0; place < list.Length; place++)
        {
            byte[] damaged = [.. list];
            damaged[place] ^= (byte)(1 << (place % 8));
            File.WriteAllBytes(Study.Sums.Path, damaged);
            Assert.Contains(Study.Sums.Path, Assert.Throws<RunFolderException>(() => Study.Sums.Check(File1)).Message, StringComparison.Ordinal);
        }

        File.WriteAllText(Study.Sums.Path, "");
        Assert.Throws<RunFolderException>(() => Study.Sums.Has(File1));
    }

    [Fact]
    public void In_a_folder_without_a_list_anything_counts_and_nothing_is_listed_until_it_is_begun()
    {
        Write(File1, "first");

        Assert.False(Study.Sums.IsThere);
        Assert.True(Study.Sums.Has(File1));
        Study.Sums.Check(File1);

        Assert.Equal(Study.Sums.Path, Study.BeginSums()?.Path);
        Assert.Equal([File1], Study.Sums.Listed);
        Assert.Null(Study.BeginSums());
    }

    [Fact]
    public void A_list_begun_in_a_new_folder_is_of_nothing_and_no_older_folder()
    {
        Assert.Null(Study.BeginSums());
        Assert.Empty(Study.Sums.Listed);
    }

    [Fact]
    public void Commands_that_list_files_at_once_lose_none()
    {
        Study.BeginSums();
        string[] files = [.. Enumerable.Range(0, 24).Select(number => Study[$"confusion-{number}.png"])];

        Parallel.ForEach(files, new ParallelOptions { MaxDegreeOfParallelism = 4 }, file => Write(file, file));

        Assert.Equal(files.Order(StringComparer.Ordinal), Study.Sums.Listed);
        Assert.All(files, Study.Sums.Check);
        Assert.Equal(files.Length + 1, Directory.GetFiles(Study.Root).Length);
    }

    private static string Sum(string text) => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));

    private void Write(string file, string content) => Study.Sums.Write(
        () =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, content);
        },
        file);
}
