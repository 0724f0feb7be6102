using CovidCt.Models.Folding;
using static TorchSharp.torch;

namespace CovidCt.Models.Tests.Folding;

public sealed class FusedOperatorsTests
{
    /// <summary>What TorchSharp makes of arguments may be freed before libtorch reads it, in one call of many.</summary>
    [Fact]
    [Trait("Category", "Long")]
    public async Task Weights_are_packed_whatever_is_collected_meanwhile()
    {
        Assert.SkipUnless(FusedOperators.AreAvailable, "This libtorch has no fused operators.");
        using var weight = ones(4, 3, 3, 3);
        ConvolutionGeometry geometry = new([1, 1], [1, 1], [1, 1], 1);
        using var stop = new CancellationTokenSource();
        var collector = Task.Run(
            () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    GC.Collect(0);
                    GC.WaitForPendingFinalizers();
                }
            },
            TestContext.Current.CancellationToken);

        for (var call = 0; call < 20_000; call++)
        {
            FusedOperators.Pack(weight, geometry, [1, 3, 8, 8]).Dispose();
        }

        await stop.CancelAsync();
        await collector;
    }
}
