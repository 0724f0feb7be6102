using System.Diagnostics;

namespace CovidCt.Cli.Tests;

/// <summary>The program on a libtorch that the environment variable COVIDCT_LIBTORCH names.</summary>
public sealed class ChosenLibtorchTests : IClassFixture<ProgramWithoutLibtorch>, IDisposable
{
    private const string Variable = "COVIDCT_LIBTORCH";

    private readonly ProgramWithoutLibtorch _bare;
    private readonly Workplace _place = new();

    public ChosenLibtorchTests(ProgramWithoutLibtorch bare)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "An existing libtorch can be used on Linux alone.");
        _bare = bare;
    }

    private static string Libtorch { get; } =
        Path.GetDirectoryName(Directory.EnumerateFiles(Workplace.Program, "libtorch_cpu.so", SearchOption.AllDirectories).FirstOrDefault()) ?? "";

    public void Dispose() => _place.Dispose();

    [Fact]
    public void A_program_without_a_libtorch_runs_on_it_and_doctor_says_why()
    {
        var outcome = Run(_bare.Folder, Libtorch, "doctor").Exits(0);

        Assert.Empty(outcome.Errors);
        Assert.Contains($"from {Libtorch}, which {Variable} names", outcome.Output, StringComparison.Ordinal);
        Assert.Matches(@"ok    symbols +(\d+) of \1 resolved: .*\d+ in libtorch_cpu\.so", outcome.Output);
        Assert.Contains("self-test on cpu", outcome.Output, StringComparison.Ordinal);
        Assert.Matches(@"ok    loaded once +(?!.*libtorch_cpu.*libtorch_cpu).*libtorch_cpu\.so", outcome.Output);
        Assert.All(outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.StartsWith("ok ", line, StringComparison.Ordinal));
    }

    [Fact, Trait("Category", "Long")]
    public void A_study_gives_the_same_answers_on_it()
    {
        var data = _place.WritePhantom();

        foreach (var (program, libtorch, folder) in ((string, string, string)[])[(Workplace.Program, "", "own"), (_bare.Folder, Libtorch, "chosen")])
        {
            Run(program, libtorch, "reproduce", "--data", data, "--backbones", "squeezenet1_1", "--folds", "2", "--epochs", "1", "--controls", "none", "--out", folder).Exits(0);
        }

        Assert.Equal(File.ReadAllText(_place.PathOf("own/predictions.csv")), File.ReadAllText(_place.PathOf("chosen/predictions.csv")));
        Assert.Contains($"chosen by {Variable}", File.ReadAllText(Directory.EnumerateFiles(_place.PathOf("chosen"), "configuration.json", SearchOption.AllDirectories).First()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_none_is_refused()
    {
        Refuses(_place.PathOf("absent"), "absent, which is not there", "or unset it");
        Refuses(_place.Write("file", "a file"), "which is a file");
        Refuses(_place.Folder, "has no libtorch_cpu.so", "torch.__path__");
    }

    [Fact]
    public void A_library_cut_short_or_garbled_is_refused_before_anything_is_loaded()
    {
        var folder = CopyOfLibtorch();
        using (var whole = File.OpenRead(Path.Combine(Libtorch, "libtorch_cpu.so")))
        {
            var begin = new byte[1 << 20];
            whole.ReadExactly(begin);
            _place.Write("lib/libtorch_cpu.so", begin);
        }

        Refuses(folder, "libtorch_cpu.so is cut short");

        _place.Write("lib/libtorch_cpu.so", Enumerable.Repeat((byte)7, 1 << 20).ToArray());
        Refuses(folder, "libtorch_cpu.so is no library of Linux");

        var other = File.ReadAllBytes(Path.Combine(Libtorch, "libc10.so"));
        other[18] = 183;
        _place.Write("lib/libtorch_cpu.so", other);
        Refuses(folder, "libtorch_cpu.so is for another processor");
    }

    [Fact]
    public void A_library_without_the_symbols_is_refused_by_their_names()
    {
        var folder = CopyOfLibtorch();
        File.Copy(Path.Combine(Libtorch, "libc10.so"), Path.Combine(folder, "libtorch_cpu.so"));

        Refuses(folder, "symbols that libLibTorchSharp.so needs, _ZN", "and others", "PyTorch 2.10");

        var doctor = Run(_bare.Folder, folder, "doctor").Exits(4);
        Assert.Contains("FAIL  libtorch", doctor.Output, StringComparison.Ordinal);
        Assert.Contains("_ZN", doctor.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("self-test", doctor.Output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Python_s_libtorch_of_another_version_is_refused_by_the_symbols_it_lacks()
    {
        var python = Environment.GetEnvironmentVariable("COVIDCT_PYTHON");
        Assert.SkipWhen(string.IsNullOrEmpty(python), "COVIDCT_PYTHON is not set.");
        using var asked = Process.Start(new ProcessStartInfo(python, ["-c", "import torch; print(torch.__version__, torch.__path__[0] + '/lib')"]) { RedirectStandardOutput = true })!;
        var answer = asked.StandardOutput.ReadToEnd().Trim().Split(' ', 2);
        Assert.SkipWhen(answer[0].StartsWith("2.10.", StringComparison.Ordinal), "That interpreter's PyTorch is the version that fits.");

        Refuses(answer[1], "symbols that libLibTorchSharp.so needs, _Z");
    }

    [Fact]
    public void A_library_whose_needs_are_not_there_is_refused_by_their_names()
    {
        Directory.CreateDirectory(_place.PathOf("lib"));
        foreach (var name in (string[])["libc10.so", "libtorch.so", "libtorch_cpu.so"])
        {
            File.CreateSymbolicLink(_place.PathOf($"lib/{name}"), Path.Combine(Libtorch, name));
        }

        Run(_bare.Folder, _place.PathOf("lib"), "predict", "--backbone", "squeezenet1_1", "--weights", "weights", "image.png", "--json")
            .Fails(4, $"{Variable} names {_place.PathOf("lib")}", "libtorch_cpu.so: libgomp", "LD_LIBRARY_PATH");
    }

    [Fact]
    public void A_library_in_the_application_s_folder_is_left_alone()
    {
        var other = Path.Combine(_bare.Folder, "libtorch_cpu.so");
        File.Copy(Path.Combine(Libtorch, "libc10.so"), other);
        try
        {
            Run(_bare.Folder, Libtorch, "doctor").Exits(0);
        }
        finally
        {
            File.Delete(other);
        }

        Assert.DoesNotContain($"file={other}", Loaded(), StringComparison.Ordinal);
    }

    /// <remarks>It takes a copy of libtorch: one file under two names is one library to the loader.</remarks>
    [Fact, Trait("Category", "Long")]
    public void Beside_a_libtorch_of_its_own_a_program_loads_the_chosen_one_alone()
    {
        var folder = CopyOfLibtorch();
        File.Copy(Path.Combine(Libtorch, "libtorch_cpu.so"), Path.Combine(folder, "libtorch_cpu.so"));

        var outcome = Run(Workplace.Program, folder, "doctor").Exits(0);

        Assert.Contains($"from {folder}, which {Variable} names", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("ok    loaded once", outcome.Output, StringComparison.Ordinal);
    }

    /// <summary>A folder with the small libraries of libtorch.</summary>
    private string CopyOfLibtorch()
    {
        foreach (var file in Directory.EnumerateFiles(Libtorch).Where(file => Path.GetFileName(file) is "libc10.so" or "libtorch.so" || Path.GetFileName(file).StartsWith("libgomp", StringComparison.Ordinal)))
        {
            _place.Write($"lib/{Path.GetFileName(file)}", File.ReadAllBytes(file));
        }

        return _place.PathOf("lib");
    }

    private void Refuses(string folder, params string[] words)
    {
        _place.Write("weights", "any");

        Run(_bare.Folder, folder, "predict", "--backbone", "squeezenet1_1", "--weights", "weights", "image.png").Fails(4, [$"{Variable} names {folder}", .. words]);

        var loaded = Loaded();
        Assert.Contains("libc.so.6", loaded, StringComparison.Ordinal);
        Assert.All(["libtorch", "libc10", "LibTorchSharp"], name => Assert.DoesNotContain(name, loaded, StringComparison.Ordinal));
    }

    /// <summary>What glibc's loader did in the last run.</summary>
    private string Loaded() => string.Concat(Directory.EnumerateFiles(_place.Folder, "loader.*").Select(File.ReadAllText));

    /// <summary>Runs the program; what glibc's loader loads for it goes to a file.</summary>
    private Workplace.Outcome Run(string program, string libtorch, params string[] arguments)
    {
        foreach (var old in Directory.EnumerateFiles(_place.Folder, "loader.*"))
        {
            File.Delete(old);
        }

        return _place.RunFrom(program, new() { [Variable] = libtorch, ["LD_DEBUG"] = "files", ["LD_DEBUG_OUTPUT"] = _place.PathOf("loader") }, arguments);
    }
}
