using System.Net.Http.Headers;

namespace CovidCt.Weights;

/// <summary>
/// What has come of a file so far, and beside it (<c>NAME.part.etag</c>) which version of the file that is. Whoever uses it
/// holds the file's lock.
/// </summary>
internal sealed class PartFile(string path)
{
    private readonly string _etagPath = path + ".etag";

    public string Path => path;

    /// <summary>Bytes that are there; 0 where there is no part.</summary>
    public long Length => LengthOf(path);

    /// <summary>
    /// The version that the bytes are of, as the server named it; null where it didn't, or only weakly: then they can't be
    /// joined by it, and the hash of the whole has to tell.
    /// </summary>
    public EntityTagHeaderValue? ETag =>
        File.Exists(_etagPath) && EntityTagHeaderValue.TryParse(File.ReadAllText(_etagPath), out var etag) && !etag.IsWeak ? etag : null;

    public static long LengthOf(string path) => new FileInfo(path) is { Exists: true, Length: var length } ? length : 0;

    /// <summary>Opens the part to write its first byte, and notes the version.</summary>
    public FileStream Begin(EntityTagHeaderValue? etag)
    {
        File.Delete(_etagPath);
        if (etag is not null)
        {
            File.WriteAllText(_etagPath, etag.ToString());
        }

        return Open(FileMode.Create);
    }

    /// <summary>Opens the part to write after its last byte.</summary>
    public FileStream Continue() => Open(FileMode.Append);

    /// <summary>Throws away what has come.</summary>
    public void Delete()
    {
        File.Delete(path);
        File.Delete(_etagPath);
    }

    /// <summary>Gives the part its name. Its bytes are on the disk before: after a crash, the name never stands for less.</summary>
    public void PlaceAt(string target)
    {
        using (var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read))
        {
            stream.Flush(flushToDisk: true);
        }

        File.Move(path, target, overwrite: true);
        File.Delete(_etagPath);
    }

    private FileStream Open(FileMode mode) => new(path, mode, FileAccess.Write, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
}
