using CovidCt.Models.Runtime;

namespace CovidCt.Models.Tests.Runtime;

public sealed class TorchRuntimeTests
{
    [Fact]
    public void The_report_says_what_was_loaded()
    {
        TorchRuntime.EnsureLoaded();
        Assert.Null(TorchRuntime.Report.Failure);
        Assert.StartsWith("2.10.0", TorchSharp.torch.__version__, StringComparison.Ordinal);
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere TorchSharp loads the library itself.");
        Assert.True(File.Exists(Path.Combine(TorchRuntime.Report.LibtorchFolder!, "libtorch_cpu.so")));
        Assert.True(File.Exists(TorchRuntime.Report.NativePart));
    }
}
