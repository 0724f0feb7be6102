namespace CovidCt;

/// <summary>
/// Counts who uses what native memory an object owns, so that it is freed when it was disposed and the last one is done: at once, or by
/// that one.
/// </summary>
/// <param name="owner">The object, which <see cref="ObjectDisposedException"/> names.</param>
/// <param name="free">Frees the memory; called once.</param>
internal sealed class Uses(object owner, Action free)
{
    private int _count = 1; // The owner's own use ends with its disposal.
    private int _disposed;

    /// <summary>A use until the result is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The owner was disposed.</exception>
    public Use Begin()
    {
        int seen;
        do
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, owner);
            seen = Volatile.Read(ref _count);
            ObjectDisposedException.ThrowIf(seen == 0, owner);
        }
        while (Interlocked.CompareExchange(ref _count, seen + 1, seen) != seen);
        return new(this);
    }

    /// <summary>Lets no use begin any more; a second call does nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            End();
        }
    }

    private void End()
    {
        if (Interlocked.Decrement(ref _count) == 0)
        {
            free();
        }
    }

    /// <summary>One use, to be disposed once.</summary>
    public readonly struct Use(Uses uses) : IDisposable
    {
        public void Dispose() => uses.End();
    }
}
