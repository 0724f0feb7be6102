namespace CovidCt.Training;

/// <summary>Training could not go on; the message says why and what to try.</summary>
public sealed class TrainingFailedException : Exception
{
    /// <summary>An error with what was wrong and what to try.</summary>
    public TrainingFailedException(string message) : base(message) { }

    /// <summary>An error with what was wrong and what to try, and its cause.</summary>
    public TrainingFailedException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>A run folder can't be used as asked: not writable, not empty, or holding another configuration.</summary>
public sealed class RunFolderException : Exception
{
    /// <summary>An error that names the folder, what was wrong and what to do.</summary>
    public RunFolderException(string message) : base(message) { }

    /// <summary>An error that names the folder, what was wrong and what to do, and its cause.</summary>
    public RunFolderException(string message, Exception innerException) : base(message, innerException) { }
}
