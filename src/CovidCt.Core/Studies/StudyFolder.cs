using CovidCt.Records;
using CovidCt.Studies.Leases;

namespace CovidCt.Studies;

/// <summary>
/// The folder that a study writes into: one process at a time has it, by a lease, and writes what belongs to the study as a whole, while
/// others may train its runs. Who takes it over removes what processes that were killed were writing, but in the folders of runs, each of
/// which has a lease of its own. A folder that is still empty in the end is removed again.
/// </summary>
public sealed class StudyFolder : IDisposable
{
    private readonly Lease? _lease;
    private volatile bool _disposed;

    private StudyFolder(StudyLayout layout, Lease? lease, string canvases, bool isJoined) =>
        (Layout, _lease, Canvases, IsJoined) = (layout, lease, canvases, isJoined);

    /// <summary>The folder.</summary>
    public string FullPath => Layout.Root;

    /// <summary>Where everything lies in it.</summary>
    public StudyLayout Layout { get; }

    /// <summary>
    /// The folder that keeps the decoded images, for all networks and folds and for later work on them. It may be removed
    /// between two uses, and is then made again.
    /// </summary>
    public string Canvases { get; }

    /// <summary>Whether nothing is written here that belongs to the study as a whole; see <see cref="Join"/>.</summary>
    public bool IsJoined { get; }

    /// <summary>Makes a folder for a study, or takes one over.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="resume">Whether it may hold a study that is gone on with; else it must be empty or not there.</param>
    /// <exception cref="RunFolderException">It can't be written, isn't empty, or another process works in it.</exception>
    public static StudyFolder Open(string path, bool resume)
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

            var lease = Lease.TryTake(layout.Leases, Lease.DefaultLength, EngineJob.Name, out var holder)
                ?? throw new RunFolderException(
                    $"Another process works in the output folder {full}: {holder?.Holder ?? "it has just begun"}.", FolderProblem.InUse);
            try
            {
                layout.Sweep();
                return new(layout, lease, layout.Canvases, isJoined: false);
            }
            catch
            {
                lease.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunFolderException($"The output folder {full} can't be written: {e.Message}", e, FolderProblem.NotWritable);
        }
    }

    /// <summary>The folder of a study below this one, on the same images: whoever has this one has that one.</summary>
    /// <param name="part">Its path in this folder, such as <c>seeds/1</c>; empty for this folder itself.</param>
    internal StudyFolder Part(string part) => part.Length == 0 ? this : new(Layout.Part(part), null, Canvases, IsJoined);

    /// <summary>
    /// Takes part in a study that another process has prepared, perhaps on another machine: its runs can be trained, and nothing is written
    /// that belongs to the study as a whole.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="RunFolderException">No study has been prepared in it.</exception>
    internal static StudyFolder Join(string path)
    {
        var layout = new StudyLayout(Path.GetFullPath(path));
        return File.Exists(layout.Configuration)
            ? new(layout, null, layout.Canvases, isJoined: true)
            : throw new RunFolderException($"{layout.Root} holds no study that was prepared. Prepare one there first.");
    }

    /// <summary>Lets other processes have the folder, and removes it if nothing was written.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (_lease is null)
        {
            return;
        }

        _lease.Dispose();
        try
        {
            _lease.Forget(); // Who worked in the folder before is no part of a study.
            if (!Directory.EnumerateFileSystemEntries(FullPath).Any())
            {
                Directory.Delete(FullPath);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is gone already, or another process has just taken it over.
        }
    }

    /// <summary>Refuses a folder that others may have taken over meanwhile.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    internal void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed, this);

    private static bool IsEmpty(StudyLayout layout) =>
        Directory.EnumerateFileSystemEntries(layout.Root).All(entry => Path.GetFullPath(entry) == layout.Leases);
}
