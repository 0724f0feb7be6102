using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace CovidCt.Compute;

/// <summary>Where tensors lie, for kernels of this library's own.</summary>
internal static class TensorMemory
{
    /// <summary>The address of the first value of a contiguous tensor on the CPU.</summary>
    public static unsafe nint Address(Tensor tensor) => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));
}
