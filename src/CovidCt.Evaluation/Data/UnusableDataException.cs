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

    /// <summary>What to say when no image of a data set can be read.</summary>
    /// <param name="root">The data set's folder.</param>
    /// <param name="rejected">What was found, and why it can't be used.</param>
    public static UnusableDataException NothingReadable(string root, IReadOnlyList<Rejection> rejected) => new(
        rejected is not { Count: > 0 }
            ? $"{root} holds no image. Put the images into it, one folder per class, or list them in a manifest.csv."
            : $"No image in {root} can be read. {rejected.Count} were rejected, the first being {rejected[0].Path}: {rejected[0].Reason}");
}
