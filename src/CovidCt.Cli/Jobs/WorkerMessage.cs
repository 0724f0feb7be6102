using System.Text.Json;
using System.Text.Json.Serialization;
using CovidCt.Training;

namespace CovidCt.Cli.Jobs;

/// <summary>A line that a worker writes: how far it is, that a run is done, or what went wrong; one of the three.</summary>
/// <param name="Training">How far the run's training is.</param>
/// <param name="IsDone">Whether the run is done.</param>
/// <param name="Error">Why the worker ends.</param>
internal sealed record WorkerMessage(TrainingProgress? Training = null, bool IsDone = false, WorkerError? Error = null)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, // A loss may be no number; the worker then says so itself.
    };

    public string Line() => JsonSerializer.Serialize(this, Json);

    /// <exception cref="JsonException">It is none.</exception>
    public static WorkerMessage Parse(string line) =>
        JsonSerializer.Deserialize<WorkerMessage>(line, Json) ?? throw new JsonException("It is null.");
}

/// <summary>Why a worker ended.</summary>
/// <param name="ExitCode">The exit code that the program shall have.</param>
/// <param name="Message">What was wrong and what to do.</param>
internal sealed record WorkerError(int ExitCode, string Message);

/// <summary>A worker ended before its work was done; the message is the worker's.</summary>
internal sealed class WorkerFailedException(WorkerError error) : Exception(error.Message)
{
    public int ExitCode => error.ExitCode;
}
