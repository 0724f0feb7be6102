using System.Runtime.InteropServices;

namespace CovidCt.Compute;

/// <summary>What is asked of the driver of NVIDIA's cards itself, which TorchSharp doesn't ask.</summary>
internal static unsafe class CudaDriver
{
    private const int MajorCapability = 75, MinorCapability = 76; // CUdevice_attribute of cuda.h.

    private static readonly Lazy<nint> Library = new(
        () => NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1", out var driver) ? driver : 0);

    /// <summary>
    /// The bytes that are free on the card whose context the calling thread has; null where there is no driver or no context.
    /// </summary>
    public static long? FreeMemory()
    {
        nuint free, total;
        return Find("cuMemGetInfo_v2") is { } ask && ((delegate* unmanaged<nuint*, nuint*, int>)ask)(&free, &total) == 0
            ? checked((long)free)
            : null;
    }

    /// <summary>
    /// The compute capability of the card that libtorch calls <c>cuda:0</c>; null where there is no driver or no card. Driver and
    /// libtorch number the cards alike: both obey CUDA_VISIBLE_DEVICES and CUDA_DEVICE_ORDER.
    /// </summary>
    public static Version? ComputeCapability()
    {
        int card, major, minor;
        return Find("cuInit") is { } initialise && Find("cuDeviceGet") is { } find && Find("cuDeviceGetAttribute") is { } ask
            && ((delegate* unmanaged<uint, int>)initialise)(0) == 0
            && ((delegate* unmanaged<int*, int, int>)find)(&card, 0) == 0
            && ((delegate* unmanaged<int*, int, int, int>)ask)(&major, MajorCapability, card) == 0
            && ((delegate* unmanaged<int*, int, int, int>)ask)(&minor, MinorCapability, card) == 0
            ? new(major, minor)
            : null;
    }

    private static nint? Find(string function) =>
        Library.Value != 0 && NativeLibrary.TryGetExport(Library.Value, function, out var found) ? found : null;
}
