using System.Text.Json;
using System.Text.Json.Serialization;
using CovidCt.Training;

namespace CovidCt.Studies.Jobs;

/// <summary>A line that a worker writes: how far it is, that the run is done, or what went wrong; one of the three.</summary>
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
