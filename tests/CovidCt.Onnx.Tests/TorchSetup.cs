using System.Runtime.CompilerServices;
using CovidCt.Models.Runtime;

namespace CovidCt.Onnx.Tests;

internal static class TorchSetup
{
#pragma warning disable CA2255 // The runner may touch torch before the first of our types.
    [ModuleInitializer]
    internal static void Load()
    {
        TorchRuntime.EnsureLoaded();

        // Tensors this small are dealt with before a second thread has begun; tests of threads ask for their own.
        TorchSharp.torch.set_num_threads(1);
    }
#pragma warning restore CA2255
}
