using CovidCt.Data;
using CovidCt.Models.Runtime;
using CovidCt.Networks;
using CovidCt.Records;
using CovidCt.Training;

namespace CovidCt.Studies.Jobs;

/// <summary>Why a worker ended, so that whoever asked can say it as if it had been no worker.</summary>
/// <param name="Kind">The exception's type.</param>
/// <param name="Message">Its message.</param>
/// <param name="Problem">What was wrong, of those exceptions that tell it.</param>
internal sealed record WorkerError(string Kind, string Message, int Problem)
{
    public static WorkerError Of(Exception exception) => new(
        exception.GetType().Name,
        exception.Message,
        exception switch
        {
            TrainingFailedException failed => (int)failed.Problem,
            RunFolderException folder => (int)folder.Problem,
            _ => 0,
        });

    public Exception ToException() => Kind switch
    {
        nameof(TrainingFailedException) => new TrainingFailedException(Message, (TrainingProblem)Problem),
        nameof(RunFolderException) => new RunFolderException(Message, (FolderProblem)Problem),
        nameof(UnusableDataException) => new UnusableDataException(Message),
        nameof(NativeRuntimeException) => new NativeRuntimeException(Message),
        nameof(WeightsException) => new WeightsException(Message),
        nameof(ArgumentException) or nameof(ArgumentOutOfRangeException) => new ArgumentException(Message),
        nameof(IOException) => new IOException(Message),
        _ => new InvalidOperationException($"{Kind} in a process that trained: {Message}"),
    };
}
