namespace CovidCt.Networks;

/// <summary>A file of weights can't be used; the message names it, what is wrong and, where there is one, a way out.</summary>
public sealed class WeightsException : Exception
{
    /// <summary>An error with what was wrong.</summary>
    public WeightsException(string message) : base(message) { }

    /// <summary>An error with what was wrong, and its cause.</summary>
    public WeightsException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>The network's entries that the file lacks.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>The file's entries that the network doesn't have.</summary>
    public IReadOnlyList<string> Unexpected { get; init; } = [];

    /// <summary>The entries of another shape or kind of number, each with both.</summary>
    public IReadOnlyList<string> Misshapen { get; init; } = [];
}
