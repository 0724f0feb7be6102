using CovidCt.Imaging;
using CovidCt.Models;
using CovidCt.Studies.Jobs;

namespace CovidCt.Studies;

/// <summary>A process that trains a run of a study which another process holds: <see cref="RunTrainer.InProcesses"/> starts it.</summary>
public static class StudyWorker
{
    /// <summary>Trains one run, and tells how far it is.</summary>
    /// <param name="study">The study's folder.</param>
    /// <param name="run">The run's name, such as <c>resnet18/fold-0</c>.</param>
    /// <param name="input">The process's standard input: when it ends, so does the training, after its present step.</param>
    /// <param name="output">The process's standard output, for whoever started it.</param>
    /// <param name="backbones">Makes the network; null makes this library's.</param>
    /// <param name="decoder">Decodes the images; null takes SkiaSharp.</param>
    /// <param name="cancellationToken">Stops after the present step.</param>
    /// <exception cref="OperationCanceledException">It was cancelled, or whoever started it waits no longer.</exception>
    /// <exception cref="Exception">What <see cref="Study.Run"/> throws; whoever started it has been told.</exception>
    public static void Train(
        string study,
        string run,
        TextReader input,
        TextWriter output,
        IBackboneFactory? backbones = null,
        IImageDecoder? decoder = null,
        CancellationToken cancellationToken = default)
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
            var validator = new CrossValidator(backbones ?? new BackboneFactory(), decoder ?? new SkiaImageDecoder());
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
            if (value is FoldProgress fold)
            {
                output.WriteLine(new WorkerMessage(fold.Training).Line());
            }
        }
    }
}
