using CovidCt.Progress;
using CovidCt.Records;
using CovidCt.Studies.Leases;
using CovidCt.Training;

namespace CovidCt.Studies;

/// <summary>Trains runs of a study in this process, each under a lease, and passes over those that other processes have.</summary>
/// <param name="parts">The study.</param>
/// <param name="lease">How long a lease lasts without being renewed.</param>
/// <param name="progress">Told what happens.</param>
internal sealed class RunQueue(StudyParts parts, TimeSpan lease, IProgress<StudyProgress>? progress)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly HashSet<string> _told = [];
    private string _part = "";

    /// <summary>Whether runs that others have are waited for, until they are finished or can be taken over. Default true.</summary>
    public bool Waits { get; init; } = true;

    /// <summary>Whether a run that fails ends it; else the others are trained first. Default true.</summary>
    public bool StopsAtFailure { get; init; } = true;

    /// <summary>Trains runs.</summary>
    /// <param name="runs">Which.</param>
    /// <param name="cancellationToken">Stops after the present step; what is done is kept.</param>
    /// <returns>Those that this process trained.</returns>
    /// <exception cref="TrainingFailedException">One failed, or several, of which it is the first.</exception>
    public IReadOnlyList<PlannedRun> Train(IEnumerable<PlannedRun> runs, CancellationToken cancellationToken)
    {
        List<PlannedRun> waiting = [.. runs], trained = [];
        TrainingFailedException? failure = null;
        while (waiting.Count > 0)
        {
            var before = waiting.Count;
            foreach (var run in waiting.ToList())
            {
                cancellationToken.ThrowIfCancellationRequested();
                try
                {
                    if (Take(run, trained, cancellationToken))
                    {
                        waiting.Remove(run);
                    }
                }
                catch (TrainingFailedException e) when (!StopsAtFailure)
                {
                    failure ??= e;
                    waiting.Remove(run);
                }
            }

            if (waiting.Count == before)
            {
                if (!Waits)
                {
                    break;
                }

                cancellationToken.WaitHandle.WaitOne(TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, lease.Ticks / 4)));
            }
        }

        return failure is null ? trained : throw failure;
    }

    /// <summary>Trains a run unless it is finished; false where another process has it.</summary>
    private bool Take(PlannedRun run, List<PlannedRun> trained, CancellationToken cancellationToken)
    {
        var layout = run.In(parts.Folder.Layout);
        if (!layout.IsFinished && !CanBeTaken(run, layout))
        {
            return false;
        }

        var study = Open(run, cancellationToken);
        var name = new StudyRun(run.Network, run.Fold);
        if (study.IsFinished(name))
        {
            progress?.Report(study.Finished(name, wasFinished: true));
            return true;
        }

        using var held = Lease.TryTake(layout.Leases, lease, EngineJob.Name, out var holder);
        if (held is null)
        {
            Tell(run, holder);
            return false;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, held.Lost);
        try
        {
            study.Train(name, held, progress, stop.Token);
            held.End(LeaseRecord.Outcome.Finished);
            trained.Add(run);
            return true;
        }
        catch (Exception e) when (held.Lost.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            progress?.Report(new Study.Warning(
                $"{run} was taken over by another process, since this one gave no sign of life for its lease of {lease.TotalSeconds:0} s. "
                + $"{(e is OperationCanceledException ? "" : e.Message)}".TrimEnd()));
            return false;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            held.End(LeaseRecord.Outcome.Failed, e.Message);
            throw;
        }
    }

    // Where another has it, no images are opened for it.
    private bool CanBeTaken(PlannedRun run, RunLayout layout)
    {
        if (LeaseRecord.Last(layout.Leases) is not { } last || Lease.IsOver(layout.Leases, last, lease))
        {
            return true;
        }

        Tell(run, last);
        return false;
    }

    private PreparedStudy Open(PlannedRun run, CancellationToken cancellationToken)
    {
        if (run.Part != _part && parts.All.First(part => part.Path == run.Part).Begun is { } begun)
        {
            progress?.Report(begun);
        }

        _part = run.Part;
        return parts.Open(run.Part, cancellationToken);
    }

    private void Tell(PlannedRun run, LeaseRecord? holder)
    {
        if (_told.Add($"{run} {holder?.Id}"))
        {
            progress?.Report(new Study.RunHeld(run.Name, holder?.Holder ?? "another process", holder?.Since, Waits));
        }
    }
}
