using System.Collections.Concurrent;
using System.Diagnostics;
using CovidCt.Data;
using CovidCt.Progress;
using CovidCt.Records;

namespace CovidCt.Studies.Jobs;

/// <summary>Trains the runs of a study in several processes at once, which know no more of it than its folder says.</summary>
/// <remarks>
/// In processes, since dropout draws from libtorch's one generator, and the number of threads and the choice of cuDNN's
/// algorithms are libtorch's own too: a run in a process of its own has the bits that it has alone.
/// </remarks>
internal sealed class SeveralAtOnce(int processes, Func<string, string, int, ProcessStartInfo> worker) : RunTrainer
{
    internal override void Train(StudyParts parts, IProgress<StudyProgress>? progress, CancellationToken cancellationToken)
    {
        foreach (var part in parts.All)
        {
            if (part.Begun is { } begun)
            {
                progress?.Report(begun);
            }

            var study = parts.Open(part.Path, cancellationToken);
            var waiting = new ConcurrentQueue<StudyRun>(study.Runs.Where(run => !study.IsFinished(run)));
            foreach (var run in study.Runs.Except(waiting))
            {
                progress?.Report(study.Finished(run, wasFinished: true));
            }

            if (!waiting.IsEmpty && !parts.Dataset.CanBeOpenedAgain)
            {
                throw new UnusableDataException(
                    $"The images of {parts.Dataset.Root} are no files, and several processes can't share their source. Train in this "
                    + "process.");
            }

            Train(parts.Folder, part.Path, study, waiting, progress, cancellationToken);
        }
    }

    private void Train(
        StudyFolder folder,
        string part,
        PreparedStudy study,
        ConcurrentQueue<StudyRun> waiting,
        IProgress<StudyProgress>? progress,
        CancellationToken cancellationToken)
    {
        var turn = new Lock();
        var folds = study.Runs.Select(run => run.Fold).Distinct().Count();
        var atOnce = Math.Min(processes, waiting.Count);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var workers = Enumerable.Range(0, atOnce)
            .Select(_ => Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))
            .ToArray();
        try
        {
            Task.WaitAll(workers, CancellationToken.None); // A worker that is asked to stop finishes its step.
        }
        catch (AggregateException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }

        cancellationToken.ThrowIfCancellationRequested();

        void Work()
        {
            while (!stop.IsCancellationRequested && waiting.TryDequeue(out var run))
            {
                try
                {
                    var planned = new PlannedRun(part, run.Network, run.Fold, Cost: null);
                    using var process = WorkerProcess.Start(worker(folder.FullPath, planned.Name, atOnce), stop.Token);
                    process.Train(run, new WatchedRun(planned.In(folder.Layout), run, folds, Report));
                    Report(study.Finished(run, wasFinished: false));
                }
                catch (Exception) when (stop.IsCancellationRequested)
                {
                    // It was asked to stop.
                }
                catch
                {
                    stop.Cancel();
                    throw;
                }
            }
        }

        void Report(StudyProgress value)
        {
            lock (turn)
            {
                progress?.Report(value);
            }
        }
    }
}
