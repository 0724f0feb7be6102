using System.Runtime.InteropServices;

namespace CovidCt.Cli;

/// <summary>How the process ends.</summary>
internal static partial class ProcessEnd
{
    /// <summary>
    /// Ends the process once its output is out, without the destructors of libtorch, which take apart for a tenth of a second what
    /// the system frees at once. At a terminal the process ends as usual: .NET has its settings to restore there.
    /// </summary>
    /// <returns>The same exit code, where the process goes on to its usual end.</returns>
    public static int With(int exitCode)
    {
        if (OperatingSystem.IsLinux() && Console.IsInputRedirected && Console.IsOutputRedirected && Console.IsErrorRedirected)
        {
            Console.Out.Flush();
            Console.Error.Flush();
            EndNow(exitCode);
        }

        return exitCode;
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void EndNow(int exitCode);
}
