using System.Collections.Concurrent;
using System.Text.Json;
using CovidCt.Studies;

namespace CovidCt.Cli.Jobs;

/// <summary>A process that trains runs of a study that another process holds: it reads a run a line, and writes messages.</summary>
internal static class FoldWorker
{
    /// <summary>Trains what standard input names, one run after the other, until it ends; if it ends meanwhile, so does the training.</summary>
    /// <param name="prepare">Makes the study ready.</param>
    /// <param name="cancellationToken">Stops after the present step.</param>
    /// <returns>The exit code.</returns>
    public static int Serve(Func<PreparedStudy> prepare, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var asked = new BlockingCollection<StudyRun>();

        // Training has the main thread, where the C library keeps memory between steps. This one dies with the process.
        new Thread(() => Listen(asked, stop)) { IsBackground = true }.Start();
        try
        {
            using var study = prepare();
            foreach (var run in asked.GetConsumingEnumerable(cancellationToken))
            {
                study.Train(run, new Progress(), stop.Token);
                Write(new(IsDone: true));
            }

            return ExitCodes.Done;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCodes.Cancelled;
        }
#pragma warning disable CA1031 // Whatever went wrong is told to the process that asked, which says it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            var code = ExitCodes.Of(e);
            Write(new(Error: new(code, code == ExitCodes.Unexpected ? $"{e.GetType().Name}: {e.Message}" : e.Message)));
            return code;
        }
    }

    private static void Listen(BlockingCollection<StudyRun> asked, CancellationTokenSource stop)
    {
        while (Console.In.ReadLine() is { } line)
        {
            asked.Add(JsonSerializer.Deserialize<StudyRun>(line));
        }

        asked.CompleteAdding();
        try
        {
            stop.Cancel(); // Whoever asked waits no longer: between two runs nothing listens to this.
        }
        catch (ObjectDisposedException)
        {
            // The last run is done.
        }
    }

    private static void Write(WorkerMessage message) => Console.Out.WriteLine(message.Line());

    private sealed class Progress : IProgress<StudyProgress>
    {
        public void Report(StudyProgress value)
        {
            if (value is FoldProgress fold)
            {
                Write(new(fold.Training));
            }
        }
    }
}
