namespace CovidCt.Answers;

/// <summary>A model has as many calls as its queue takes; it can be asked again a little later.</summary>
/// <param name="length">How many calls the queue takes.</param>
#pragma warning disable CA1032 // It says how long the queue is: there is one constructor.
public sealed class QueueFullException(int length)
    : Exception(FormattableString.Invariant($"The queue is full: {length} calls are waiting or under way. Ask again in a moment."));
#pragma warning restore CA1032
