using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace CovidCt.Canvases;

/// <summary>
/// By what a file is taken for the one that it was: its path within the data set, which other machines may have elsewhere, its length and
/// the time of its last change, as make and rsync do. Of an image that is no file, length and time are of the hash that its source gives.
/// </summary>
/// <remarks>
/// To read the content of every file would take about as long as to decode it. A file that is replaced by another of the same
/// length with the same time of change is therefore not noticed.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal readonly record struct ImageStamp
{
    private const long Missing = -1;

    private ImageStamp(ImagePath path, long length, long modified) => (Path, Length, Modified) = (path, length, modified);

    public ImagePath Path { get; }

    /// <summary>Bytes; −1 where there is no file.</summary>
    public long Length { get; }

    /// <summary>The last change in ticks of 100 ns, UTC.</summary>
    public long Modified { get; }

    /// <summary>Of an image as it is now.</summary>
    /// <param name="path">Its path within the data set.</param>
    /// <param name="place">Where it is.</param>
    /// <param name="content">What the content of an image goes by that is no file, empty where there is none; null of a file.</param>
    public static ImageStamp Of(string path, string place, string? content)
    {
        // What no hash is known of may be another image in another source.
        var name = MemoryMarshal.Read<ImagePath>(SHA256.HashData(Encoding.UTF8.GetBytes(content?.Length == 0 ? place : path)));
        if (content is not null)
        {
            var hash = SHA256.HashData(Encoding.UTF8.GetBytes(content));
            return content.Length == 0
                ? new(name, Missing, 0)
                : new(name, MemoryMarshal.Read<long>(hash) & long.MaxValue, MemoryMarshal.Read<long>(hash.AsSpan(sizeof(long))));
        }

        var file = new FileInfo(place);
        return file.Exists ? new(name, file.Length, file.LastWriteTimeUtc.Ticks) : new(name, Missing, 0);
    }

    /// <summary>
    /// Whether it may be of the same image on another machine, whose copy of a file may have another time of change.
    /// </summary>
    /// <param name="other">The other.</param>
    public bool MayBe(ImageStamp other) => (Path, Length) == (other.Path, other.Length);
}

/// <summary>A path as the first 128 bits of its sha256.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal readonly record struct ImagePath(ulong First, ulong Second);
