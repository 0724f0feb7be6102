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

/// <summary>What <see cref="TorchRuntime"/> found and did.</summary>
/// <param name="LibtorchFolder">The folder that libtorch was loaded from; null where it was left to the system's search.</param>
/// <param name="NativePart">The file that TorchSharp's native part was loaded from; null where nothing was loaded.</param>
/// <param name="UsesCompatibilityCopy">Whether <paramref name="NativePart"/> is the copy for an older libstdc++.</param>
/// <param name="Failure">What went wrong and what to do about it; null where all is well.</param>
public sealed record TorchRuntimeReport(string? LibtorchFolder, string? NativePart, bool UsesCompatibilityCopy, string? Failure);
