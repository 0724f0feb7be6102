using System.Collections.Concurrent;
using CovidCt.Studies;

namespace CovidCt.Cli.Jobs;

/// <summary>Trains the runs of a study in several processes at once.</summary>
/// <remarks>
/// In processes, since dropout draws from libtorch's one generator, and the number of threads and the choice of cuDNN's
/// algorithms are libtorch's own too: a run in a process of its own has the bits that it has alone.
/// </remarks>
internal static class FoldWorkers
{
    /// <summary>Trains what isn't finished yet.</summary>
    /// <param name="study">The study.</param>
    /// <param name="jobs">Processes, from 1.</param>
    /// <param name="arguments">What makes a worker of this program.</param>
    /// <param name="progress">Told what happens, one thing at a time.</param>
    /// <param name="cancellationToken">Stops every worker after its present step.</param>
    /// <exception cref="WorkerFailedException">A worker failed; the others have stopped then.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static void Train(PreparedStudy study, int jobs, IReadOnlyList<string> arguments, IProgress<StudyProgress> progress, CancellationToken cancellationToken)
    {
        var waiting = new ConcurrentQueue<StudyRun>(study.Runs.Where(run => !study.IsFinished(run)));
        foreach (var run in study.Runs.Except(waiting))
        {
            progress.Report(study.Finished(run, wasFinished: true));
        }

        var turn = new Lock();
        var folds = study.Runs.Select(run => run.Fold).Distinct().Count();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var workers = Enumerable.Range(0, Math.Min(jobs, waiting.Count))
            .Select(_ => Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))
            .ToArray();
        try
        {
            Task.WaitAll(workers, CancellationToken.None); // A worker that is asked to stop finishes its step.
        }
        catch (AggregateException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw e.InnerExceptions.OfType<WorkerFailedException>().FirstOrDefault() ?? e.InnerExceptions[0];
        }

        cancellationToken.ThrowIfCancellationRequested();

        void Work()
        {
            using var worker = WorkerProcess.Start(arguments, stop.Token);
            while (!stop.IsCancellationRequested && waiting.TryDequeue(out var run))
            {
                Train(worker, run);
            }
        }

        void Train(WorkerProcess worker, StudyRun run)
        {
            try
            {
                worker.Train(run, training => Report(new FoldProgress(run.Network, run.Fold, folds, training)));
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

        void Report(StudyProgress value)
        {
            lock (turn)
            {
                progress.Report(value);
            }
        }
    }
}
