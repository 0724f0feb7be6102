using System.Runtime.InteropServices;

namespace CovidCt.Training;

/// <summary>What the driver knows of a CUDA card, which TorchSharp doesn't ask.</summary>
internal static unsafe class CudaCard
{
    private const int MajorCapability = 75, MinorCapability = 76; // CUdevice_attribute of cuda.h.

    /// <summary>
    /// The compute capability of the card that libtorch calls <c>cuda:0</c>; null where there is no driver or no card. Driver and
    /// libtorch number the cards alike: both obey CUDA_VISIBLE_DEVICES and CUDA_DEVICE_ORDER.
    /// </summary>
    public static Version? ComputeCapability()
    {
        if (!NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1", out var driver)
            || !NativeLibrary.TryGetExport(driver, "cuInit", out var initialise)
            || !NativeLibrary.TryGetExport(driver, "cuDeviceGet", out var find)
            || !NativeLibrary.TryGetExport(driver, "cuDeviceGetAttribute", out var ask))
        {
            return null;
        }

        int card, major, minor;
        return ((delegate* unmanaged<uint, int>)initialise)(0) == 0
            && ((delegate* unmanaged<int*, int, int>)find)(&card, 0) == 0
            && ((delegate* unmanaged<int*, int, int, int>)ask)(&major, MajorCapability, card) == 0
            && ((delegate* unmanaged<int*, int, int, int>)ask)(&minor, MinorCapability, card) == 0
            ? new(major, minor)
            : null;
    }
}
