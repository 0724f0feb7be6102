namespace CovidCt.Cli;

/// <summary>How libtorch's threads wait for each other.</summary>
internal static class ThreadWaiting
{
    private const string Policy = "OMP_WAIT_POLICY", Spins = "GOMP_SPINCOUNT";

    /// <summary>
    /// Lets waiting threads spin for some microseconds and then sleep, unless the user has chosen: beside another program,
    /// threads that spin take the processor from those they wait for, and threads that sleep at once cost a fifth of the
    /// speed of small networks. libtorch's OpenMP reads the variables when it is loaded.
    /// </summary>
    public static void SleepSoon()
    {
        if (OperatingSystem.IsLinux()
            && Environment.GetEnvironmentVariable(Policy) is null
            && Environment.GetEnvironmentVariable(Spins) is null)
        {
            NativeEnvironment.SetDefault(Policy, "passive");
            NativeEnvironment.SetDefault(Spins, "1000");
        }
    }
}
