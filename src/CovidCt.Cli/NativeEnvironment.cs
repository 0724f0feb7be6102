using System.Runtime.InteropServices;

namespace CovidCt.Cli;

/// <summary>The C library's environment, which native libraries read and .NET's own calls don't change.</summary>
internal static partial class NativeEnvironment
{
    /// <summary>Sets a variable, unless the user has.</summary>
    public static void SetDefault(string name, string value)
    {
        if (Environment.GetEnvironmentVariable(name) is not null)
        {
            return;
        }

        _ = OperatingSystem.IsWindows() ? PutEnvironment(name, value) : SetEnvironment(name, value, overwrite: 0);
    }

    /// <summary>What a card takes to give the same bits each time: libtorch below 2.10 asks for it, before CUDA starts.</summary>
    public static void PrepareForDeterminism() => SetDefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8");

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport("ucrtbase.dll", EntryPoint = "_putenv_s", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int PutEnvironment(string name, string value);
}
