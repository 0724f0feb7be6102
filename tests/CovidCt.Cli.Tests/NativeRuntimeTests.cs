namespace CovidCt.Cli.Tests;

/// <summary>The program without its libtorch, as an application that references none has it.</summary>
[Collection(OneFinishedStudy.Name)]
public sealed class NativeRuntimeTests(ProgramWithoutLibtorch program, FinishedStudy study) : IClassFixture<ProgramWithoutLibtorch>, IDisposable
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

        Run(arguments).Fails(4, "libtorch", "pip install torch==2.10.0", "COVIDCT_LIBTORCH", "packed with libtorch");

        Assert.Equal(["run", "run/network.safetensors"], _place.Entries("cache"));
    }

    [Fact]
    public void Doctor_has_a_failing_line_with_the_remedy()
    {
        var outcome = Run("doctor");

        Assert.Equal(4, outcome.ExitCode);
        var lines = outcome.Output.Split('\n');
        var failing = Array.FindIndex(lines, line => line.StartsWith("FAIL  libtorch", StringComparison.Ordinal));
        Assert.Contains("pip install torch==2.10.0", lines[failing + 1], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.StartsWith("ok    cache folder", StringComparison.Ordinal));

        var json = Run("doctor --json").Exits(4).Json;
        Assert.False(json["healthy"]!.GetValue<bool>());
        var finding = Assert.Single(json["findings"]!.AsArray(), finding => !finding!["ok"]!.GetValue<bool>())!;
        Assert.Contains("COVIDCT_LIBTORCH", finding["remedy"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_needs_no_libtorch_works_without_it()
    {
        Run("models").Exits(0);
        Run("--help").Exits(0);
        Run("reproduce --folds 1").Fails(2, "--folds");
    }

    [Fact]
    public void Without_a_native_part_of_SkiaSharp_the_package_to_add_is_named()
    {
        var library = Path.Combine(program.Folder, "runtimes", "linux-x64", "native", "libSkiaSharp.so");
        File.Move(library, library + ".away");
        try
        {
            Run($"audit --data {_place.WritePhantom(imagesOfEach: 1)} --json").Fails(4, "SkiaSharp.NativeAssets.Linux.NoDependencies");
            Run($"report --runs {study.Place.PathOf("out")} --out report.html").Fails(4, "SkiaSharp.NativeAssets.Linux.NoDependencies");
            Assert.Matches(@"FAIL  SkiaSharp[^\n]*\n[^\n]*NativeAssets\.Linux", Run("doctor").Exits(4).Output);
        }
        finally
        {
            File.Move(library + ".away", library);
        }
    }

    /// <remarks>The program with libtorch beside it: what is not even looked for isn't missed where there is none.</remarks>
    [Fact]
    [Trait("Category", "Long")]
    public void What_needs_no_libtorch_does_not_load_the_one_that_is_there()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "What a process loads is told by glibc.");
        var data = _place.WritePhantom(patients: 4, imagesOfEach: 2);

        Assert.DoesNotContain("orch", LoadedBy("models"), StringComparison.Ordinal);
        Assert.DoesNotContain("orch", LoadedBy("completion", "bash"), StringComparison.Ordinal);
        _place.Write("a.csv", "path,label,probability\na,1,0.9\nb,0,0.2\nc,1,0.4\nd,0,0.1\n");
        Assert.DoesNotContain("orch", LoadedBy("evaluate", _place.PathOf("a.csv"), "--out", _place.PathOf("judged")), StringComparison.Ordinal);
        Assert.DoesNotContain("orch", LoadedBy("audit", "--data", data, "--folds", "2"), StringComparison.Ordinal);
        Assert.DoesNotContain("orch", LoadedBy("report", "--runs", study.Place.PathOf("out"), "--out", "report.html"), StringComparison.Ordinal);
        Assert.Contains("libtorch_cpu.so", LoadedBy("doctor"), StringComparison.Ordinal);
    }

    /// <summary>The libraries that glibc loaded or looked for.</summary>
    private string LoadedBy(params string[] arguments)
    {
        _place.RunFrom(Workplace.Program, new() { ["LD_DEBUG"] = "files", ["LD_DEBUG_OUTPUT"] = _place.PathOf("loader") }, arguments).Exits(0);
        var files = Directory.GetFiles(_place.Folder, "loader.*");
        var loaded = string.Concat(files.Select(File.ReadAllText));
        Array.ForEach(files, File.Delete);
        Assert.Contains("libcoreclr.so", loaded, StringComparison.Ordinal);
        return loaded;
    }

    private Workplace.Outcome Run(string arguments) =>
        _place.RunFrom(program.Folder, new() { ["COVIDCT_CACHE"] = _place.PathOf("cache") }, arguments.Split(' '));
}
