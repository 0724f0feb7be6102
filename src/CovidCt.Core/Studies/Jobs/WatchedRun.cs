using CovidCt.Records;
using CovidCt.Training;

namespace CovidCt.Studies.Jobs;

/// <summary>A run that another process trains: its lease, and in the end its history, tell how far it is.</summary>
/// <param name="layout">Where the run lies.</param>
/// <param name="run">The run.</param>
/// <param name="folds">The number of folds.</param>
/// <param name="report">Told each epoch once, in their order.</param>
internal sealed class WatchedRun(RunLayout layout, StudyRun run, int folds, Action<Study.FoldProgress> report)
{
    private readonly string? _before = LeaseRecord.Last(layout.Leases)?.Id; // Of a process that was there earlier.
    private int? _next;

    /// <summary>Looks how far it is.</summary>
    public void Look()
    {
        try
        {
            if (LeaseRecord.Last(layout.Leases) is { Trained: { } epoch, Epochs: { } epochs } lease && lease.Id != _before
                && epoch.Epoch == (_next ?? epoch.Epoch))
            {
                Tell(epoch, epochs);
            }
        }
        catch (IOException)
        {
            // It is looked at again.
        }
    }

    /// <summary>Tells of the epochs that went by unseen.</summary>
    public void Finish()
    {
        var history = layout.ReadHistory();
        foreach (var epoch in history.Skip(_next ?? 0))
        {
            Tell(epoch, history.Count);
        }
    }

    private void Tell(EpochRecord epoch, int epochs)
    {
        _next = epoch.Epoch + 1;
        report(run.At(new TrainingProgress(epoch.Epoch, epochs, Step: 1, Steps: 1, epoch), folds));
    }
}
