using System.Globalization;

namespace CovidCt.Benchmarks;

/// <summary>Memory of this process as Linux counts it, in bytes: mapped pages of files included.</summary>
internal static class ProcessMemory
{
    public static long Resident => Field("VmRSS");

    public static long Peak => Field("VmHWM");

    /// <summary>Lets the peak begin anew from what is resident now.</summary>
    public static void ResetPeak() => File.WriteAllText("/proc/self/clear_refs", "5");

    private static long Field(string name)
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
