using CovidCt.Imaging;
using CovidCt.Models;
using CovidCt.Progress;
using CovidCt.Studies.Jobs;

namespace CovidCt.Studies;

/// <summary>A process that trains a run of a study which another process holds: <see cref="RunTrainer.InProcesses"/> starts it.</summary>
internal static class StudyWorker
{
    /// <inheritdoc cref="RunTrainer.Work"/>
    public static void Train(
        string study,
        string run,
        TextReader input,
        TextWriter output,
        IBackboneFactory backbones,
        IImageDecoder decoder,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        // Training has the caller's thread, in a program the main one, where the C library keeps memory between steps. This one
        // dies with the process.
        new Thread(() => Listen(input, stop)) { IsBackground = true }.Start();
        try
        {
            var name = StudyRun.Parse(run);
            var job = WorkerJob.ReadFrom(new(Path.GetFullPath(study)));
            using var folder = StudyFolder.Join(study, job.Canvases);
            var validator = new CrossValidator(backbones, decoder);
            using var prepared = validator.Prepare(job.OpenData(), job.Options, folder, null, stop.Token);
            prepared.RunsAtOnce = job.RunsAtOnce;
            prepared.Train(name, new Progress(output), stop.Token);
            output.WriteLine(new WorkerMessage(IsDone: true).Line());
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e)
        {
            output.WriteLine(new WorkerMessage(Error: WorkerError.Of(e)).Line());
            throw;
        }
    }

    private static void Listen(TextReader input, CancellationTokenSource stop)
    {
        while (input.ReadLine() is not null)
        {
            // Nothing is said; only the end counts.
        }

        try
        {
            stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The run is done.
        }
    }

    private sealed class Progress(TextWriter output) : IProgress<StudyProgress>
    {
        public void Report(StudyProgress value)
        {
            if (value is Study.FoldProgress fold)
            {
                output.WriteLine(new WorkerMessage(fold.Training).Line());
            }
        }
    }
}
