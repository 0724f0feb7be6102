using System.Runtime.CompilerServices;

namespace CovidCt.Models.Runtime;

/// <summary>
/// Loads libtorch and TorchSharp's native part, on Linux distributions with an older libstdc++ too.
/// </summary>
/// <remarks>
/// <c>libLibTorchSharp.so</c> asks for the symbol version <c>GLIBCXX_3.4.32</c>, which Debian 12, Ubuntu 22.04 and
/// RHEL 9 don't have; the only symbol under it is never called. There, a private copy in which that one requirement is
/// weak is loaded in its place (<see cref="WeakVersionPatch"/>). Where the system's libstdc++ is new enough, nothing is
/// touched. This happens when the first type of this assembly is used; a program that touches <c>torch</c> before that
/// calls <see cref="EnsureLoaded"/> first.
/// <para>
/// libtorch is the one beside the application, or, on Linux, the one whose folder the environment variable
/// <c>COVIDCT_LIBTORCH</c> names: <c>lib</c> of a PyTorch installation or of a libtorch download, with CUDA or without. Before
/// anything of that is loaded, every symbol that TorchSharp's native part needs is looked up in its files, and if one is
/// missing it isn't used. That the symbols are there doesn't prove that the layout of what they point to is the same.
/// </para>
/// </remarks>
public static class TorchRuntime
{
    private static readonly Lazy<TorchRuntimeReport> Loaded = new(NativeLoader.Load);

    /// <summary>What was found and loaded, without throwing.</summary>
    public static TorchRuntimeReport Report => Loaded.Value;

    /// <summary>Loads the native libraries, once; later calls cost nothing.</summary>
    /// <exception cref="NativeRuntimeException">They are missing or can't be loaded; the message says what to do.</exception>
    public static void EnsureLoaded()
    {
        if (Report.Failure is { } failure)
        {
            throw new NativeRuntimeException(failure);
        }
    }

    /// <summary>
    /// The version of libtorch; where it was chosen by <c>COVIDCT_LIBTORCH</c>, with that remark, since other builds compute other bits.
    /// </summary>
    public static string LibtorchVersion => Report.IsChosen
        ? $"{Report.LibtorchVersion ?? "of unknown version"}, chosen by {ChosenLibtorch.Variable}"
        : TorchSharp.torch.__version__;

    /// <summary>
    /// <see cref="Report"/>, with every symbol that TorchSharp's native part needs looked up in the files of the loaded libtorch; where
    /// libtorch isn't loaded, or this is not Linux, without.
    /// </summary>
    /// <exception cref="IOException">A file can't be read.</exception>
    /// <exception cref="InvalidDataException">A file is damaged.</exception>
    public static TorchRuntimeReport ResolveSymbols() =>
        OperatingSystem.IsLinux() && Report is { Symbols: null, LibtorchFolder: { } folder, NativePart: { } nativePart }
            ? Report with { Symbols = LibtorchSymbols.Resolve(nativePart, folder) }
            : Report;

    /// <summary>The folder for files that can be made again: <c>COVIDCT_CACHE</c>, or the user's cache folder.</summary>
    public static string CacheFolder
    {
        get
        {
            if (Environment.GetEnvironmentVariable("COVIDCT_CACHE") is { Length: > 0 } chosen)
            {
                return Path.GetFullPath(chosen);
            }

            if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache && Path.IsPathRooted(cache))
            {
                return Path.Combine(cache, "covidct");
            }

            return OperatingSystem.IsWindows()
                ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "covidct", "cache")
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "covidct");
        }
    }

#pragma warning disable CA2255 // A library's users shall not have to know that a native library needs help to load.
    [ModuleInitializer]
    internal static void LoadOnFirstUse() => _ = Report;
#pragma warning restore CA2255
}
