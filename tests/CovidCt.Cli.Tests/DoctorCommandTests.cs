namespace CovidCt.Cli.Tests;

public sealed class DoctorCommandTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void A_machine_in_order_is_told_so_line_by_line()
    {
        var outcome = _place.RunProcess("doctor").Exits(0);

        Assert.Empty(outcome.Errors);
        Assert.All(outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.StartsWith("ok ", line, StringComparison.Ordinal));
        foreach (var topic in (string[])["runtime", "SkiaSharp", "libtorch", "symbols", "CUDA part", "native part", "compatibility copy", "threads", "devices", "self-test on cpu", "cache folder"])
        {
            Assert.Contains(topic, outcome.Output, StringComparison.Ordinal);
        }

        Assert.Contains(Workplace.Program, outcome.Output, StringComparison.Ordinal);
        Assert.Contains("beside the application; COVIDCT_LIBTORCH is not set", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void As_json_it_has_the_same_findings()
    {
        var report = _place.Run("doctor", "--json").Exits(0).Json;

        Assert.True(report["healthy"]!.GetValue<bool>());
        Assert.All(report["findings"]!.AsArray(), finding => Assert.True(finding!["ok"]!.GetValue<bool>()));
    }

    [Fact]
    public void A_cache_folder_that_cannot_be_made_has_its_line_and_its_remedy()
    {
        var file = _place.Write("file", "a file in its place");

        var outcome = _place.RunWith(new() { ["COVIDCT_CACHE"] = Path.Combine(file, "cache") }, "doctor");

        Assert.Contains("FAIL  cache folder", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("Set COVIDCT_CACHE", outcome.Output, StringComparison.Ordinal);
    }
}
