using System.Runtime.InteropServices;
using CovidCt.Models.Runtime;

namespace CovidCt.Compute;

/// <summary>
/// How libtorch chooses among algorithms, which is a state of the process: what PyTorch calls <c>torch.backends.cudnn.benchmark</c>,
/// <c>torch.backends.cudnn.deterministic</c> and <c>torch.use_deterministic_algorithms</c>, and TorchSharp doesn't bind.
/// </summary>
/// <param name="Autotunes">cuDNN measures its algorithms for each new shape, and keeps the fastest.</param>
/// <param name="DeterministicCudnn">cuDNN takes algorithms that give the same bits each time.</param>
/// <param name="DeterministicAlgorithms">
/// libtorch does too, and operators that have none throw. Memory that is taken and not yet written is then filled, floating-point
/// numbers with NaN.
/// </param>
internal readonly unsafe record struct AlgorithmSettings(bool Autotunes, bool DeterministicCudnn, bool DeterministicAlgorithms)
{
    private static readonly Lazy<Functions?> Found = new(Find);

    /// <summary>Whether this libtorch lets them be read and set: it exports the members of at::Context (aten/src/ATen/Context.h).</summary>
    public static bool AreAvailable => Found.Value is not null;

    /// <summary>The settings of the process.</summary>
    /// <exception cref="NotSupportedException">They aren't available.</exception>
    public static AlgorithmSettings Current
    {
        get
        {
            var functions = Functions.OrThrow();
            var context = functions.Context();
            return new(
                functions.Benchmark(context) != 0,
                functions.DeterministicCudnn(context) != 0,
                functions.DeterministicAlgorithms(context) != 0);
        }

        set
        {
            var functions = Functions.OrThrow();
            var context = functions.Context();
            functions.SetBenchmark(context, Byte(value.Autotunes));
            functions.SetDeterministicCudnn(context, Byte(value.DeterministicCudnn));
            functions.SetDeterministicAlgorithms(context, Byte(value.DeterministicAlgorithms), warnOnly: 0);
        }
    }

    private static byte Byte(bool value) => value ? (byte)1 : (byte)0;

    private static Functions? Find()
    {
        var (file, names) = OperatingSystem.IsWindows() ? ("torch_cpu.dll", Microsoft)
            : OperatingSystem.IsMacOS() ? ("libtorch_cpu.dylib", Itanium)
            : ("libtorch_cpu.so", Itanium);
        if (TorchRuntime.Report.LibtorchFolder is not { } folder || !NativeLibrary.TryLoad(Path.Combine(folder, file), out var library))
        {
            return null;
        }

        var addresses = Array.ConvertAll(names, name => NativeLibrary.TryGetExport(library, name, out var address) ? address : 0);
        return addresses.Contains(0) ? null : new(addresses);
    }

    private static readonly string[] Itanium =
    [
        "_ZN2at13globalContextEv",
        "_ZNK2at7Context14benchmarkCuDNNEv",
        "_ZNK2at7Context18deterministicCuDNNEv",
        "_ZNK2at7Context23deterministicAlgorithmsEv",
        "_ZN2at7Context17setBenchmarkCuDNNEb",
        "_ZN2at7Context21setDeterministicCuDNNEb",
        "_ZN2at7Context26setDeterministicAlgorithmsEbb",
    ];

    private static readonly string[] Microsoft =
    [
        "?globalContext@at@@YAAEAVContext@1@XZ",
        "?benchmarkCuDNN@Context@at@@QEBA_NXZ",
        "?deterministicCuDNN@Context@at@@QEBA_NXZ",
        "?deterministicAlgorithms@Context@at@@QEBA_NXZ",
        "?setBenchmarkCuDNN@Context@at@@QEAAX_N@Z",
        "?setDeterministicCuDNN@Context@at@@QEAAX_N@Z",
        "?setDeterministicAlgorithms@Context@at@@QEAAX_N0@Z",
    ];

    /// <summary>
    /// Members are called as functions whose first argument is the object, which on 64 bits is how either compiler calls them.
    /// </summary>
    private sealed class Functions(nint[] addresses)
    {
        public nint Context() => ((delegate* unmanaged<nint>)addresses[0])();

        public byte Benchmark(nint context) => Get(1, context);

        public byte DeterministicCudnn(nint context) => Get(2, context);

        public byte DeterministicAlgorithms(nint context) => Get(3, context);

        public void SetBenchmark(nint context, byte value) => Set(4, context, value);

        public void SetDeterministicCudnn(nint context, byte value) => Set(5, context, value);

        public void SetDeterministicAlgorithms(nint context, byte value, byte warnOnly) =>
            ((delegate* unmanaged<nint, byte, byte, void>)addresses[6])(context, value, warnOnly);

        public static Functions OrThrow() => Found.Value
            ?? throw new NotSupportedException("This libtorch doesn't export the settings of its algorithms.");

        private byte Get(int function, nint context) => ((delegate* unmanaged<nint, byte>)addresses[function])(context);

        private void Set(int function, nint context, byte value) =>
            ((delegate* unmanaged<nint, byte, void>)addresses[function])(context, value);
    }
}
