using static TorchSharp.torch;

namespace CovidCt.Training;

/// <summary>Turns the choice of a device into a device that is there.</summary>
internal static class Devices
{
    /// <exception cref="ArgumentException">CUDA was asked for and is not there.</exception>
    public static Device Resolve(ComputeDevice choice) => choice switch
    {
        ComputeDevice.Cpu => CPU,
        ComputeDevice.Auto => cuda.is_available() ? CUDA : CPU,
        _ => cuda.is_available()
            ? CUDA
            : throw new ArgumentException(
                "CUDA was asked for, but libtorch finds no card. Check the driver, reference TorchSharp-cuda-linux or " +
                "TorchSharp-cuda-windows, or choose the device cpu."),
    };
}
