using System.Diagnostics;
using System.Text;
using CovidCt.Data;
using CovidCt.Models.Runtime;
using CovidCt.Training;

namespace CovidCt.Studies.Jobs;

/// <summary>A process that trains one run. It stops when its standard input ends, and so when this process does.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private const int Killed = 137, Usage = 2, Data = 3, Libtorch = 4, Training = 5;
    private const string Label = "covidct: "; // What messages of the command line begin with.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Process _process;
    private readonly CancellationTokenRegistration _cancellation;
    private string _lastError = "";

    private WorkerProcess(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) => _lastError = line.Data is { Length: > 0 } text ? text : _lastError;
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine(); // What it says there is said here too.
        _cancellation = cancellationToken.Register(_process.StandardInput.Close); // It stops after its step then.
    }

    /// <summary>Starts a process.</summary>
    /// <param name="start">What makes a worker.</param>
    /// <param name="cancellationToken">Lets it stop after its present step.</param>
    public static WorkerProcess Start(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        (start.StandardOutputEncoding, start.StandardErrorEncoding) = (Encoding.UTF8, Encoding.UTF8);
        return new(start, cancellationToken);
    }

    /// <summary>Waits until the run is trained.</summary>
    /// <exception cref="Exception">The process ended before the run was done: what it said of it, by its exit code.</exception>
    public void Train(StudyRun run, WatchedRun watched)
    {
        while (!_process.WaitForExit(Pause))
        {
            watched.Look();
        }

        _process.WaitForExit(); // For the rest of what it said.
        if (_process.ExitCode == 0)
        {
            watched.Finish();
            return;
        }

        var said = _lastError.StartsWith(Label, StringComparison.Ordinal) ? _lastError[Label.Length..] : _lastError;
        throw _process.ExitCode switch
        {
            Data => new UnusableDataException(said),
            Libtorch => new NativeRuntimeException(said),
            Training => new TrainingFailedException(said),
            Usage => new ArgumentException(said),
            var code => new TrainingFailedException(
                $"The process that trained {run.Network} on fold {run.Fold} ended with exit code {code}"
                + $"{(code == Killed ? ", killed, likely for want of memory" : "")}. {said}".TrimEnd(),
                TrainingProblem.ProcessEnded),
        };
    }

    /// <summary>Lets the process end, and waits for it.</summary>
    public void Dispose()
    {
        _cancellation.Dispose();
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
