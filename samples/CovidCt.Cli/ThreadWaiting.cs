using System.Runtime.InteropServices;

namespace CovidCt.Cli;

/// <summary>How libtorch's threads wait for each other.</summary>
internal static partial class ThreadWaiting
{
    private const string Variable = "OMP_WAIT_POLICY";

    /// <summary>
    /// Lets waiting threads sleep rather than spin, unless the user has chosen: beside another program, spinning threads take
    /// the processor from those they wait for. libtorch's OpenMP reads the variable when it is loaded, from the C library's
    /// environment, which .NET's own calls don't change.
    /// </summary>
    public static void Sleep()
    {
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable(Variable) is null)
        {
            _ = SetEnvironment(Variable, "passive", overwrite: 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
