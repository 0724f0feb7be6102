using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CovidCt.Compute;

/// <summary>What becomes of the memory that libtorch frees, from here until this is disposed, which gives back what is free.</summary>
/// <remarks>
/// <para>
/// A network frees the activations of each step, and takes as much for the next. The C library of Linux gives blocks of that size
/// back to the system, which must fill them with zeros before it hands them out again: a third of the time of a training step.
/// Other systems are left as they are.
/// </para>
/// <para>
/// Threads that the C library gives an arena of their own can't keep blocks of more than 64 MiB there. The main thread can, and
/// so can all if the environment says <c>MALLOC_ARENA_MAX=1</c>.
/// </para>
/// <para>
/// Of blocks that are kept some lie idle, since others of their size are asked for: if all are, ResNet50 takes two fifths more than
/// it needs for a batch of 32. So the large ones are kept only where memory is plentiful.
/// </para>
/// </remarks>
internal sealed partial class FreedMemory : IDisposable
{
    private const int TrimThreshold = -1, MapThreshold = -3; // M_TRIM_THRESHOLD and M_MMAP_THRESHOLD of malloc.h.
    private const int All = 1 << 30;
    private const int Moderate = 16 << 20; // Beneath most of what ResNet50 makes of a batch of 32.
    private const int DefaultTrim = 64 << 20, DefaultMap = 32 << 20; // Where glibc's own adaptation ends on 64 bits.
    private const int Plenty = 5;

    private static readonly Lazy<bool> CanChoose = new(() =>
        OperatingSystem.IsLinux()
            && NativeLibrary.TryLoad("libc.so.6", out var library)
            && NativeLibrary.TryGetExport(library, "mallopt", out _)
            && NativeLibrary.TryGetExport(library, "malloc_trim", out _));

    private static readonly Lock Turn = new();
    private static int Keepers; // The C library has one setting for the process: the last to leave restores it.

    private bool _isDone;

    private FreedMemory()
    {
    }

    /// <summary>Keeps blocks of moderate size with the process.</summary>
    public static FreedMemory Keep()
    {
        lock (Turn)
        {
            if (Keepers++ == 0)
            {
                Choose(All, Moderate);
            }
        }

        return new();
    }

    /// <summary>Keeps large blocks too, if the process has so far needed less than a fifth of the memory that it may have.</summary>
    public static void KeepLargeIfPlentiful()
    {
        using var process = Process.GetCurrentProcess();
        lock (Turn)
        {
            if (Keepers > 0 && process.PeakWorkingSet64 < GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Plenty)
            {
                Choose(All, All);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (Turn)
        {
            if (!_isDone && --Keepers == 0 && Choose(DefaultTrim, DefaultMap))
            {
                _ = Trim(0);
            }

            _isDone = true;
        }
    }

    private static bool Choose(int trim, int map)
    {
        if (!CanChoose.Value)
        {
            return false;
        }

        _ = SetOption(TrimThreshold, trim);
        _ = SetOption(MapThreshold, map);
        return true;
    }

    [LibraryImport("libc.so.6", EntryPoint = "mallopt")]
    private static partial int SetOption(int parameter, int value);

    [LibraryImport("libc.so.6", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint pad);
}
