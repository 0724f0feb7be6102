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

        // The runner has a test class on every core already.
        TorchSharp.torch.set_num_threads(1);
    }
#pragma warning restore CA2255
}
