using CovidCt.Compute;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests;

/// <summary>The processor in a card's place: whatever is made for a card runs on it.</summary>
internal sealed class StandInMemory() : DeviceMemory(CPU)
{
    private int _uploads;

    public override bool IsApart => true;

    public override long RoomForCanvases => Room;

    /// <summary>What canvases may take.</summary>
    public long Room { get; init; } = long.MaxValue;

    /// <summary>How often something was sent.</summary>
    public int Uploads => _uploads;

    public override Tensor Upload(Tensor host)
    {
        Interlocked.Increment(ref _uploads);
        return base.Upload(host);
    }
}
