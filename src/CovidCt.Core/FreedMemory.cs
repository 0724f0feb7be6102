using System.Runtime.InteropServices;

namespace CovidCt;

/// <summary>What becomes of the memory that libtorch frees.</summary>
/// <remarks>
/// A network frees the activations of each step, and takes as much for the next. The C library of Linux gives blocks of that size
/// back to the system, which must fill them with zeros before it hands them out again: a third of the time of a training step.
/// Other systems are left as they are.
/// </remarks>
internal static partial class FreedMemory
{
    private const int TrimThreshold = -1, MapThreshold = -3; // M_TRIM_THRESHOLD and M_MMAP_THRESHOLD of malloc.h.
    private const int Kept = 1 << 30;
    private const int DefaultTrim = 64 << 20, DefaultMap = 32 << 20; // Where glibc's own adaptation ends on 64 bits.

    private static readonly Lazy<bool> CanChoose = new(() =>
        OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out var library) && NativeLibrary.TryGetExport(library, "mallopt", out _) && NativeLibrary.TryGetExport(library, "malloc_trim", out _));

    /// <summary>Keeps it with the process until the result is disposed, and then gives back what is free.</summary>
    public static IDisposable Keep() => new Keeping();

    [LibraryImport("libc.so.6", EntryPoint = "mallopt")]
    private static partial int Choose(int parameter, int value);

    [LibraryImport("libc.so.6", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint pad);

    private sealed class Keeping : IDisposable
    {
        public Keeping() => Choose(Kept, Kept);

        public void Dispose()
        {
            if (Choose(DefaultTrim, DefaultMap))
            {
                _ = Trim(0);
            }
        }

        private static bool Choose(int trim, int map)
        {
            if (!CanChoose.Value)
            {
                return false;
            }

            _ = FreedMemory.Choose(TrimThreshold, trim);
            _ = FreedMemory.Choose(MapThreshold, map);
            return true;
        }
    }
}
