using System.Runtime.CompilerServices;
using CovidCt.Models.Runtime;

namespace CovidCt.Core.Tests;

internal static class TorchSetup
{
#pragma warning disable CA2255 // The runner may touch torch before the first of our types.
    [ModuleInitializer]
    internal static void Load() => TorchRuntime.EnsureLoaded();
#pragma warning restore CA2255
}
