using System.Runtime.InteropServices;
using CovidCt.Models.Runtime;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests;

/// <summary>What tests on a card need.</summary>
internal static class CardTests
{
    // libtorch's switch behind torch.cuda.set_sync_debug_mode, an enumeration, by its symbol (c10/cuda/CUDAFunctions.h).
    private const string Switch = "_ZZN3c104cuda13warning_stateEvE14warning_state_";
    private const int Allowed = 0, Forbidden = 2;

    /// <summary>Skips the test by name where there is no card.</summary>
    public static void Require() => Assert.SkipUnless(cuda.is_available(), "There is no CUDA card.");

    /// <summary>From here on libtorch throws where the host waits for the card, until <see cref="AllowWaiting"/>.</summary>
    public static void ForbidWaiting() => Set(Forbidden);

    public static void AllowWaiting() => Set(Allowed);

    private static void Set(int mode)
    {
        var name = OperatingSystem.IsWindows() ? "c10_cuda.dll" : "libc10_cuda.so";
        var found = NativeLibrary.TryLoad(Path.Combine(TorchRuntime.Report.LibtorchFolder!, name), out var library)
            & NativeLibrary.TryGetExport(library, Switch, out var place);
        Assert.SkipUnless(found, "This libtorch doesn't let its switch for waiting be found.");
        Marshal.WriteInt32(place, mode);
    }
}
