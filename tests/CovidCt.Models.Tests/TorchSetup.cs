using System.Runtime.CompilerServices;
using CovidCt.Models.Runtime;

namespace CovidCt.Models.Tests;

internal static class TorchSetup
{
#pragma warning disable CA2255 // The runner may touch torch before the first of our types.
    [ModuleInitializer]
    internal static void Load()
    {
        TorchRuntime.EnsureLoaded();

        // Images this small are dealt with before a second thread has begun, and another project's tests run beside these.
        TorchSharp.torch.set_num_threads(1);
    }
#pragma warning restore CA2255
}
