using System.Runtime.InteropServices;

namespace CovidCt.Models.Runtime;

/// <summary>The libtorch that the user names by an environment variable, in place of one beside the application.</summary>
internal static class ChosenLibtorch
{
    public const string Variable = "COVIDCT_LIBTORCH";

    /// <summary>The PyTorch that TorchSharp's native part was built with.</summary>
    internal const string FittingVersion = "2.10";

    private const string Remedy =
        "Set it to the folder with libtorch_cpu.so, which is `lib` in a PyTorch installation or a libtorch download " +
        "(`python3 -c \"import torch; print(torch.__path__[0] + '/lib')\"`), or unset it to use the libtorch beside the application.";

    private const int MostNamed = 5;

    /// <summary>The variable's folder; null where it is not set.</summary>
    public static string? Folder =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder
            ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))
            : null;

    /// <summary>Resolves every symbol that the native part needs in the folder's files, before any of them is loaded.</summary>
    /// <exception cref="NativeRuntimeException">The folder holds no libtorch, or one that doesn't fit.</exception>
    public static LibtorchSymbols Check(string folder, string nativePart)
    {
        CheckFolder(folder);
        LibtorchSymbols symbols;
        try
        {
            symbols = LibtorchSymbols.Resolve(nativePart, folder);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new NativeRuntimeException($"{Variable} names {folder}, whose libtorch can't be used: {e.Message} {Remedy}", e);
        }

        if (symbols.Missing.Count > 0)
        {
            throw new NativeRuntimeException(
                $"{Variable} names {folder}, whose libtorch doesn't fit TorchSharp: it lacks {symbols.Missing.Count} of the "
                    + $"{symbols.Needed} symbols " +
                $"that {Path.GetFileName(nativePart)} needs, "
                    + $"{string.Join(", ", symbols.Missing.Take(MostNamed))}{(symbols.Missing.Count > MostNamed ? " and others" : "")}. " +
                $"Nothing of it was loaded. Set it to the `lib` folder of PyTorch {FittingVersion}, or unset it to use the libtorch "
                    + "beside the application.");
        }

        CheckNames(folder);
        return symbols;
    }

    /// <summary>Sees to it that TorchSharp takes the chosen libtorch, once that is loaded, and none of the application's own.</summary>
    /// <exception cref="NativeRuntimeException">The application has a part that the chosen one lacks.</exception>
    /// <exception cref="IOException">No folder for a stand-in can be written.</exception>
    public static void KeepSingle(string folder, IEnumerable<string> beside)
    {
        foreach (var library in beside.Where(library => Path.GetDirectoryName(library) != folder))
        {
            if (!LibtorchStandIn.TryLoad(folder, Path.GetFileName(library), PatchedCopy.Folder))
            {
                throw new NativeRuntimeException(
                    $"{Variable} names {folder}, but TorchSharp would load {library} of the application beside it. " +
                    "Take the libtorch package out of the application, or unset the variable.");
            }
        }
    }

    /// <summary>The version of a loaded libtorch; null where it doesn't say.</summary>
    public static unsafe string? Version(string folder)
    {
        // torch/csrc/stable/c/shim.h: from the highest byte down, major, minor and patch version.
        if (!NativeLibrary.TryLoad(Path.Combine(folder, "libtorch_cpu.so"), out var library)
            || !NativeLibrary.TryGetExport(library, "aoti_torch_abi_version", out var function))
        {
            return null;
        }

        var version = ((delegate* unmanaged<ulong>)function)();
        return $"{version >> 56}.{(version >> 48) & 0xff}.{(version >> 40) & 0xff}";
    }

    private static void CheckFolder(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new NativeRuntimeException(
                $"{Variable} names {folder}, which is {(File.Exists(folder) ? "a file" : "not there")}. {Remedy}");
        }

        foreach (var name in (string[])["libtorch_cpu.so", "libc10.so", "libtorch.so"])
        {
            if (!File.Exists(Path.Combine(folder, name)))
            {
                throw new NativeRuntimeException($"{Variable} names {folder}, which has no {name}. {Remedy}");
            }
        }
    }

    /// <summary>What is loaded by its full path counts as a library that others need only if it goes by that name itself.</summary>
    private static void CheckNames(string folder)
    {
        foreach (var name in NativeLoader.LibtorchFiles.Where(name => File.Exists(Path.Combine(folder, name))))
        {
            using var library = ElfFile.Open(Path.Combine(folder, name));
            if (library.OwnName != name)
            {
                throw new NativeRuntimeException(
                    $"{Variable} names {folder}, whose {name} calls itself {library.OwnName ?? "nothing"}, so that the loader wouldn't "
                        + $"find it. {Remedy}");
            }
        }
    }
}
