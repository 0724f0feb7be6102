using TorchSharp;
using static TorchSharp.torch;

namespace CovidCt.Compute;

/// <summary>The memory of the device that computes: how tensors come there, and how much of it canvases may take.</summary>
/// <remarks>
/// <para>
/// A copy from pinned memory is queued behind the card's work, and the host goes on. The pinned memory may be given back at once:
/// libtorch's allocator notes an event with the copy, and hands the memory out again only when the card has come past that
/// (ATen/cuda/CachingHostAllocator.h). All work is queued on the default stream, whichever thread queues it, so that memory of the
/// card that one thread frees and another gets is written after it was read.
/// </para>
/// <para>Tests take another memory's place.</para>
/// </remarks>
/// <param name="device">The device.</param>
/// <param name="sharers">How many trainings there may be on it at once, this one included.</param>
internal class DeviceMemory(Device device, int sharers = 1)
{
    private const long RoomWhereUnknown = 1L << 30;
    private const int ShareOfFree = 4; // The rest is for the network, whose needs aren't known beforehand.

    /// <summary>The device.</summary>
    public Device Device { get; } = device;

    /// <summary>Whether it is another memory than the host's.</summary>
    public virtual bool IsApart => Device.type != DeviceType.CPU;

    /// <summary>
    /// The bytes that canvases may take: of a quarter of what is free on a card, or 1 GiB where that can't be asked, this training's share.
    /// </summary>
    public virtual long RoomForCanvases => (FreeMemory is { } free ? free / ShareOfFree : RoomWhereUnknown) / sharers;

    private long? FreeMemory
    {
        get
        {
            if (Device.type != DeviceType.CUDA || Device.index > 0)
            {
                return null;
            }

            // The driver answers for the context of the calling thread, which comes with its first work.
            using var work = zeros(1, device: Device);
            return CudaDriver.FreeMemory();
        }
    }

    /// <summary>Brings a tensor to the device without waiting for it.</summary>
    /// <param name="host">A tensor on the CPU, which is taken over.</param>
    /// <returns>The same on the device, in the caller's dispose scope.</returns>
    public virtual Tensor Upload(Tensor host)
    {
        using var given = host;
        if (Device.type != DeviceType.CUDA)
        {
            return given.to(Device);
        }

        using var pinned = given.pin_memory();
        return pinned.to(Device, non_blocking: true);
    }
}
