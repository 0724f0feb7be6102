using CovidCt.Compute;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Compute;

[Collection(NativeMemory.Name)]
public sealed class AlgorithmSettingsTests
{
    [Fact]
    public void What_is_set_is_read_back()
    {
        Assert.SkipUnless(AlgorithmSettings.AreAvailable, "This libtorch doesn't export them.");
        var before = AlgorithmSettings.Current;
        try
        {
            Assert.Equal(new(false, false, false), before);
            foreach (var settings in (AlgorithmSettings[])[new(true, false, false), new(false, true, false), new(false, false, true), new(true, true, true)])
            {
                AlgorithmSettings.Current = settings;
                Assert.Equal(settings, AlgorithmSettings.Current);
            }
        }
        finally
        {
            AlgorithmSettings.Current = before;
        }
    }

    [Fact]
    public void Determinism_reaches_the_operators()
    {
        Assert.SkipUnless(AlgorithmSettings.AreAvailable, "This libtorch doesn't export them.");
        using var scope = NewDisposeScope();
        var before = AlgorithmSettings.Current;
        try
        {
            AlgorithmSettings.Current = before with { DeterministicAlgorithms = true };
            Assert.True(empty(10_000).isnan().all().item<bool>()); // It then fills memory that is not yet written.
        }
        finally
        {
            AlgorithmSettings.Current = before;
        }
    }

    [Fact]
    public void The_packages_of_linux_and_windows_have_them() =>
        Assert.True(AlgorithmSettings.AreAvailable || OperatingSystem.IsMacOS());
}
