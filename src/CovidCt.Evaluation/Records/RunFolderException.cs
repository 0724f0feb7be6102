namespace CovidCt.Records;

/// <summary>The folder of a study or run can't be used as asked: not writable, not empty, or holding another configuration.</summary>
public sealed class RunFolderException : Exception
{
    /// <summary>An error that names the folder and what was wrong.</summary>
    public RunFolderException(string message) : base(message) { }

    /// <summary>An error that names the folder and what was wrong, in words and for whoever says what to do.</summary>
    public RunFolderException(string message, FolderProblem problem) : base(message) => Problem = problem;

    /// <summary>An error that names the folder and what was wrong, and its cause.</summary>
    public RunFolderException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>An error that names the folder and what was wrong, in words and for whoever says what to do, and its cause.</summary>
    public RunFolderException(string message, Exception innerException, FolderProblem problem) : base(message, innerException) =>
        Problem = problem;

    /// <summary>What was wrong, for whoever says what to do.</summary>
    public FolderProblem Problem { get; }
}
