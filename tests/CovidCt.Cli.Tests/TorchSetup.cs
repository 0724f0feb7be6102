using System.Runtime.CompilerServices;
using CovidCt.Models.Runtime;

namespace CovidCt.Cli.Tests;

internal static class TorchSetup
{
#pragma warning disable CA2255 // The runner may touch torch before the first of our types.
    [ModuleInitializer]
    internal static void Load()
    {
        TorchRuntime.EnsureLoaded();

        // What is trained within this process is trained on one thread too, so that no test changes the bits of another.
        TorchSharp.torch.set_num_threads(1);
    }
#pragma warning restore CA2255
}
