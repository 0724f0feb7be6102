namespace CovidCt.Training;

/// <summary>Training could not go on; the message says why and what to try.</summary>
public sealed class TrainingFailedException : Exception
{
    /// <summary>An error with what was wrong and what to try.</summary>
    public TrainingFailedException(string message) : base(message) { }

    /// <summary>An error with what was wrong and what to try, and its cause.</summary>
    public TrainingFailedException(string message, Exception innerException) : base(message, innerException) { }
}
