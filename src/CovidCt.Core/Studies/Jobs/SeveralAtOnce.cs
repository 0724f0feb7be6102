using System.Collections.Concurrent;
using System.Diagnostics;
using CovidCt.Progress;

namespace CovidCt.Studies.Jobs;

/// <summary>Trains the runs of a study in several processes at once.</summary>
/// <remarks>
/// In processes, since dropout draws from libtorch's one generator, and the number of threads and the choice of cuDNN's
/// algorithms are libtorch's own too: a run in a process of its own has the bits that it has alone.
/// </remarks>
internal sealed class SeveralAtOnce(int processes, Func<string, string, ProcessStartInfo> worker) : RunTrainer
{
    internal override void Train(PreparedStudy study, IProgress<StudyProgress>? progress, CancellationToken cancellationToken)
    {
        var waiting = new ConcurrentQueue<StudyRun>(study.Runs.Where(run => !study.IsFinished(run)));
        foreach (var run in study.Runs.Except(waiting))
        {
            progress?.Report(study.Finished(run, wasFinished: true));
        }

        if (waiting.IsEmpty)
        {
            return;
        }

        WorkerJob.Of(study.Study, Math.Min(processes, waiting.Count)).WriteTo(study.Study.Folder.Layout.Job);
        try
        {
            Train(study, waiting, progress, cancellationToken);
        }
        finally
        {
            File.Delete(study.Study.Folder.Layout.Job);
        }
    }

    private void Train(
        PreparedStudy study,
        ConcurrentQueue<StudyRun> waiting,
        IProgress<StudyProgress>? progress,
        CancellationToken cancellationToken)
    {
        var turn = new Lock();
        var folds = study.Runs.Select(run => run.Fold).Distinct().Count();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var workers = Enumerable.Range(0, Math.Min(processes, waiting.Count))
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
                    using var process = WorkerProcess.Start(worker(study.Study.Folder.FullPath, run.ToString()), stop.Token);
                    process.Train(run, training => Report(run.At(training, folds)));
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
