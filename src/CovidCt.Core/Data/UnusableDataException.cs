namespace CovidCt.Data;

/// <summary>
/// A data set, or what was asked of it, makes no study possible; the message says what is wrong and what to do.
/// </summary>
public sealed class UnusableDataException : Exception
{
    /// <summary>An exception without a word of its own.</summary>
    public UnusableDataException()
    {
    }

    /// <summary>An exception that says what is wrong and what to do.</summary>
    public UnusableDataException(string message)
        : base(message)
    {
    }

    /// <summary>An exception that says what is wrong and what to do, with its cause.</summary>
    public UnusableDataException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
