using CovidCt.Models.Runtime;

namespace CovidCt.Models.Tests.Runtime;

public sealed class ChosenLibtorchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _nativePart;

    public ChosenLibtorchTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "An existing libtorch can be used on Linux alone.");
        _nativePart = Write("libNative.so", new()
        {
            Needed = ["libtorch.so", "libc10.so", "libtorch_cpu.so", "libc.so.6"],
            Undefined = ["of_c10", "of_cpu", "of_helper"],
            WeakUndefined = ["of_nobody"],
            Versioned = [("printf", "libc.so.6", "GLIBC_2.2.5")],
        });
        Write("libtorch.so", new() { OwnName = "libtorch.so", Needed = ["libtorch_cpu.so"] });
        Write("libc10.so", new() { OwnName = "libc10.so", Defined = ["of_c10"] });
        Write("libtorch_cpu.so", new() { OwnName = "libtorch_cpu.so", Defined = ["of_cpu", "more"], Undefined = ["of_c10"], Needed = ["libc10.so", "libhelper.so", "libm.so.6"] });
        Write("libhelper.so", new() { OwnName = "libhelper.so", Defined = ["of_helper"] });
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void One_that_defines_all_that_is_needed_fits()
    {
        var symbols = ChosenLibtorch.Check(_folder.Path, _nativePart);

        Assert.Equal(3, symbols.Needed);
        Assert.Empty(symbols.Missing);
        Assert.Equal([new("libtorch.so", 0), new("libc10.so", 1), new("libtorch_cpu.so", 1), new("libhelper.so", 1)], symbols.Files);
    }

    [Fact]
    public void Symbols_of_a_library_that_nothing_needs_are_missing_and_named()
    {
        Write("libtorch_cpu.so", new() { OwnName = "libtorch_cpu.so", Hidden = ["of_cpu"], Needed = ["../libhelper.so"] });

        Refuses("2 of the 3 symbols", "of_cpu, of_helper.", "PyTorch 2.10", "Nothing of it was loaded");
    }

    [Fact]
    public void Of_many_missing_symbols_the_first_are_named()
    {
        var native = Write("libOther.so", new() { Needed = ["libc10.so"], Undefined = [.. Enumerable.Range(0, 8).Select(i => $"symbol{i}"), "of_c10"] });

        var error = Assert.Throws<NativeRuntimeException>(() => ChosenLibtorch.Check(_folder.Path, native));
        Assert.Contains("8 of the 9 symbols that libOther.so needs, symbol0, symbol1, symbol2, symbol3, symbol4 and others.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_for_another_processor_is_refused()
    {
        Write("libc10.so", new() { OwnName = "libc10.so", Defined = ["of_c10"], Processor = 183 });

        Refuses("libc10.so is for another processor", "183", "62");
    }

    [Fact]
    public void One_whose_libraries_go_by_other_names_is_refused()
    {
        Write("libc10.so", new() { OwnName = "libc10.so.1.13", Defined = ["of_c10"] });

        Refuses("libc10.so calls itself libc10.so.1.13");
    }

    [Theory]
    [InlineData("libtorch_cpu.so")]
    [InlineData("libc10.so")]
    [InlineData("libtorch.so")]
    public void One_without_a_library_is_refused(string name)
    {
        File.Delete(_folder.File(name));

        Refuses($"has no {name}", "`lib` in a PyTorch installation");
    }

    [Fact]
    public void A_library_that_is_cut_short_or_none_is_named()
    {
        var whole = File.ReadAllBytes(_folder.File("libtorch_cpu.so"));
        _folder.Write("libtorch_cpu.so", whole.AsSpan(..^1));
        Refuses("libtorch_cpu.so is cut short", "Set it to");

        _folder.Write("libtorch_cpu.so", "version https://git-lfs.github.com/spec/v1, where a library of gigabytes should be"u8);
        Refuses("libtorch_cpu.so is no library of Linux");
    }

    [Fact]
    public void What_is_no_folder_is_said_to_be_none()
    {
        var error = Assert.Throws<NativeRuntimeException>(() => ChosenLibtorch.Check(_folder.File("absent"), _nativePart));
        Assert.Contains("absent, which is not there. Set it to", error.Message, StringComparison.Ordinal);

        error = Assert.Throws<NativeRuntimeException>(() => ChosenLibtorch.Check(_nativePart, _nativePart));
        Assert.Contains("which is a file. Set it to", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_libtorch_of_the_tests_fits_and_is_the_version_that_is_asked_for()
    {
        var report = TorchRuntime.Report;

        var symbols = TorchRuntime.ResolveSymbols();

        Assert.InRange(symbols.SymbolsNeeded!.Value, 1000, 2000);
        Assert.Empty(symbols.SymbolsMissing);
        Assert.Equal(symbols.SymbolsNeeded, symbols.SymbolsByLibrary.Sum(file => file.Symbols));
        Assert.StartsWith(ChosenLibtorch.FittingVersion + ".", TorchSharp.torch.__version__, StringComparison.Ordinal);
        Assert.StartsWith(ChosenLibtorch.FittingVersion + ".", ChosenLibtorch.Version(report.LibtorchFolder!), StringComparison.Ordinal);
    }

    [Fact]
    public void An_application_s_part_that_the_chosen_one_lacks_is_refused()
    {
        ChosenLibtorch.KeepSingle("/app", ["/app/libtorch_cpu.so", "/app/libtorch_cuda.so"]);

        var error = Assert.Throws<NativeRuntimeException>(() => ChosenLibtorch.KeepSingle(_folder.Path, ["/app/libtorch_cuda.so"]));
        Assert.Contains("/app/libtorch_cuda.so", error.Message, StringComparison.Ordinal);
        Assert.Contains("COVIDCT_LIBTORCH", error.Message, StringComparison.Ordinal);
    }

    private void Refuses(params string[] words)
    {
        var error = Assert.Throws<NativeRuntimeException>(() => ChosenLibtorch.Check(_folder.Path, _nativePart));
        Assert.StartsWith($"COVIDCT_LIBTORCH names {_folder.Path}, wh", error.Message, StringComparison.Ordinal);
        Assert.All(words, word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', error.Message);
    }

    private string Write(string name, SmallElf library) => _folder.Write(name, library.ToBytes());
}
