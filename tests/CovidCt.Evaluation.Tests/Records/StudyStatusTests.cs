using System.Text;
using CovidCt.Records;
using CovidCt.Tests;

namespace CovidCt.Evaluation.Tests.Records;

public sealed class StudyStatusTests : IDisposable
{
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(10);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_run_has_the_state_that_its_files_and_its_last_lease_say()
    {
        var here = LeaseRecord.Here(Length, "Slurm 17_3");
        Hold(1, here with { Ended = LeaseRecord.Outcome.Stopped });
        Hold(1, here, number: 2);
        Hold(2, here with { Process = int.MaxValue });
        Hold(3, here with { Origin = null });
        File.SetLastWriteTimeUtc(LeaseRecord.FileOf(Leases(3), 1), DateTime.UtcNow - Length - TimeSpan.FromMinutes(1));
        Hold(4, here with { Ended = LeaseRecord.Outcome.Failed, Message = "The loss is no number." });
        Hold(5, here with { Ended = LeaseRecord.Outcome.Lost });
        Hold(6, here with { Ended = LeaseRecord.Outcome.Finished });
        Array.ForEach(["network.safetensors", "history.csv", "predictions.csv"], file => _folder.Write($"runs/resnet18/fold-6/{file}", "x"));
        var layout = new StudyLayout(_folder.Path);
        layout.WritePlan(new([.. Enumerable.Range(0, 7).Select(fold => new PlannedRun("", "resnet18", fold, 51))]));
        var before = Entries();

        var status = StudyStatus.Read(_folder.Path);

        Assert.Equal(
            [StudyStatus.State.Waiting, StudyStatus.State.UnderWay, StudyStatus.State.Stale, StudyStatus.State.Stale, StudyStatus.State.Failed, StudyStatus.State.Stopped, StudyStatus.State.Finished],
            status.Runs.Select(run => run.State));
        Assert.Equal(6, status.Open.Count());
        Assert.False(status.IsTrained);
        Assert.Equal("The loss is no number.", status.Runs[4].Lease!.Message);
        Assert.Equal((2, $"process {Environment.ProcessId} on {Environment.MachineName} (Slurm 17_3)"), (status.Runs[1].Lease!.Number, status.Runs[1].Lease!.Holder));
        Assert.Equal(before, Entries());
        var error = Assert.Throws<RunFolderException>(() => StudyStatus.RequireTrained(_folder.Path, TestContext.Current.CancellationToken));
        Assert.Equal(FolderProblem.Unfinished, error.Problem);
        Assert.Contains("resnet18/fold-0, resnet18/fold-1 (under way), resnet18/fold-2", error.Message, StringComparison.Ordinal);
        Assert.Contains("resnet18/fold-4 (failed)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Machines_of_several_kinds_are_told_apart_by_what_bits_may_depend_on()
    {
        var layout = new StudyLayout(_folder.Path);
        layout.WritePlan(new([.. Enumerable.Range(0, 3).Select(fold => new PlannedRun("", "resnet18", fold, null))]));
        foreach (var (fold, set) in ((int, string)[])[(0, "avx2"), (1, "avx512"), (2, "avx2")])
        {
            var machine = new MachineFacts { Threads = 1, Build = "CovidCt 1", InstructionSet = set, Device = "cpu", Cores = fold };
            new StudyConfiguration(new() { Networks = ["resnet18"] }, machine) { Network = "resnet18", Fold = fold }.Write(layout.Run("resnet18", fold).Configuration);
        }

        Assert.Equal(["avx2", "avx512"], StudyStatus.Read(_folder.Path).Machines.Select(machine => machine.InstructionSet));
    }

    private string Leases(int fold) => new StudyLayout(_folder.Path).Run("resnet18", fold).Leases;

    private void Hold(int fold, LeaseRecord lease, int number = 1) =>
        _folder.Write(Path.GetRelativePath(_folder.Path, LeaseRecord.FileOf(Leases(fold), number)), Encoding.UTF8.GetString(lease.ToBytes()));

    private List<(string, DateTime)> Entries() =>
        [.. Directory.EnumerateFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(entry => (entry, File.GetLastWriteTimeUtc(entry)))];
}
