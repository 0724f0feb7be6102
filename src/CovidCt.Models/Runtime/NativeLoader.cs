using System.Runtime.InteropServices;
using TorchSharp;

namespace CovidCt.Models.Runtime;

/// <summary>Finds libtorch and TorchSharp's native part and loads them in the order that makes the loader match them.</summary>
internal static class NativeLoader
{
    private const string Remedy =
        "Add one libtorch package to the application: TorchSharp-cpu, or on a machine with an NVIDIA card " +
        "TorchSharp-cuda-linux or TorchSharp-cuda-windows (`dotnet add package TorchSharp-cpu`).";

    /// <summary>In dependency order: loaded by full path, each later library finds its needs by soname already loaded.</summary>
    internal static readonly string[] LibtorchFiles =
        ["libc10.so", "libtorch_cpu.so", "libc10_cuda.so", TorchRuntimeReport.CudaLibrary, "libtorch.so"];

    public static TorchRuntimeReport Load()
    {
        try
        {
            return OperatingSystem.IsLinux() ? LoadOnLinux() : LoadThroughTorchSharp();
        }
        catch (NativeRuntimeException e)
        {
            return new(null, null, false, e.Message);
        }
        catch (Exception e) when (
            e is IOException or UnauthorizedAccessException or DllNotFoundException or BadImageFormatException or ArgumentException)
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

        var beside = Find(folders, "libtorch_cpu.so");
        if (ChosenLibtorch.Folder is { } chosen)
        {
            var symbols = ChosenLibtorch.Check(chosen, nativePart);
            var report = LoadChosen(chosen, nativePart);
            ChosenLibtorch.KeepSingle(chosen, new[] { beside, Find(folders, TorchRuntimeReport.CudaLibrary) }.OfType<string>());
            return report with { IsChosen = true, LibtorchVersion = ChosenLibtorch.Version(chosen), Symbols = symbols };
        }

        return beside is null
            ? Missing($"{Remedy} Or name an existing one by the environment variable {ChosenLibtorch.Variable}.")
            : Load(Path.GetDirectoryName(beside)!, nativePart);
    }

    private static TorchRuntimeReport LoadChosen(string libtorch, string nativePart)
    {
        try
        {
            return Load(libtorch, nativePart);
        }
        catch (DllNotFoundException e)
        {
            throw new NativeRuntimeException(
                $"{ChosenLibtorch.Variable} names {libtorch}, whose libtorch has what TorchSharp needs but can't be loaded: {e.Message} " +
                "Where a library is missing, such as one of NVIDIA's, install it, or add its folder to LD_LIBRARY_PATH.", e);
        }
    }

    private static TorchRuntimeReport Load(string libtorch, string nativePart)
    {
        foreach (var name in LibtorchFiles)
        {
            var file = Path.Combine(libtorch, name);
            if (File.Exists(file))
            {
                LoadFile(file);
            }
        }

        if (NativeLibrary.TryLoad(nativePart, out _))
        {
            return new(libtorch, nativePart, false, null);
        }

        var copy = WeakVersionPatch.CopyOf(nativePart, PatchedCopy.Folder);
        if (copy is null)
        {
            LoadFile(nativePart); // No symbol version is at fault: the loader's own message says what is.
            return new(libtorch, nativePart, false, null);
        }

        LoadFile(copy);
        return new(libtorch, copy, true, null);
    }

    /// <summary>Loads a library; an error is the loader's own, without the advice that .NET puts before it.</summary>
    private static void LoadFile(string file)
    {
        try
        {
            NativeLibrary.Load(file);
        }
        catch (DllNotFoundException e)
        {
            var lines = e.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            throw new DllNotFoundException($"{file}: {string.Join("; ", lines.Length > 1 ? lines[1..] : lines)}.", e);
        }
    }

    private static TorchRuntimeReport LoadThroughTorchSharp()
    {
        if (ChosenLibtorch.Folder is { } chosen)
        {
            return new(
                null,
                null,
                false,
                $"{ChosenLibtorch.Variable} names {chosen}, but an existing libtorch can be used on Linux alone. Unset it. {Remedy}");
        }

        var folders = SearchFolders();
        var name = OperatingSystem.IsWindows() ? "torch_cpu.dll" : "libtorch_cpu.dylib";
        return Find(folders, name) is { } libtorch
            ? new(Path.GetDirectoryName(libtorch), null, false, null)
            : Missing(Remedy);
    }

    private static TorchRuntimeReport Missing(string remedy) =>
        new(null, null, false, $"libtorch is not beside the application. {remedy}") { IsLibtorchMissing = true };

    /// <summary>Where .NET itself looks for native libraries, then the folders of the application and of TorchSharp.</summary>
    private static List<string> SearchFolders()
    {
        var known = (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var roots = new[] { AppContext.BaseDirectory, Path.GetDirectoryName(typeof(torch).Assembly.Location) ?? "" }
            .Where(root => root.Length > 0);
        return
        [
            .. known.Concat(
                roots.SelectMany(root => new[] { Path.Combine(root, "runtimes", RuntimeInformation.RuntimeIdentifier, "native"), root }))
                .Distinct(StringComparer.Ordinal)
                .Where(Directory.Exists),
        ];
    }

    private static string? Find(IEnumerable<string> folders, string name) =>
        folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
