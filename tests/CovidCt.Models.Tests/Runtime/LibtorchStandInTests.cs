using System.Runtime.InteropServices;
using CovidCt.Models.Runtime;
using TorchSharp;

namespace CovidCt.Models.Tests.Runtime;

public sealed class LibtorchStandInTests
{
    [Fact]
    public void What_is_loaded_is_found_under_the_name_that_TorchSharp_asks_for()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux finds libraries by the name that they give themselves.");
        using var folder = new TemporaryFolder();
        var libtorch = TorchRuntime.Report.LibtorchFolder!;

        Assert.True(LibtorchStandIn.TryLoad(libtorch, "libtorch_cpu.so", folder.Path));
        Assert.False(LibtorchStandIn.TryLoad(libtorch, "libtorch_cuda.so", folder.Path));

        using var copy = ElfFile.Open(Assert.Single(Directory.GetFiles(folder.Path)));
        Assert.Equal("torch_cpu.so", copy.OwnName);
        Assert.Equal(NativeLibrary.Load("torch_cpu.so"), NativeLibrary.Load("torch_cpu", typeof(torch).Assembly, null));
    }
}
