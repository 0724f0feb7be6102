namespace CovidCt.Training;

/// <summary>Training could not go on; the message says why.</summary>
public sealed class TrainingFailedException : Exception
{
    /// <summary>An error with what was wrong.</summary>
    public TrainingFailedException(string message) : base(message) { }

    /// <summary>An error with what was wrong, in words and for whoever says what to do.</summary>
    public TrainingFailedException(string message, TrainingProblem problem) : base(message) => Problem = problem;

    /// <summary>An error with what was wrong, and its cause.</summary>
    public TrainingFailedException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>An error with what was wrong, in words and for whoever says what to do, and its cause.</summary>
    public TrainingFailedException(string message, Exception innerException, TrainingProblem problem) : base(message, innerException) =>
        Problem = problem;

    /// <summary>What was wrong, for whoever says what to do.</summary>
    public TrainingProblem Problem { get; }
}
