using System.Globalization;
using System.Runtime.InteropServices;

namespace CovidCt.Benchmarks;

/// <summary>Memory of this process as Linux counts it, in bytes: mapped pages of files included.</summary>
internal static partial class ProcessMemory
{
    public static long Resident => Field("VmRSS");

    public static long Peak => Field("VmHWM");

    /// <summary>Lets the peak begin anew from what is resident now.</summary>
    public static void ResetPeak() => File.WriteAllText("/proc/self/clear_refs", "5");

    /// <summary>Gives memory that was freed back to the system, where it would count as resident and be taken anew unseen.</summary>
    public static void ReleaseFreed()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        _ = Trim(0);
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint kept);

    private static long Field(string name)
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
