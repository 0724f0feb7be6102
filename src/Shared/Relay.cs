namespace CovidCt;

/// <summary>Reports on the calling thread, where <see cref="Progress{T}"/> would post elsewhere and out of order.</summary>
internal sealed class Relay<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
