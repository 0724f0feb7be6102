using CovidCt.Compute;
using CovidCt.Recipes;
using TorchSharp;

namespace CovidCt.Core.Tests.Compute;

public sealed class DevicesTests
{
    [Fact]
    public void A_card_that_is_not_there_is_refused_with_what_is_missing()
    {
        Assert.SkipWhen(torch.cuda.is_available(), "There is a CUDA card.");
        Assert.Equal(DeviceType.CPU, Devices.Resolve(ComputeDevice.Auto).type);
        Assert.StartsWith("CUDA was asked for, but", Assert.Throws<ArgumentException>(() => Devices.Resolve(ComputeDevice.Cuda)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_libtorch_without_CUDA_is_told_from_a_machine_without_a_card()
    {
        Assert.Contains("COVIDCT_LIBTORCH", Devices.WhyNoCard(null), StringComparison.Ordinal);
        Assert.Contains("/torch/lib/libtorch_cuda.so finds no card", Devices.WhyNoCard("/torch/lib/libtorch_cuda.so"), StringComparison.Ordinal);
    }
}
