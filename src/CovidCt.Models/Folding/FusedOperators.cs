using System.Runtime.InteropServices;
using System.Text;
using CovidCt.Models.Runtime;
using static TorchSharp.torch;

namespace CovidCt.Models.Folding;

/// <summary>
/// libtorch's convolutions for the CPU that add a bias, a sum and a ReLU on their way, with weights packed beforehand: what
/// its compiler for Python calls, and TorchSharp doesn't bind.
/// </summary>
/// <remarks>
/// They are called through libtorch's C interface for compiled models (torch/csrc/inductor/aoti_torch/c/shim_mkldnn.h),
/// whose functions keep their signatures, and whose handles are pointers to at::Tensor, as TorchSharp's are. A libtorch
/// without oneDNN, such as that for macOS, has none of them.
/// </remarks>
internal static unsafe class FusedOperators
{
    private const string PackSource =
        """
        def pack(weight, s0: int, s1: int, p0: int, p1: int, d0: int, d1: int, groups: int, n: int, c: int, h: int, w: int):
            return torch.mkldnn_reorder_conv2d_weight(weight.to_mkldnn(), [p0, p1], [s0, s1], [d0, d1], groups, [n, c, h, w])


        """;

    private static readonly Lazy<Functions?> Found = new(Find);

    // oneDNN's ReLU makes 0 of NaN, so that a network with broken weights would go on to answer numbers. Its leaky one
    // keeps it, and with a slope whose results vanish in the first sum it is a ReLU.
    private const double Slope = 1e-30;

    private static readonly byte[] LeakyRelu = Ascii("leaky_relu");
    private static readonly byte[] None = Ascii("none");
    private static readonly byte[] Add = Ascii("add");

    /// <summary>Whether this libtorch has them.</summary>
    public static bool AreAvailable => Found.Value is not null;

    /// <summary>Weights in the layout that is best for an input's shape, in a tensor that only the two below can read.</summary>
    public static Tensor Pack(Tensor weight, ConvolutionGeometry geometry, ReadOnlySpan<long> input)
    {
        // Of a long TorchSharp makes a Scalar that may be collected, and freed, before libtorch reads it; an int is passed as a value.
        ReadOnlySpan<long> sizes = [.. geometry.Stride, .. geometry.Padding, .. geometry.Dilation, geometry.Groups, .. input];
        var arguments = new object[1 + sizes.Length];
        arguments[0] = weight;
        for (var i = 0; i < sizes.Length; i++)
        {
            arguments[i + 1] = checked((int)sizes[i]);
        }

        var packed = Found.Value!.Pack.invoke<Tensor>("pack", arguments);
        GC.KeepAlive(weight);
        return packed;
    }

    /// <summary>A convolution, and a ReLU of it, in which negative numbers become others above -1e-30 times their size.</summary>
    public static Tensor Convolution(Tensor x, Tensor weight, Tensor bias, ConvolutionGeometry geometry, bool relu)
    {
        nint result = 0;
        fixed (long* stride = geometry.Stride, padding = geometry.Padding, dilation = geometry.Dilation)
        fixed (byte* then = relu ? LeakyRelu : None)
        {
            var biasHandle = bias.Handle;
            var slope = Slope;
            var slopes = &slope;
            Check(Found.Value!.Convolution(
                x.Handle, weight.Handle, &biasHandle, padding, 2, stride, 2, dilation, 2, geometry.Groups, then, &slopes, relu ? 1 : 0,
                null, &result), x, weight);
        }

        KeepAlive(x, weight, bias);
        return Tensor.UnsafeCreateTensor(result);
    }

    /// <summary>Adds a convolution to a tensor in place.</summary>
    public static void AddConvolution(Tensor sum, Tensor x, Tensor weight, Tensor bias, ConvolutionGeometry geometry)
    {
        nint result = 0;
        fixed (long* stride = geometry.Stride, padding = geometry.Padding, dilation = geometry.Dilation)
        fixed (byte* add = Add)
        {
            var biasHandle = bias.Handle;
            Check(Found.Value!.AddConvolution(
                sum.Handle, x.Handle, weight.Handle, &biasHandle, padding, 2, stride, 2, dilation, 2, geometry.Groups, add, null, null,
                null, 0, null, &result), x, weight);
        }

        KeepAlive(x, weight, bias);
        GC.KeepAlive(sum);
        Tensor.UnsafeCreateTensor(result).Dispose();
    }

    private static void Check(int error, Tensor x, Tensor weight)
    {
        if (error != 0)
        {
            throw new InvalidOperationException(
                $"A convolution of [{string.Join(", ", x.shape)}] with [{string.Join(", ", weight.shape)}] failed; libtorch wrote the "
                    + "reason to the standard error stream.");
        }
    }

    private static void KeepAlive(Tensor x, Tensor weight, Tensor bias)
    {
        GC.KeepAlive(x);
        GC.KeepAlive(weight);
        GC.KeepAlive(bias);
    }

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text + '\0');

    private static Functions? Find()
    {
        var name = OperatingSystem.IsWindows() ? "torch_cpu.dll" : OperatingSystem.IsMacOS() ? "libtorch_cpu.dylib" : "libtorch_cpu.so";
        return TorchRuntime.Report.LibtorchFolder is { } folder
            && NativeLibrary.TryLoad(Path.Combine(folder, name), out var library)
            && NativeLibrary.TryGetExport(library, "aoti_torch_cpu_mkldnn__convolution_pointwise", out var convolution)
            && NativeLibrary.TryGetExport(library, "aoti_torch_cpu_mkldnn__convolution_pointwise_binary_", out var addConvolution)
            ? new(convolution, addConvolution)
            : null;
    }

    private sealed class Functions(nint convolution, nint addConvolution)
    {
        public readonly delegate* unmanaged<
            nint, nint, nint*, long*, long, long*, long, long*, long, long, byte*, double**, long, byte**, nint*, int> Convolution =
            (delegate* unmanaged<
                nint, nint, nint*, long*, long, long*, long, long*, long, long, byte*, double**, long, byte**, nint*, int>)convolution;

        public readonly delegate* unmanaged<
            nint, nint, nint, nint*, long*, long, long*, long, long*, long, long, byte*,
            double*, byte**, double**, long, byte**, nint*, int> AddConvolution =
            (delegate* unmanaged<
                nint, nint, nint, nint*, long*, long, long*, long, long*, long, long, byte*,
                double*, byte**, double**, long, byte**, nint*, int>)addConvolution;

        public readonly jit.CompilationUnit Pack = jit.compile(PackSource);
    }
}
