using CovidCt.Compute;
using CovidCt.Recipes;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Compute;

public sealed class PrecisionsTests
{
    [Theory]
    [InlineData(ComputePrecision.Auto, "9.0", ComputePrecision.BFloat16)]
    [InlineData(ComputePrecision.Auto, "8.0", ComputePrecision.BFloat16)]
    [InlineData(ComputePrecision.Auto, "7.5", ComputePrecision.Float32)]
    [InlineData(ComputePrecision.Auto, "12.0", ComputePrecision.BFloat16)]
    [InlineData(ComputePrecision.Auto, null, ComputePrecision.Float32)]
    [InlineData(ComputePrecision.Float32, "9.0", ComputePrecision.Float32)]
    [InlineData(ComputePrecision.BFloat16, "8.6", ComputePrecision.BFloat16)]
    [InlineData(ComputePrecision.BFloat16, null, ComputePrecision.BFloat16)]
    public void A_card_gives_bfloat16_where_it_has_it(ComputePrecision choice, string? capability, ComputePrecision expected) =>
        Assert.Equal(expected, Precisions.Resolve(choice, isCuda: true, () => capability is null ? null : Version.Parse(capability)));

    [Fact]
    public void A_card_without_bfloat16_is_named()
    {
        var error = Assert.Throws<ArgumentException>(() => Precisions.Resolve(ComputePrecision.BFloat16, isCuda: true, () => new(7, 5)));

        Assert.Contains("compute capability 8.0; this one has 7.5", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ComputePrecision.Auto, ComputePrecision.Float32)]
    [InlineData(ComputePrecision.Float32, ComputePrecision.Float32)]
    [InlineData(ComputePrecision.BFloat16, ComputePrecision.BFloat16)]
    public void The_processor_takes_bfloat16_when_asked(ComputePrecision choice, ComputePrecision expected) =>
        Assert.Equal(expected, Precisions.Resolve(choice, CPU));

    [Fact]
    [Trait("Category", "Card")]
    public void The_capability_of_a_card_is_found_where_there_is_one()
    {
        CardTests.Require();

        Assert.True(CudaDriver.ComputeCapability() >= new Version(5, 0));
    }

    [Fact]
    public void Without_a_card_there_is_no_capability()
    {
        Assert.SkipWhen(cuda.is_available(), "There is a CUDA card.");

        Assert.Null(CudaDriver.ComputeCapability());
    }
}
