using CovidCt.Recipes;
using static TorchSharp.torch;

namespace CovidCt.Compute;

/// <summary>Turns the choice of a precision into one that the device has.</summary>
internal static class Precisions
{
    private static readonly Version FirstWithBFloat16 = new(8, 0);

    /// <exception cref="ArgumentException">bfloat16 was asked for, and the card doesn't have it.</exception>
    public static ComputePrecision Resolve(ComputePrecision choice, Device device) =>
        Resolve(choice, device.type == TorchSharp.DeviceType.CUDA, CudaDriver.ComputeCapability);

    /// <summary>The same for a card of some compute capability, null if it can't be told.</summary>
    internal static ComputePrecision Resolve(ComputePrecision choice, bool isCuda, Func<Version?> capability) => (choice, isCuda) switch
    {
        (ComputePrecision.Float32, _) or (ComputePrecision.Auto, false) => ComputePrecision.Float32,
        (ComputePrecision.BFloat16, false) => ComputePrecision.BFloat16,
        (ComputePrecision.Auto, true) => capability() >= FirstWithBFloat16 ? ComputePrecision.BFloat16 : ComputePrecision.Float32,
        _ => capability() is { } found && found < FirstWithBFloat16
            ? throw new ArgumentException(
                $"bfloat16 was asked for, which needs a card of compute capability {FirstWithBFloat16}; this one has {found}. Choose the "
                    + "precision float32 or auto.")
            : ComputePrecision.BFloat16,
    };
}
