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
        return TryWeaken(image) ? PatchedCopy.Place(image, library, cacheFolder) : null;
    }

    /// <summary>
    /// Sets the weak flag on the version's entry of <c>.gnu.version_r</c>; false where there is none, or no sound library.
    /// </summary>
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
}
