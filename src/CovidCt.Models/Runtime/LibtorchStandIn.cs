using System.Runtime.InteropServices;

namespace CovidCt.Models.Runtime;

/// <summary>Keeps TorchSharp from loading a libtorch of the application beside the one that is loaded.</summary>
/// <remarks>
/// When <c>torch</c> is first used, TorchSharp asks .NET for a library <c>torch_cpu</c>, and then for <c>torch_cuda</c>. .NET
/// looks for the name with <c>.so</c> behind it first, in the application's folders and among the loaded libraries, and only
/// then for <c>libtorch_cpu.so</c>, by full path in the application's folders. So a library that calls itself
/// <c>torch_cpu.so</c> is found in place of the application's: a copy of libtorch.so, which has no code, needs libtorch_cpu.so
/// and with it that name.
/// </remarks>
internal static class LibtorchStandIn
{
    /// <summary>Makes what is loaded be found under the name that TorchSharp asks for.</summary>
    /// <param name="libtorch">The folder of the loaded libtorch.</param>
    /// <param name="library">The library that the application has too, such as libtorch_cpu.so.</param>
    /// <param name="folder">The folder for the copy.</param>
    /// <returns>Whether it is found.</returns>
    /// <exception cref="IOException">No folder for the copy can be written.</exception>
    public static bool TryLoad(string libtorch, string library, string folder)
    {
        var original = Path.Combine(libtorch, "libtorch.so");
        var image = File.ReadAllBytes(original);
        var skipped = "lib".Length;
        using (var elf = new ElfFile(new MemoryStream(image.ToArray(), writable: false), original))
        {
            if (!elf.TryRename(image, library, skipped))
            {
                return false;
            }
        }

        return NativeLibrary.TryLoad(PatchedCopy.Place(image, original, folder), out _) && NativeLibrary.TryLoad(library[skipped..], out _);
    }
}
