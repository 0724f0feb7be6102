using System.Runtime.InteropServices;
using TorchSharp;

namespace CovidCt.Models.Runtime;

/// <summary>Finds libtorch and TorchSharp's native part and loads them in the order that makes the loader match them.</summary>
internal static class NativeLoader
{
    private const string Remedy =
        "Add one libtorch package to the application: TorchSharp-cpu, or on a machine with an NVIDIA card " +
        "TorchSharp-cuda-linux or TorchSharp-cuda-windows (`dotnet add package TorchSharp-cpu`).";

    public static TorchRuntimeReport Load()
    {
        try
        {
            return OperatingSystem.IsLinux() ? LoadOnLinux() : LoadThroughTorchSharp();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DllNotFoundException or BadImageFormatException or ArgumentException or IndexOutOfRangeException)
        {
            return new(null, null, false, $"TorchSharp's native part can't be loaded: {e.Message}");
        }
    }

    private static TorchRuntimeReport LoadOnLinux()
    {
        var folders = SearchFolders();
        if (Find(folders, "libLibTorchSharp.so") is not { } nativePart)
        {
            return new(null, null, false, $"libLibTorchSharp.so, TorchSharp's native part, is not beside the application. {Remedy}");
        }

        if (Find(folders, "libtorch_cpu.so") is not { } libtorchCpu)
        {
            return new(null, null, false, $"libtorch is not beside the application. {Remedy}");
        }

        // In dependency order and by full path, so that each later library finds its needs by soname already loaded.
        var libtorch = Path.GetDirectoryName(libtorchCpu)!;
        foreach (var name in (string[])["libc10.so", "libtorch_cpu.so", "libc10_cuda.so", "libtorch_cuda.so", "libtorch.so"])
        {
            var file = Path.Combine(libtorch, name);
            if (File.Exists(file))
            {
                NativeLibrary.Load(file);
            }
        }

        if (NativeLibrary.TryLoad(nativePart, out _))
        {
            return new(libtorch, nativePart, false, null);
        }

        var copy = WeakVersionPatch.CopyOf(nativePart, Path.Combine(TorchRuntime.CacheFolder, "native"));
        if (copy is null)
        {
            NativeLibrary.Load(nativePart); // No symbol version is at fault: the loader's own message says what is.
            return new(libtorch, nativePart, false, null);
        }

        NativeLibrary.Load(copy);
        return new(libtorch, copy, true, null);
    }

    private static TorchRuntimeReport LoadThroughTorchSharp()
    {
        var folders = SearchFolders();
        var name = OperatingSystem.IsWindows() ? "torch_cpu.dll" : "libtorch_cpu.dylib";
        return Find(folders, name) is { } libtorch
            ? new(Path.GetDirectoryName(libtorch), null, false, null)
            : new(null, null, false, $"libtorch is not beside the application. {Remedy}");
    }

    /// <summary>Where .NET itself looks for native libraries, then the folders of the application and of TorchSharp.</summary>
    private static List<string> SearchFolders()
    {
        var known = (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var roots = new[] { AppContext.BaseDirectory, Path.GetDirectoryName(typeof(torch).Assembly.Location) ?? "" }
            .Where(root => root.Length > 0);
        return
        [
            .. known.Concat(roots.SelectMany(root => new[] { Path.Combine(root, "runtimes", RuntimeInformation.RuntimeIdentifier, "native"), root }))
                .Distinct(StringComparer.Ordinal)
                .Where(Directory.Exists),
        ];
    }

    private static string? Find(IEnumerable<string> folders, string name) =>
        folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
