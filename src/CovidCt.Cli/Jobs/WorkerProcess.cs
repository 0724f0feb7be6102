using System.Diagnostics;
using System.Text;
using System.Text.Json;
using CovidCt.Studies;
using CovidCt.Training;

namespace CovidCt.Cli.Jobs;

/// <summary>This side of a <see cref="FoldWorker"/>.</summary>
internal sealed class WorkerProcess : IDisposable
{
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

    /// <summary>Starts this program once more.</summary>
    /// <param name="arguments">What makes a worker of it.</param>
    /// <param name="cancellationToken">Lets it stop after its present step.</param>
    public static WorkerProcess Start(IEnumerable<string> arguments, CancellationToken cancellationToken) => new(
        new(Environment.ProcessPath!, [.. OwnFile, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        },
        cancellationToken);

    /// <summary>Has a run trained.</summary>
    /// <exception cref="WorkerFailedException">The worker ended before the run was done.</exception>
    public void Train(StudyRun run, Action<TrainingProgress> progress)
    {
        try
        {
            _process.StandardInput.WriteLine(JsonSerializer.Serialize(run));
            _process.StandardInput.Flush();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // It has ended, or is to: what it wrote says why.
        }

        while (_process.StandardOutput.ReadLine() is { } line)
        {
            switch (WorkerMessage.Parse(line))
            {
                case { Error: { } error }:
                    throw new WorkerFailedException(error);
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
        throw new WorkerFailedException(new(
            ExitCodes.TrainingFailed,
            $"The process that trained {run.Network} on fold {run.Fold} ended with exit code {_process.ExitCode}"
            + $"{(_process.ExitCode == 137 ? ", killed, likely for want of memory" : "")}. {_lastError} Go on with --resume, and fewer --jobs if memory ran out."));
    }

    /// <summary>Lets the process end, and waits for it.</summary>
    public void Dispose()
    {
        _cancellation.Dispose();
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    // Where `dotnet FILE.dll` was started, the process is dotnet.
    private static string[] OwnFile =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(WorkerProcess).Assembly.Location] : [];
}
