using CovidCt.Models.Runtime;

namespace CovidCt.Models.Tests.Runtime;

public sealed class ElfFileTests
{
    private static readonly string[] Many = [.. Enumerable.Range(0, 100).Select(i => $"_ZN2at{i}symbolEv"), new('x', 5000)];

    private static SmallElf Full => new()
    {
        OwnName = "libsmall.so",
        Needed = ["libc10.so", "libc.so.6"],
        Defined = ["one", "two", "three"],
        Hidden = ["secret"],
        Undefined = ["elsewhere"],
        WeakUndefined = ["perhaps"],
        Versioned = [("printf", "libc.so.6", "GLIBC_2.2.5"), ("cout", "libstdc++.so.6", "GLIBCXX_3.4")],
    };

    [Fact]
    public void Names_needs_symbols_and_versions_are_read()
    {
        using var elf = Open(Full.ToBytes());

        Assert.Equal(62, elf.Processor);
        Assert.Equal("libsmall.so", elf.OwnName);
        Assert.Equal(["libc10.so", "libc.so.6"], elf.Needed);
        Assert.Equal(
            [new("elsewhere", false, false), new("perhaps", true, false), new("printf", false, true), new("cout", false, true)],
            elf.UndefinedSymbols());
        Assert.Equal(
            [("libc.so.6", "GLIBC_2.2.5"), ("libstdc++.so.6", "GLIBCXX_3.4")],
            elf.VersionNeeds().Select(need => (need.Library, need.Version)));
    }

    [Fact]
    public void What_is_hidden_or_undefined_is_not_defined_for_others()
    {
        using var elf = Open(Full.ToBytes());

        Assert.All(["one", "two", "three"], name => Assert.True(elf.Defines(name)));
        Assert.All(["secret", "elsewhere", "perhaps", "printf", "on", "one2", ""], name => Assert.False(elf.Defines(name)));
    }

    [Fact]
    public void Every_symbol_of_many_is_found_and_no_other()
    {
        using var elf = Open(new SmallElf { Defined = Many }.ToBytes());

        Assert.All(Many, name => Assert.True(elf.Defines(name)));
        Assert.All(Many, name => Assert.False(elf.Defines(name + "_")));
        Assert.Empty(elf.UndefinedSymbols());
        Assert.Empty(elf.VersionNeeds());
        Assert.Null(elf.OwnName);
    }

    [Fact]
    public void A_real_library_agrees_with_the_loader()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has ELF libraries.");
        var file = TorchRuntime.Report.LibtorchFolder + "/libtorch_cpu.so";
        var library = System.Runtime.InteropServices.NativeLibrary.Load(file);
        using var elf = ElfFile.Open(file);
        using var native = ElfFile.Open(TorchRuntime.Report.NativePart!);

        Assert.Equal("libtorch_cpu.so", elf.OwnName);
        Assert.Contains("libc10.so", elf.Needed);
        foreach (var symbol in native.UndefinedSymbols().Where(symbol => symbol is { IsWeak: false, HasVersion: false } && elf.Defines(symbol.Name)))
        {
            Assert.True(System.Runtime.InteropServices.NativeLibrary.TryGetExport(library, symbol.Name, out _), symbol.Name);
        }
    }

    [Theory]
    [InlineData("", "0 bytes")]
    [InlineData("MZ is how a Windows library begins, and this one is longer than the header of an ELF file.", "doesn't begin as ELF files do")]
    [InlineData("\u007FELF\u0001\u0001 is how a library for 32 bits begins, and this one is longer than the header of an ELF file.", "64-bit little-endian")]
    public void What_is_no_library_is_said_to_be_none(string content, string words)
    {
        var error = Assert.Throws<InvalidDataException>(() => Open(System.Text.Encoding.Latin1.GetBytes(content)));

        Assert.Contains("the file", error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_that_is_cut_short_anywhere_is_refused()
    {
        var bytes = Full.ToBytes();

        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => Open(bytes[..length]));
        }
    }

    [Fact]
    public void A_damaged_byte_anywhere_is_an_error_that_says_so_or_other_content()
    {
        var bytes = Full.ToBytes();

        for (var i = 0; i < bytes.Length; i++)
        {
            foreach (var value in (byte[])[0, 1, 0x7f, 0x80, 0xff, (byte)(bytes[i] ^ 0x10)])
            {
                var damaged = bytes.ToArray();
                damaged[i] = value;
                ReadAll(damaged);
            }
        }
    }

    [Fact]
    public void Random_tables_behind_a_sound_header_are_an_error_that_says_so_or_other_content()
    {
        var bytes = Full.ToBytes();
        const int tables = 64 + (2 * 56);
        var random = new Random(1);

        for (var i = 0; i < 2000; i++)
        {
            random.NextBytes(bytes.AsSpan(random.Next(tables, bytes.Length)..));
            ReadAll(bytes);
        }
    }

    private static ElfFile Open(byte[] bytes) => new(new MemoryStream(bytes, writable: false), "the file");

    private static void ReadAll(byte[] bytes)
    {
        try
        {
            using var elf = Open(bytes);
            _ = elf.UndefinedSymbols().Count();
            _ = elf.VersionNeeds().Count();
            _ = elf.Defines("one") | elf.Defines("two") | elf.Defines("absent");
        }
        catch (InvalidDataException e)
        {
            Assert.StartsWith("the file is ", e.Message, StringComparison.Ordinal);
        }
    }
}
