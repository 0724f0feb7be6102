using CovidCt.Records;
using Microsoft.Win32.SafeHandles;

namespace CovidCt.Studies.Leases;

/// <summary>
/// The right to train a run, or to write into a study's folder, that one process at a time has, on whatever machine: without a lock of the
/// file system, which file servers may not know of.
/// </summary>
/// <remarks>
/// <para>
/// The lease of number n is a file that one process alone can make. It is renewed by writing it. Where it is over (see
/// <see cref="LeaseRecord"/>), whoever makes n + 1 has the next one, and the file of n stays as the log. A rename in its place would take
/// away the lease that another has just taken over, if the age was judged before.
/// </para>
/// <para>
/// A holder that was stopped for longer than the lease learns that it has lost it before it writes again: it looks for n + 1 before and
/// after it renews, and who makes n + 1 looks whether n was renewed meanwhile, so that one of both gives way.
/// </para>
/// </remarks>
internal sealed class Lease : IDisposable
{
    /// <summary>How long a lease lasts without being renewed, if nothing else is said.</summary>
    public static readonly TimeSpan DefaultLength = TimeSpan.FromMinutes(10);

    private readonly string _folder;
    private readonly int _number;
    private readonly SafeFileHandle _file;
    private readonly Timer _timer;
    private readonly Lock _turn = new();
    private readonly CancellationTokenSource _lost = new();
    private LeaseRecord _record;

    private Lease(string folder, int number, SafeFileHandle file, LeaseRecord record)
    {
        (_folder, _number, _file, _record) = (folder, number, file, record);
        var period = TimeSpan.FromSeconds(Math.Max(record.Seconds / 8.0, 0.25));
        _timer = new(_ => RenewInTime(), null, period, period);
    }

    /// <summary>Cancelled when another has taken over what this lease was of.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Takes what nobody has.</summary>
    /// <param name="folder">The folder of leases, which is made where it is missing.</param>
    /// <param name="length">How long the lease is to last without being renewed.</param>
    /// <param name="job">The number that a cluster's engine gave the process; null where there is none.</param>
    /// <param name="holder">Who has it, if another does.</param>
    /// <returns>The lease; null where another has it.</returns>
    /// <exception cref="IOException">The folder can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder can't be written.</exception>
    public static Lease? TryTake(string folder, TimeSpan length, string? job, out LeaseRecord? holder)
    {
        Directory.CreateDirectory(folder);
        holder = LeaseRecord.Last(folder);
        if (holder is not null && !IsOver(folder, holder, length))
        {
            return null;
        }

        var number = (holder?.Number ?? 0) + 1;
        if (Make(folder, number) is not { } file)
        {
            holder = LeaseRecord.Read(folder, number) ?? holder;
            return null;
        }

        try
        {
            var record = LeaseRecord.Here(length, job);
            Write(file, record);
            if (holder is null || LeaseRecord.Read(folder, holder.Number) is not { } now || now.Written == holder.Written)
            {
                return new(folder, number, file, record);
            }
        }
        catch
        {
            file.Dispose();
            File.Delete(LeaseRecord.FileOf(folder, number));
            throw;
        }

        file.Dispose(); // It was renewed in the meantime.
        File.Delete(LeaseRecord.FileOf(folder, number));
        return null;
    }

    /// <summary>Whether a lease holds no more.</summary>
    /// <param name="folder">The folder of leases, into which a file is written for a moment: its clock is the one that counts.</param>
    /// <param name="lease">The lease.</param>
    /// <param name="length">How long it lasts where its file doesn't say it.</param>
    public static bool IsOver(string folder, LeaseRecord lease, TimeSpan length)
    {
        if (lease.Ended is not null || lease.IsGone)
        {
            return true;
        }

        var lasts = lease.Seconds > 0 ? TimeSpan.FromSeconds(lease.Seconds) : length;
        return NowBy(folder) - lease.Written > lasts;
    }

