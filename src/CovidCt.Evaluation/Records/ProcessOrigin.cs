using System.Diagnostics;
using System.Globalization;

namespace CovidCt.Records;

/// <summary>What tells a process from others that have, or had, its number: the machine, its start, and the start of the process.</summary>
internal static class ProcessOrigin
{
    private const char Separator = ' ';
    private const int StartField = 19; // Of those behind the name in /proc/PID/stat, from 0: the 22nd of all.
    private const string Zombie = "Z", Dead = "X";

    private static readonly (string Machine, string Boot) Kernel = OperatingSystem.IsLinux()
        ? (Line("/etc/machine-id"), $"{Line("/proc/sys/kernel/random/boot_id")}{NamespaceOf("self")}")
        : (Environment.MachineName, "-");

    /// <summary>This process's; null where the system doesn't say it.</summary>
    public static string? Here { get; } = StartOf(Environment.ProcessId) is { } start
        ? string.Join(Separator, Kernel.Machine, Kernel.Boot, start)
        : null;

    /// <summary>Whether a process is known to have ended.</summary>
    /// <param name="host">The name of its machine.</param>
    /// <param name="process">Its number there.</param>
    /// <param name="origin">What it said of itself.</param>
    public static bool IsGone(string host, int process, string origin)
    {
        if (origin.Split(Separator) is not [var machine, { Length: > 0 } boot, { Length: > 0 } start])
        {
            return false;
        }

        // Machines of a cluster may be copies of one, with its id, but not with its name.
        return boot == Kernel.Boot && machine == Kernel.Machine
            ? StartOf(process) != start
            : machine.Length > 0 && machine == Kernel.Machine && host == Environment.MachineName
                && boot.Split('/')[0] != Kernel.Boot.Split('/')[0];
    }

    private static string? StartOf(int process)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                var text = File.ReadAllText(FormattableString.Invariant($"/proc/{process}/stat"));
                var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
                return fields[0] is Zombie or Dead ? null : fields[StartField];
            }

            using var other = Process.GetProcessById(process);
            return other.StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException
            or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static string NamespaceOf(string process)
    {
        try
        {
            return $"/{new FileInfo($"/proc/{process}/ns/pid").LinkTarget?.Replace(Separator, '-')}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "/?";
        }
    }

    private static string Line(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
