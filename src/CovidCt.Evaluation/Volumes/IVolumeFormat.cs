using CovidCt.Imaging;

namespace CovidCt.Volumes;

/// <summary>A kind of files that CT volumes come as.</summary>
/// <remarks>Implementations are called from many threads at once.</remarks>
public interface IVolumeFormat
{
    /// <summary>What the kind is called, such as <c>DICOM</c>.</summary>
    string Name { get; }

    /// <summary>What values depend on besides the files; canvases that are kept on disk are made anew when it changes.</summary>
    string Version { get; }

    /// <summary>Whether a file begins as one of this kind does.</summary>
    /// <param name="head">The first 512 bytes of the file, or all of a shorter one.</param>
    bool Begins(ReadOnlySpan<byte> head);

    /// <summary>The volumes that lie in files. No voxel is read before it is asked for.</summary>
    /// <param name="files">Files that begin as this kind does, in the order in which volumes are to be.</param>
    /// <param name="cancellationToken">Stops between two files.</param>
    /// <returns>The volumes, and which files can't be used, and why.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    (IReadOnlyList<ICtVolume> Volumes, IReadOnlyList<(string File, string Reason)> Rejected) Open(
        IReadOnlyList<string> files, CancellationToken cancellationToken = default);

    /// <summary>The only slice of a file.</summary>
    /// <param name="file">The whole content.</param>
    /// <exception cref="ImageRejectedException">It has several, or can't be read; the message says why.</exception>
    CtSlice Decode(ReadOnlyMemory<byte> file);
}