    /// <summary>Renews the lease, with how far the run is.</summary>
    /// <param name="epochs">The run's epochs.</param>
    /// <param name="done">The one that was done last.</param>
    /// <exception cref="OperationCanceledException">Another has taken over.</exception>
    /// <exception cref="IOException">It can't be written.</exception>
    public void Renew(int epochs, EpochRecord done)
    {
        lock (_turn)
        {
            var told = double.IsFinite(done.Loss) ? done : _record.Trained; // Of what fails there is nothing to tell.
            _record = _record with { Epoch = done.Epoch + 1, Epochs = epochs, Trained = told };
            Renew();
        }

        _lost.Token.ThrowIfCancellationRequested();
    }

    /// <summary>Makes sure that the lease holds still.</summary>
    /// <exception cref="OperationCanceledException">Another has taken over.</exception>
    public void ThrowIfLost()
    {
        lock (_turn)
        {
            Renew();
        }

        _lost.Token.ThrowIfCancellationRequested();
    }

    /// <summary>Says how it ended, and lets others have what it was of.</summary>
    /// <param name="end">How.</param>
    /// <param name="message">What went wrong.</param>
    public void End(LeaseRecord.Outcome end, string? message = null)
    {
        lock (_turn)
        {
            if (_record.Ended is not null)
            {
                return;
            }

            IsHeld();
            _record = _record with
            {
                Ended = _lost.IsCancellationRequested ? LeaseRecord.Outcome.Lost : end,
                Message = message,
                Renewed = _lost.IsCancellationRequested ? _record.Renewed : DateTimeOffset.UtcNow,
            };
            Write(_file, _record);
        }
    }

    /// <summary>Ends the lease, as one that was stopped if nothing else was said.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        try
        {
            End(LeaseRecord.Outcome.Stopped);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ends by itself, in its time.
        }

        lock (_turn)
        {
            _file.Dispose(); // Not while the timer writes.
        }

        _lost.Dispose();
    }

    /// <summary>Removes this lease, which has ended, and those before it; and the folder, if nobody has another one.</summary>
    /// <exception cref="IOException">Something can't be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">Something can't be removed.</exception>
    public void Forget()
    {
        foreach (var number in LeaseRecord.NumbersIn(_folder).Where(number => number < _number || (number == _number && !IsTakenOver())))
        {
            File.Delete(LeaseRecord.FileOf(_folder, number));
        }

        if (Directory.Exists(_folder) && !Directory.EnumerateFileSystemEntries(_folder).Any())
        {
            Directory.Delete(_folder);
        }

        bool IsTakenOver() => LeaseRecord.Read(_folder, _number)?.Id != _record.Id;
    }

    private static SafeFileHandle? Make(string folder, int number)
    {
        try
        {
            return File.OpenHandle(
                LeaseRecord.FileOf(folder, number), FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (IOException) when (File.Exists(LeaseRecord.FileOf(folder, number)))
        {
            return null;
        }
    }

    private static void Write(SafeFileHandle file, LeaseRecord record)
    {
        RandomAccess.Write(file, record.ToBytes(), 0);
        RandomAccess.FlushToDisk(file); // A file server learns of it only then.
    }

    /// <summary>The file server's clock, by a file that was just written.</summary>
    private static DateTime NowBy(string folder)
    {
        var probe = Path.Combine(folder, $"clock.{Guid.NewGuid():N}{AtomicFile.Ending}");
        using var file = File.OpenHandle(
            probe, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, FileOptions.DeleteOnClose);
        RandomAccess.Write(file, [0], 0);
        RandomAccess.FlushToDisk(file);
        return File.GetLastWriteTimeUtc(file);
    }

    private void RenewInTime()
    {
        try
        {
            lock (_turn)
            {
                if (_record.Ended is null && !_file.IsClosed)
                {
                    Renew();
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is tried again; if it takes too long, another takes over, which the next try sees.
        }
    }

    private void Renew()
    {
        if (!IsHeld())
        {
            return;
        }

        _record = _record with { Renewed = DateTimeOffset.UtcNow };
        Write(_file, _record);
        IsHeld();
    }

    private bool IsHeld()
    {
        if (_lost.IsCancellationRequested)
        {
            return false;
        }

        var isHeld = !File.Exists(LeaseRecord.FileOf(_folder, _number + 1))
            && LeaseRecord.Read(_folder, _number) is { } now && (now.Id == _record.Id || now.Id.Length == 0);
        if (!isHeld)
        {
            _lost.Cancel();
        }

        return isHeld;
    }
}
