namespace CovidCt.Cli.Tests;

/// <summary>The program without its libtorch, as an application that references none has it.</summary>
public sealed class NativeRuntimeTests(ProgramWithoutLibtorch program) : IClassFixture<ProgramWithoutLibtorch>, IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("reproduce")]
    [InlineData("reproduce --backbones squeezenet1_1 --json")]
    [InlineData("predict --run run image.png")]
    [InlineData("predict --run run image.png --json")]
    [InlineData("predict --backbone squeezenet1_1 --weights run/network.safetensors image.png --json")]
    public void The_package_to_add_is_named_and_nothing_is_written(string arguments)
    {
        _place.Write("run/network.safetensors", "any");

        Run(arguments).Fails(4, "libtorch", "dotnet add package TorchSharp-cpu");

        Assert.Equal(["run", "run/network.safetensors"], _place.Entries("cache"));
    }

    [Fact]
    public void Doctor_has_a_failing_line_with_the_remedy()
    {
        var outcome = Run("doctor");

        Assert.Equal(4, outcome.ExitCode);
        var lines = outcome.Output.Split('\n');
        var failing = Array.FindIndex(lines, line => line.StartsWith("FAIL  libtorch", StringComparison.Ordinal));
        Assert.Contains("dotnet add package TorchSharp-cpu", lines[failing + 1], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.StartsWith("ok    cache folder", StringComparison.Ordinal));

        var json = Run("doctor --json").Exits(4).Json;
        Assert.False(json["healthy"]!.GetValue<bool>());
        var finding = Assert.Single(json["findings"]!.AsArray(), finding => !finding!["ok"]!.GetValue<bool>())!;
        Assert.Contains("TorchSharp-cpu", finding["remedy"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_needs_no_libtorch_works_without_it()
    {
        Run("models").Exits(0);
        Run("--help").Exits(0);
        Run("reproduce --folds 1").Fails(2, "--folds");
    }

    private Workplace.Outcome Run(string arguments) =>
        _place.RunFrom(program.Folder, new() { ["COVIDCT_CACHE"] = _place.PathOf("cache") }, arguments.Split(' '));
}
