using CovidCt.Compute;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Compute;

public sealed class DeviceMemoryTests
{
    [Fact]
    public void Trainings_at_once_share_the_room_for_canvases()
    {
        var alone = new DeviceMemory(CPU).RoomForCanvases;
        Assert.Equal(1L << 30, alone);
        Assert.Equal(alone / 5, new DeviceMemory(CPU, sharers: 5).RoomForCanvases);
    }
}
