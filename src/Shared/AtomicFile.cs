using System.Text;

namespace CovidCt;

/// <summary>
/// Writes files that are either whole or not there: to a temporary name in the same folder, flushed to disk, then
/// renamed over the old file. A reader, or a run that is resumed, never sees half a file.
/// </summary>
internal static class AtomicFile
{
    /// <summary>What the names of files end in that are not whole yet.</summary>
    public const string Ending = ".tmp";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes what <paramref name="write"/> puts into the stream; its folder is made when missing.</summary>
    /// <exception cref="IOException">The file or its folder can't be written; the old file is then as it was.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var target = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(target) ?? target);
        var temporary = $"{target}.{Guid.NewGuid():N}{Ending}";
        try
        {
            using var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.Delete);
            write(stream);
            stream.Flush(flushToDisk: true);
            File.Move(temporary, target, overwrite: true); // While it is held, so that nobody sweeps it.
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Removes what processes that were killed were writing below a folder: what nobody holds.</summary>
    /// <exception cref="IOException">The folder can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file can't be removed.</exception>
    public static void Sweep(string folder, SearchOption depth = SearchOption.AllDirectories)
    {
        foreach (var file in Directory.GetFiles(folder, $"*{Ending}", depth))
        {
            try
            {
                new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose)
                    .Dispose();
            }
            catch (IOException)
            {
                // Another process writes it, or it is whole and has its name by now.
            }
        }
    }

    /// <summary>Writes bytes.</summary>
    /// <inheritdoc cref="Write(string, Action{Stream})" path="/exception"/>
    public static void WriteAllBytes(string path, ReadOnlyMemory<byte> bytes) =>
        Write(path, stream => stream.Write(bytes.Span));

    /// <summary>Writes text as UTF-8 without a byte order mark.</summary>
    /// <inheritdoc cref="Write(string, Action{Stream})" path="/exception"/>
    public static void WriteAllText(string path, string text) => WriteAllBytes(path, Utf8.GetBytes(text));
}
