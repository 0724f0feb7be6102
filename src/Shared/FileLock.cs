namespace CovidCt;

/// <summary>
/// A lock between processes: an empty file that one of them holds open, which ends with that process whatever becomes of it.
/// </summary>
/// <remarks>
/// The file stays behind: where its name went away with the lock, a third process could make a new one while a second still
/// waits for the old.
/// </remarks>
internal static class FileLock
{
    /// <summary>How often those who wait ask again.</summary>
    public static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <summary>Takes the lock until the result is disposed; null where another holds it.</summary>
    /// <exception cref="IOException">The file can't be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The file can't be made.</exception>
    public static IDisposable? TryTake(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException e) when (IsHeldByAnother(e))
        {
            return null;
        }
    }

    /// <summary>Waits until nobody else holds the lock, and takes it.</summary>
    /// <inheritdoc cref="TryTake" path="/exception"/>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static IDisposable Take(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryTake(path) is { } held)
            {
                return held;
            }

            cancellationToken.WaitHandle.WaitOne(Poll);
        }
    }

    /// <summary>Whether a file could not be opened because another holds it: EAGAIN, or a sharing violation on Windows.</summary>
    public static bool IsHeldByAnother(IOException e) =>
        e.HResult == (OperatingSystem.IsWindows() ? unchecked((int)0x80070020) : OperatingSystem.IsLinux() ? 11 : 35);
}
