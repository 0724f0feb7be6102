using System.Diagnostics;
using System.Text;
using CovidCt.Training;

namespace CovidCt.Studies.Jobs;

/// <summary>This side of a <see cref="StudyWorker"/>: a process that trains one run.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private const int Killed = 137;

    private readonly Process _process;
    private readonly CancellationTokenRegistration _cancellation;
    private string _lastError = "";

    private WorkerProcess(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) => _lastError = line.Data is { Length: > 0 } text ? text : _lastError;
        _process.BeginErrorReadLine();
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
    /// <exception cref="TrainingFailedException">The process ended before the run was done.</exception>
    public void Train(StudyRun run, Action<TrainingProgress> progress)
    {
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            switch (WorkerMessage.Parse(line))
            {
                case { Error: { } error }:
                    throw error.ToException();
                case { Training: { } training }:
                    progress(training);
                    break;
                case { IsDone: true }:
                    return;
                default:
                    break;
            }
        }

        _process.WaitForExit();
        throw new TrainingFailedException(
            $"The process that trained {run.Network} on fold {run.Fold} ended with exit code {_process.ExitCode}"
            + $"{(_process.ExitCode == Killed ? ", killed, likely for want of memory" : "")}. {_lastError}".TrimEnd(),
            TrainingProblem.ProcessEnded);
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
