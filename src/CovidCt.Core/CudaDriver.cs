using System.Runtime.InteropServices;

namespace CovidCt;

/// <summary>What is asked of the driver of NVIDIA's cards itself, where there is one.</summary>
internal static unsafe class CudaDriver
{
    private static readonly Lazy<nint> GetInfo = new(() =>
        NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1", out var driver)
        && NativeLibrary.TryGetExport(driver, "cuMemGetInfo_v2", out var function)
            ? function
            : 0);

    /// <summary>The bytes that are free on the card whose context the calling thread has; null where there is no driver or no context.</summary>
    public static long? FreeMemory()
    {
        nuint free = 0, total = 0;
        return GetInfo.Value != 0 && ((delegate* unmanaged<nuint*, nuint*, int>)GetInfo.Value)(&free, &total) == 0 ? checked((long)free) : null;
    }
}
