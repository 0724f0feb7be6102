using CovidCt.Records;

namespace CovidCt.Studies;

/// <summary>
/// The folder that a study writes into, held by one process at a time, which others may <see cref="Join">join</see>. Who takes it over
/// removes what processes that were killed were writing. A folder that is still empty in the end is removed again.
/// </summary>
public sealed class StudyFolder : IDisposable
{
    private readonly FileStream? _lock;
    private volatile bool _disposed;

    private StudyFolder(StudyLayout layout, FileStream? fileLock, string canvases) =>
        (Layout, _lock, Canvases) = (layout, fileLock, canvases);

    /// <summary>The folder.</summary>
    public string FullPath => Layout.Root;

    /// <summary>Where everything lies in it.</summary>
    public StudyLayout Layout { get; }

    /// <summary>
    /// The folder that keeps the decoded images, for all networks and folds and for later work on them. It may be removed
    /// between two uses, and is then made again.
    /// </summary>
    public string Canvases { get; }

    /// <summary>Whether another process holds the folder, which gives out the runs; see <see cref="Join"/>.</summary>
    public bool IsJoined => _lock is null;

    /// <summary>Makes a folder for a study, or takes one over.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="resume">Whether it may hold a study that is gone on with; else it must be empty or not there.</param>
    /// <param name="sharing">A study of the same images, whose decoded images are used too; null keeps them by itself.</param>
    /// <exception cref="RunFolderException">It can't be written, isn't empty, or another process works in it.</exception>
    public static StudyFolder Open(string path, bool resume, StudyFolder? sharing = null)
    {
        var full = Path.GetFullPath(path);
        var layout = new StudyLayout(full);
        try
        {
            Directory.CreateDirectory(full);
            if (!resume && !IsEmpty(layout))
            {
                throw new RunFolderException(
                    $"The output folder {full} is not empty.", FolderProblem.NotEmpty);
            }

            // The name goes while the file is still held: nobody can take it over in between.
            var held = new FileStream(
                layout.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            File.Delete(layout.Job); // Of a process that was killed.
            AtomicFile.Sweep(full);
            return new(layout, held, sharing?.Canvases ?? layout.Canvases);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var inUse = e is IOException && File.Exists(layout.Lock);
            throw inUse
                ? new RunFolderException($"Another process works in the output folder {full}.", e, FolderProblem.InUse)
                : new RunFolderException($"The output folder {full} can't be written: {e.Message}", e, FolderProblem.NotWritable);
        }
    }

    /// <summary>
    /// Takes part in a study that another process holds the folder of, and whose images that one has decoded. It says which runs
    /// are trained here: no two processes may train the same one.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <param name="canvases">Where its decoded images are; null where it keeps them by itself.</param>
    /// <exception cref="RunFolderException">No study has been begun in it.</exception>
    internal static StudyFolder Join(string path, string? canvases = null)
    {
        var layout = new StudyLayout(Path.GetFullPath(path));
        return File.Exists(layout.Configuration)
            ? new(layout, null, canvases ?? layout.Canvases)
            : throw new RunFolderException($"{layout.Root} holds no study that could be joined. Begin one there first.");
    }

    /// <summary>Lets other processes have the folder, and removes it if nothing was written.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (_lock is null)
        {
            return;
        }

        _lock.Dispose();
        try
        {
            if (!Directory.EnumerateFileSystemEntries(FullPath).Any())
            {
                Directory.Delete(FullPath);
            }
        }
        catch (IOException)
        {
            // It is gone already, or another process has just taken it over.
        }
    }

    /// <summary>Refuses a folder that others may have taken over meanwhile.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    internal void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed, this);

    private static bool IsEmpty(StudyLayout layout) =>
        Directory.EnumerateFileSystemEntries(layout.Root).All(entry => Path.GetFullPath(entry) == layout.Lock);
}
