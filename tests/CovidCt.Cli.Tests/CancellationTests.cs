namespace CovidCt.Cli.Tests;

/// <summary>Studies that a signal stops; <see cref="InterruptionTests"/> go on with them to the end.</summary>
public sealed class CancellationTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    [Trait("Category", "Long")]
    public void A_study_that_is_cancelled_while_it_trains_says_how_to_go_on()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals.");
        using var cancelled = _place.Start(
            "reproduce", "--data", _place.WritePhantom(), "--backbones", "squeezenet1_1", "--folds", "2", "--epochs", "100", "--max-images", "6", "--batch-size", "2", "--threads", "1", "--controls", "none", "--out", "out");

        cancelled.WaitFor("out/runs/squeezenet1_1/fold-0/checkpoint.safetensors");
        cancelled.Signal("INT");

        cancelled.Finish().Fails(130, "Cancelled", "--resume", _place.PathOf("out"));
        Assert.False(File.Exists(_place.PathOf("out/predictions.csv")));
    }

    [Fact]
    public void A_study_that_is_cancelled_while_it_begins_leaves_nothing_half_written()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals.");
        using (var cancelled = _place.Start("reproduce", "--out", "out"))
        {
            cancelled.WaitFor("out/leases/1.json");
            cancelled.Signal("INT");
            cancelled.Finish().Fails(130, "Cancelled");
        }

        Assert.DoesNotContain(_place.Entries(), entry => entry.EndsWith("manifest.csv", StringComparison.Ordinal) && !Directory.Exists(_place.PathOf("out/phantom/images")));
    }
}
