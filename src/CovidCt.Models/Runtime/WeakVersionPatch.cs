using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CovidCt.Models.Runtime;

/// <summary>
/// Copies a 64-bit little-endian ELF library with its need for one symbol version of libstdc++ marked weak, so that the
/// dynamic loader warns instead of refusing where that version is missing.
/// </summary>
/// <remarks>Version needs: "Linux Standard Base Core Specification 5.0", section 10.7.3; VER_FLG_WEAK is 2.</remarks>
internal static class WeakVersionPatch
{
    private const string Version = "GLIBCXX_3.4.32";
    private const uint VersionNeedSection = 0x6ffffffe; // SHT_GNU_verneed
    private const ushort WeakFlag = 2;

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

    /// <summary>Sets the weak flag on the version's entry of <c>.gnu.version_r</c>; false where there is none.</summary>
    internal static bool TryWeaken(Span<byte> image)
    {
        if (image.Length < 64 || !image[..6].SequenceEqual("\u007FELF\u0002\u0001"u8))
        {
            return false;
        }

        var sections = (int)BinaryPrimitives.ReadInt64LittleEndian(image[0x28..]);
        var sectionSize = BinaryPrimitives.ReadUInt16LittleEndian(image[0x3A..]);
        var sectionCount = BinaryPrimitives.ReadUInt16LittleEndian(image[0x3C..]);
        for (var i = 0; i < sectionCount; i++)
        {
            var section = image.Slice(sections + (i * sectionSize), sectionSize);
            if (BinaryPrimitives.ReadUInt32LittleEndian(section[4..]) != VersionNeedSection)
            {
                continue;
            }

            var needs = (int)BinaryPrimitives.ReadInt64LittleEndian(section[0x18..]);
            var link = (int)BinaryPrimitives.ReadUInt32LittleEndian(section[0x28..]);
            var strings = (int)BinaryPrimitives.ReadInt64LittleEndian(image[(sections + (link * sectionSize) + 0x18)..]);
            if (TryWeakenNeeds(image, needs, strings))
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryWeakenNeeds(Span<byte> image, int need, int strings)
    {
        while (true)
        {
            var auxiliaries = BinaryPrimitives.ReadUInt16LittleEndian(image[(need + 2)..]);
            var auxiliary = need + (int)BinaryPrimitives.ReadUInt32LittleEndian(image[(need + 8)..]);
            for (var i = 0; i < auxiliaries; i++)
            {
                var name = image[(strings + (int)BinaryPrimitives.ReadUInt32LittleEndian(image[(auxiliary + 8)..]))..];
                if (name.StartsWith(Encoding.ASCII.GetBytes(Version + "\0")))
                {
                    var flags = image[(auxiliary + 4)..];
                    BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(flags) | WeakFlag));
                    return true;
                }

                auxiliary += (int)BinaryPrimitives.ReadUInt32LittleEndian(image[(auxiliary + 12)..]);
            }

            var next = BinaryPrimitives.ReadUInt32LittleEndian(image[(need + 12)..]);
            if (next == 0)
            {
                return false;
            }

            need += (int)next;
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
