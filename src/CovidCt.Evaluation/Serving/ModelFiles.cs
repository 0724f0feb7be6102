using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CovidCt.Serving;

/// <summary>What a model consists of: a file, or all files below a folder.</summary>
/// <param name="path">Where it lies.</param>
internal sealed class ModelFiles(string path)
{
    /// <summary>Names, lengths and times: what changes when a file does, and takes no reading of it.</summary>
    public string Stamp()
    {
        var stamp = new StringBuilder();
        foreach (var file in All())
        {
            file.Refresh();
            var length = file.Exists ? file.Length : -1;
            stamp.Append(CultureInfo.InvariantCulture, $"{file.FullName}|{length}|{file.LastWriteTimeUtc.Ticks}\n");
        }

        return stamp.ToString();
    }

    /// <summary>The sha256 of a file; of a folder, that of its files' names and sums.</summary>
    /// <exception cref="IOException">A file is missing or can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file can't be read.</exception>
    public string Hash()
    {
        if (!Directory.Exists(path))
        {
            return FileHash.Sha256(path);
        }

        var sums = string.Concat(All().Select(file => $"{Path.GetRelativePath(path, file.FullName)} {FileHash.Sha256(file.FullName)}\n"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sums)));
    }

    private IEnumerable<FileInfo> All() => Directory.Exists(path)
        ? new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories).OrderBy(file => file.FullName, StringComparer.Ordinal)
        : [new FileInfo(path)];
}
