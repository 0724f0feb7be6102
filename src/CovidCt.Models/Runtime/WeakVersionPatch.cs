using System.Security.Cryptography;

namespace CovidCt.Models.Runtime;

/// <summary>
/// Copies a 64-bit little-endian ELF library with its need for one symbol version of libstdc++ marked weak, so that the
/// dynamic loader warns instead of refusing where that version is missing.
/// </summary>
/// <remarks>Version needs: "Linux Standard Base Core Specification 5.0", section 10.7.3; VER_FLG_WEAK is 2.</remarks>
internal static class WeakVersionPatch
{
    private const string Version = "GLIBCXX_3.4.32";
    private const byte WeakFlag = 2;

    /// <summary>The patched copy of a library in a cache folder; null where the library doesn't need the version.</summary>
    /// <exception cref="IOException">No folder for the copy can be written.</exception>
    public static string? CopyOf(string library, string cacheFolder)
    {
        var image = File.ReadAllBytes(library);
        if (!TryWeaken(image))
        {
            return null;
        }

        var name = $"{Path.GetFileNameWithoutExtension(library)}-{Convert.ToHexStringLower(SHA256.HashData(image))[..16]}.so";
        try
        {
            return Place(image, cacheFolder, name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A service account may have no home: a folder of this process alone does as well, for its lifetime.
            return Place(image, Directory.CreateTempSubdirectory("covidct-").FullName, name);
        }
    }

    /// <summary>Sets the weak flag on the version's entry of <c>.gnu.version_r</c>; false where there is none, or no sound library.</summary>
    internal static bool TryWeaken(byte[] image)
    {
        try
        {
            using var library = new ElfFile(new MemoryStream(image, writable: false), "the library");
            foreach (var need in library.VersionNeeds().Where(need => need.Version == Version))
            {
                image[need.FlagsOffset] |= WeakFlag;
                return true;
            }

            return false;
        }
        catch (InvalidDataException)
        {
            return false; // The loader then says of the library as it is what is wrong with it.
        }
    }

    /// <summary>Writes the copy whole or not at all; a copy that is there already is used only if it is the same, byte for byte.</summary>
    private static string Place(byte[] image, string folder, string name)
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
