using System.Security.Cryptography;

namespace CovidCt.Models.Runtime;

/// <summary>Private copies of native libraries with some bits changed, kept in the cache folder under a hash of their content.</summary>
internal static class PatchedCopy
{
    /// <summary>Where the copies lie.</summary>
    public static string Folder => Path.Combine(TorchRuntime.CacheFolder, "native");

    /// <summary>Writes a library's changed image, unless it is there, and gives its path.</summary>
    /// <exception cref="IOException">No folder for the copy can be written.</exception>
    public static string Place(byte[] image, string library, string folder)
    {
        var name = $"{Path.GetFileNameWithoutExtension(library)}-{Convert.ToHexStringLower(SHA256.HashData(image))[..16]}.so";
        try
        {
            return Write(image, folder, name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A service account may have no home: a folder of this process alone does as well, for its lifetime.
            return Write(image, Directory.CreateTempSubdirectory("covidct-").FullName, name);
        }
    }

    /// <summary>Writes the copy whole or not at all; a copy that is there already is used only if it is the same, byte for byte.</summary>
    private static string Write(byte[] image, string folder, string name)
    {
        if (!Directory.Exists(folder))
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }

        var target = Path.Combine(folder, name);
        if (File.Exists(target) && File.ReadAllBytes(target).AsSpan().SequenceEqual(image))
        {
            return target;
        }

        AtomicFile.WriteAllBytes(target, image);
        return target;
    }
}
