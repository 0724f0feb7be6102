using CovidCt.Imaging;

namespace CovidCt.Volumes;

/// <summary>The volumes in files and folders, whatever their kind.</summary>
/// <param name="Volumes">The volumes: of a kind after the other, each in the kind's order.</param>
/// <param name="Rejected">Which files of these kinds can't be used, and why.</param>
/// <param name="Others">How many files are of none of the kinds.</param>
public sealed record VolumeFiles(
    IReadOnlyList<ICtVolume> Volumes, IReadOnlyList<(string File, string Reason)> Rejected, int Others)
{
    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, AttributesToSkip = 0 };

    /// <summary>Finds volumes.</summary>
    /// <param name="path">A file, or a folder, in which all that lies below is looked at.</param>
    /// <param name="formats">The kinds that are looked for.</param>
    /// <param name="cancellationToken">Stops between two files.</param>
    /// <exception cref="ImageRejectedException">There is no such file or folder, or it can't be read.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static VolumeFiles Find(string path, IReadOnlyList<IVolumeFormat> formats, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(formats);
        var files = FilesOf(path).Order(StringComparer.Ordinal).ToLookup(file => FormatOf(file, formats, cancellationToken));
        var found = formats.Select(format => format.Open([.. files[format]], cancellationToken)).ToList();
        return new(
            [.. found.SelectMany(one => one.Volumes)], [.. found.SelectMany(one => one.Rejected)], files[null].Count());
    }

    /// <summary>The kind that a file begins as.</summary>
    /// <param name="file">The file.</param>
    /// <param name="formats">The kinds that are looked for.</param>
    /// <param name="cancellationToken">Stops before the file is read.</param>
    /// <returns>Null of any other, and where it can't be read.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static IVolumeFormat? FormatOf(
        string file, IReadOnlyList<IVolumeFormat> formats, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            using var handle = File.OpenHandle(file);
            Span<byte> head = stackalloc byte[ImageSignature.HeadLength];
            return FormatOf(head[..RandomAccess.Read(handle, head, 0)], formats);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // A volume says of its own files why they can't be read; a file of unknown kind is none.
        }
    }

    /// <summary>The kind that a file begins as, by its first bytes; null of any other.</summary>
    internal static IVolumeFormat? FormatOf(ReadOnlySpan<byte> file, IReadOnlyList<IVolumeFormat> formats)
    {
        var head = file[..Math.Min(file.Length, ImageSignature.HeadLength)];
        foreach (var format in formats)
        {
            if (format.Begins(head))
            {
                return format;
            }
        }

        return null;
    }

    internal static IEnumerable<string> FilesOf(string path)
    {
        if (File.Exists(path))
        {
            return [path];
        }

        return Directory.Exists(path)
            ? Directory.EnumerateFiles(path, "*", Everything)
            : throw new ImageRejectedException("There is no such file or folder.");
    }
}
