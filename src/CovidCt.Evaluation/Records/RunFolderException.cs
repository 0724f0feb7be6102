namespace CovidCt.Records;

/// <summary>A run folder can't be used as asked: not writable, not empty, or holding another configuration.</summary>
public sealed class RunFolderException : Exception
{
    /// <summary>An error that names the folder, what was wrong and what to do.</summary>
    public RunFolderException(string message) : base(message) { }

    /// <summary>An error that names the folder, what was wrong and what to do, and its cause.</summary>
    public RunFolderException(string message, Exception innerException) : base(message, innerException) { }
}
