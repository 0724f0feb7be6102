using CovidCt.Data;
using CovidCt.Records;
using CovidCt.Studies;
using CovidCt.Studies.Leases;
using CovidCt.Tests;

namespace CovidCt.Core.Tests.Studies;

public sealed class StudyFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Out => Path.Combine(_folder.Path, "a", "b");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_that_is_not_there_is_made_and_removed_again_when_nothing_was_written()
    {
        using (var study = StudyFolder.Open(Out, resume: false))
        {
            Assert.True(Directory.Exists(Out));
            Assert.Equal(Path.GetFullPath(Out), study.FullPath);
        }

        Assert.False(Directory.Exists(Out));
    }

    [Fact]
    public void What_was_written_stays_and_the_lock_goes()
    {
        using (StudyFolder.Open(Out, resume: false))
        {
            File.WriteAllText(Path.Combine(Out, "a.txt"), "a");
        }

        Assert.Equal(["a.txt"], Directory.GetFileSystemEntries(Out).Select(Path.GetFileName));
    }

    [Fact]
    public void Who_takes_a_folder_over_removes_what_killed_processes_were_writing_and_who_joins_it_does_not()
    {
        string[] left = [.. ((string[])["runs/resnet18/fold-0/maps/0001.png", "controls/random-labels/study.json", "figures/roc.png", "seeds/1/runs/resnet18/fold-1/network.safetensors", ".covidct.sha256.lock"])
            .Select(file => Path.Combine(Out, $"{file}.0123456789abcdef0123456789abcdef.tmp"))];
        foreach (var file in left)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, "half");
        }

        File.WriteAllText(Path.Combine(Out, StudyLayout.ConfigurationName), "{}");
        StudyFolder.Join(Out).Dispose();
        Assert.All(left, file => Assert.True(File.Exists(file)));

        using (Lease.TryTake(new StudyLayout(Out).Run("resnet18", 0).Leases, Lease.DefaultLength, job: null, out _)) // It is being trained.
        {
            StudyFolder.Open(Out, resume: true).Dispose();
            Assert.Equal([true, false, false, false, false], left.Select(File.Exists));
        }

        StudyFolder.Open(Out, resume: true).Dispose();
        Assert.False(File.Exists(left[0]));
    }

    [Fact]
    public void A_folder_that_is_not_empty_is_taken_on_resume_alone()
    {
        _folder.Write("a/b/a.txt", "a");

        var error = Assert.Throws<RunFolderException>(() => StudyFolder.Open(Out, resume: false));
        Assert.Contains(Out, error.Message, StringComparison.Ordinal);
        Assert.Equal(FolderProblem.NotEmpty, error.Problem);
        Assert.Equal(["a.txt"], Directory.GetFileSystemEntries(Out).Select(Path.GetFileName));

        StudyFolder.Open(Out, resume: true).Dispose();
        Assert.Equal(["a.txt"], Directory.GetFileSystemEntries(Out).Select(Path.GetFileName));
    }

    [Fact]
    public void An_empty_folder_and_nothing_at_all_are_fine_on_resume()
    {
        StudyFolder.Open(Out, resume: true).Dispose();
        Directory.CreateDirectory(Out);
        StudyFolder.Open(Out, resume: false).Dispose();
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a/b")]
    public void A_file_in_the_place_of_the_folder_or_of_one_above_is_told(string file)
    {
        _folder.Write(file, "a file");

        var error = Assert.Throws<RunFolderException>(() => StudyFolder.Open(Out, resume: true));

        Assert.Contains($"{Out} can't be written", error.Message, StringComparison.Ordinal);
        Assert.Equal(FolderProblem.NotWritable, error.Problem);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void One_at_a_time_holds_the_folder(bool resume)
    {
        using (StudyFolder.Open(Out, resume: false))
        {
            var error = Assert.Throws<RunFolderException>(() => StudyFolder.Open(Out, resume));
            Assert.Contains($"Another process works in the output folder {Out}", error.Message, StringComparison.Ordinal);

            // Whoever was turned away doesn't open the door to a third.
            Assert.Throws<RunFolderException>(() => StudyFolder.Open(Out, resume));
        }

        StudyFolder.Open(Out, resume).Dispose();
    }

    [Fact]
    public void One_that_was_let_go_is_refused()
    {
        var folder = StudyFolder.Open(Out, resume: false);
        folder.Dispose();
        folder.Dispose();
        var (dataset, options) = (new CtDataset("none", "none", ["a", "b"], 1, [], []), PhantomStudy.Options());

        Assert.Throws<ObjectDisposedException>(() => new Study().Run(dataset, options, folder, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Throws<ObjectDisposedException>(() => new Study().MakeControls(dataset, options, folder, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Throws<ObjectDisposedException>(() => PhantomStudy.WriteData(folder, cancellationToken: TestContext.Current.CancellationToken));
        Assert.False(Directory.Exists(Out));
    }

    [Fact]
    public void The_lease_of_a_killed_process_is_no_hindrance()
    {
        var killed = LeaseRecord.Here(Lease.DefaultLength, job: null) with { Process = int.MaxValue };
        _folder.Write("a/b/leases/1.json", System.Text.Encoding.UTF8.GetString(killed.ToBytes()));
        StudyFolder.Open(Out, resume: false).Dispose();
        Assert.False(Directory.Exists(Out));
    }

    [Fact]
    public void A_folder_that_was_removed_meanwhile_is_no_hindrance_either()
    {
        using (StudyFolder.Open(Out, resume: false))
        {
            Directory.Delete(Out, recursive: true);
        }

        Assert.False(Directory.Exists(Out));
    }
}
