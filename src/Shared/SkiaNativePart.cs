using SkiaSharp;

namespace CovidCt;

/// <summary>The native part of SkiaSharp, which an application picks on Linux.</summary>
internal static class SkiaNativePart
{
    /// <summary>Sees to it that it is there, before a type initializer of SkiaSharp hides that it isn't.</summary>
    /// <exception cref="DllNotFoundException">It isn't; the message names the package to add.</exception>
    public static void Require()
    {
        try
        {
            _ = SkiaSharpVersion.Native;
        }
        catch (DllNotFoundException e)
        {
            throw new DllNotFoundException(
                "SkiaSharp's native part, libSkiaSharp, can't be loaded: on Linux add the package "
                    + "SkiaSharp.NativeAssets.Linux.NoDependencies, or SkiaSharp.NativeAssets.Linux where fontconfig is installed, to the "
                    + "application (`dotnet add package SkiaSharp.NativeAssets.Linux.NoDependencies`).", e);
        }
    }
}
