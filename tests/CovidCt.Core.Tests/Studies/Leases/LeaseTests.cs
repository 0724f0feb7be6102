using System.Text;
using CovidCt.Records;
using CovidCt.Studies.Leases;
using CovidCt.Tests;
using CsCheck;

namespace CovidCt.Core.Tests.Studies.Leases;

public sealed class LeaseTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    private readonly TemporaryFolder _folder = new();

    private string Leases => _folder["leases"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void One_has_it_until_it_is_ended_and_the_next_one_gets_the_next_number()
    {
        using (var first = Take())
        {
            Assert.NotNull(first);
            Assert.Null(Lease.TryTake(Leases, Long, "Slurm 1_2", out var holder));
            Assert.Equal((1, Environment.ProcessId, Environment.MachineName), (holder!.Number, holder.Process, holder.Host));
            Assert.Null(holder.Ended);
        }

        Assert.Equal(LeaseRecord.Outcome.Stopped, LeaseRecord.Last(Leases)!.Ended);
        using var second = Take("Slurm 1_2");
        Assert.NotNull(second);
        second.End(LeaseRecord.Outcome.Finished);
        second.End(LeaseRecord.Outcome.Failed);
        Assert.Equal([(1, LeaseRecord.Outcome.Stopped), (2, LeaseRecord.Outcome.Finished)], LeaseRecord.In(Leases).Select(lease => (lease.Number, lease.Ended!.Value)));
        Assert.Contains("Slurm 1_2", LeaseRecord.Last(Leases)!.Holder, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Leases, "*.tmp"));
    }

    [Fact]
    public void Of_many_who_ask_at_once_one_gets_it() => Gen.Int[2, 8].Sample(
        count =>
        {
            var folder = _folder[Guid.NewGuid().ToString("N")];
            var taken = new Lease?[count];
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = count }, i => taken[i] = Lease.TryTake(folder, Long, null, out _));
            Assert.Single(taken, lease => lease is not null);
            Array.ForEach(taken, lease => lease?.Dispose());
        },
        iter: 20);

    [Fact]
    public void Of_a_killed_process_it_is_over_at_once_and_of_one_elsewhere_when_it_was_not_renewed_for_as_long_as_it_says()
    {
        var here = LeaseRecord.Here(Long, job: null);
        Assert.False(IsOver(here));
        Assert.True(IsOver(here with { Process = int.MaxValue }));
        Assert.True(IsOver(here with { Ended = LeaseRecord.Outcome.Stopped }));

        var elsewhere = here with { Process = int.MaxValue, Origin = "another machine 1" };
        Assert.False(IsOver(elsewhere));
        Assert.True(IsOver(elsewhere, age: Long + TimeSpan.FromMinutes(1)));
        Assert.False(IsOver(elsewhere with { Seconds = 1200 }, age: Long + TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void A_file_that_its_maker_left_empty_is_taken_over_when_it_is_old_and_not_before()
    {
        _folder.Write("leases/1.json", "");
        Assert.Null(Take());

        File.SetLastWriteTimeUtc(LeaseRecord.FileOf(Leases, 1), DateTime.UtcNow - Long - Long);
        using var lease = Take();
        Assert.NotNull(lease);
        Assert.Equal(2, LeaseRecord.Last(Leases)!.Number);
    }

    [Fact]
    public void Who_was_stopped_for_longer_than_the_lease_learns_that_another_took_over_before_anything_is_written()
    {
        using var stopped = Take()!;
        stopped.Renew(5, Epoch(0));
        Grow(1, TimeSpan.FromHours(1));
        using var thief = Take();
        Assert.NotNull(thief);
        var before = File.ReadAllBytes(LeaseRecord.FileOf(Leases, 1));

        Assert.Throws<OperationCanceledException>(() => stopped.Renew(5, Epoch(1)));
        Assert.True(stopped.Lost.IsCancellationRequested);
        Assert.Throws<OperationCanceledException>(stopped.ThrowIfLost);
        Assert.Equal(before, File.ReadAllBytes(LeaseRecord.FileOf(Leases, 1)));
        thief.ThrowIfLost();
        stopped.End(LeaseRecord.Outcome.Finished);
        Assert.Equal(LeaseRecord.Outcome.Lost, LeaseRecord.Read(Leases, 1)!.Ended);
    }

    [Fact]
    public void A_lease_is_renewed_by_itself()
    {
        using var lease = Lease.TryTake(Leases, TimeSpan.FromSeconds(1), null, out _)!;
        var first = LeaseRecord.Last(Leases)!.Renewed;
        Assert.True(SpinWait.SpinUntil(() => LeaseRecord.Last(Leases)!.Renewed > first, TimeSpan.FromSeconds(20)));
        lease.ThrowIfLost();
    }

    [Fact]
    public void What_it_says_of_the_run_is_read_back_and_a_long_message_is_cut()
    {
        using var lease = Take()!;
        lease.Renew(7, Epoch(2));
        var read = LeaseRecord.Last(Leases)!;
        Assert.Equal((3, 7, Epoch(2)), (read.Epoch, read.Epochs, read.Trained));

        lease.End(LeaseRecord.Outcome.Failed, new string('ü', 5000));
        Assert.Equal(LeaseRecord.Outcome.Failed, LeaseRecord.Last(Leases)!.Ended);
        Assert.StartsWith("üü", LeaseRecord.Last(Leases)!.Message ?? "üü", StringComparison.Ordinal);
        Assert.Equal(LeaseRecord.Here(Long, null).ToBytes().Length, new FileInfo(LeaseRecord.FileOf(Leases, 1)).Length);
    }

    [Fact]
    public void To_ask_who_has_it_changes_nothing()
    {
        using var lease = Take();
        var before = Directory.GetLastWriteTimeUtc(Leases);
        _ = LeaseRecord.Last(Leases);
        _ = LeaseRecord.In(Leases);
        Assert.Null(LeaseRecord.Last(_folder["none"]));
        Assert.Equal(before, Directory.GetLastWriteTimeUtc(Leases));
        Assert.False(Directory.Exists(_folder["none"]));
    }

    private static EpochRecord Epoch(int number) => new(number, 1e-3, 0.5, 0.75, 1.25);

    private Lease? Take(string? job = null) => Lease.TryTake(Leases, Long, job, out _);

    private bool IsOver(LeaseRecord lease, TimeSpan age = default)
    {
        Directory.CreateDirectory(Leases);
        Write(1, lease);
        Grow(1, age);
        return Lease.IsOver(Leases, LeaseRecord.Read(Leases, 1)!, Long);
    }

    private void Write(int number, LeaseRecord lease) => File.WriteAllText(LeaseRecord.FileOf(Leases, number), Encoding.UTF8.GetString(lease.ToBytes()));

    private void Grow(int number, TimeSpan age) => File.SetLastWriteTimeUtc(LeaseRecord.FileOf(Leases, number), DateTime.UtcNow - age);
}
