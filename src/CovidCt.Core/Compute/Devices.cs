using CovidCt.Models.Runtime;
using CovidCt.Recipes;
using static TorchSharp.torch;

namespace CovidCt.Compute;

/// <summary>Turns the choice of a device into a device that is there.</summary>
internal static class Devices
{
    /// <exception cref="ArgumentException">CUDA was asked for and is not there.</exception>
    public static Device Resolve(ComputeDevice choice) => choice switch
    {
        ComputeDevice.Cpu => CPU,
        ComputeDevice.Auto => cuda.is_available() ? CUDA : CPU,
        _ => cuda.is_available() ? CUDA : throw new ArgumentException(WhyNoCard(TorchRuntime.Report.CudaPart)),
    };

    /// <summary>What is missing, and what to do.</summary>
    /// <param name="cudaPart">CUDA's part of the libtorch in use; null where it has none.</param>
    internal static string WhyNoCard(string? cudaPart) => cudaPart is null
        ? "CUDA was asked for, but the libtorch in use is one without CUDA. Reference TorchSharp-cuda-linux or TorchSharp-cuda-windows, "
            + "on Linux name the lib folder of a PyTorch with CUDA in COVIDCT_LIBTORCH, or choose the device cpu."
        : $"CUDA was asked for, but {cudaPart} finds no card. See whether nvidia-smi shows one and the driver is new enough for that "
            + "libtorch, or choose the device cpu.";
}
