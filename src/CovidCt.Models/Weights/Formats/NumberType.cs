using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace CovidCt.Models.Weights.Formats;

/// <summary>A type of number as files spell it, and the type of tensor that it is read as.</summary>
/// <param name="Name">safetensors' name, such as <c>F32</c>.</param>
/// <param name="DType">PyTorch's name, such as <c>float32</c>.</param>
/// <param name="Storage">The class that PyTorch pickles for it, such as <c>FloatStorage</c>; null where it has none.</param>
/// <param name="Size">Bytes an element in the file.</param>
/// <param name="Type">What it is read as: itself, or, where TorchSharp lacks it, a wider type that holds every value.</param>
/// <param name="Widen">Turns the file's bytes into those of <paramref name="Type"/>; null where they are the same.</param>
internal sealed record NumberType(string Name, string DType, string? Storage, int Size, ScalarType Type, NumberType.Widening? Widen = null)
{
    public delegate void Widening(ReadOnlySpan<byte> source, Span<byte> target);

    public static readonly NumberType Bytes = new("U8", "uint8", "ByteStorage", 1, ScalarType.Byte);

    private static readonly NumberType[] All =
    [
        new("F64", "float64", "DoubleStorage", 8, ScalarType.Float64),
        new("F32", "float32", "FloatStorage", 4, ScalarType.Float32),
        new("F16", "float16", "HalfStorage", 2, ScalarType.Float16),
        new("BF16", "bfloat16", "BFloat16Storage", 2, ScalarType.BFloat16),
        new("I64", "int64", "LongStorage", 8, ScalarType.Int64),
        new("I32", "int32", "IntStorage", 4, ScalarType.Int32),
        new("I16", "int16", "ShortStorage", 2, ScalarType.Int16),
        new("I8", "int8", "CharStorage", 1, ScalarType.Int8),
        Bytes,
        new("BOOL", "bool", "BoolStorage", 1, ScalarType.Bool, Truths),
        new("U16", "uint16", null, 2, ScalarType.Int32, (source, target) => Each<ushort, int>(source, target, x => x)),
        new("U32", "uint32", null, 4, ScalarType.Int64, (source, target) => Each<uint, long>(source, target, x => x)),
        new("U64", "uint64", null, 8, ScalarType.Int64, (source, target) => Each<ulong, long>(source, target, Signed)),
        new("F8_E4M3", "float8_e4m3fn", null, 1, ScalarType.Float32, (source, target) => Each<byte, float>(source, target, E4M3)),
        new("F8_E5M2", "float8_e5m2", null, 1, ScalarType.Float32, (source, target) => Each<byte, float>(source, target, E5M2)),
    ];

    /// <summary>The type that safetensors calls so; null where it isn't read here.</summary>
    public static NumberType? Named(string? name) => Array.Find(All, type => type.Name == name);

    /// <summary>The type that PyTorch calls so; null where it isn't read here.</summary>
    public static NumberType? OfDType(string name) => Array.Find(All, type => type.DType == name);

    /// <summary>The type that PyTorch's storage class holds; null where it isn't read here.</summary>
    public static NumberType? OfStorage(string name) => Array.Find(All, type => type.Storage == name);

    /// <summary>The type that tensors of a type are written as; null where the formats have none.</summary>
    public static NumberType? Of(ScalarType type) => Array.Find(All, known => known.Type == type && known.Storage is not null);

    public static bool IsFloating(ScalarType type) =>
        type is ScalarType.Float64 or ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16;

    // A stranger's bool may be any byte; libtorch's kernels count on 0 and 1.
    private static void Truths(ReadOnlySpan<byte> source, Span<byte> target) =>
        Each<byte, byte>(source, target, x => x == 0 ? (byte)0 : (byte)1);

    private static void Each<TSource, TTarget>(ReadOnlySpan<byte> source, Span<byte> target, Func<TSource, TTarget> convert)
        where TSource : unmanaged
        where TTarget : unmanaged
    {
        var from = MemoryMarshal.Cast<byte, TSource>(source);
        var to = MemoryMarshal.Cast<byte, TTarget>(target);
        for (var i = 0; i < from.Length; i++)
        {
            to[i] = convert(from[i]);
        }
    }

    private static long Signed(ulong value) =>
        value <= long.MaxValue
            ? (long)value
            : throw new FormatException($"it holds the number {value}, and {long.MaxValue} is the largest here");

    // Micikevicius et al. 2022, "FP8 formats for deep learning", table 1.
    private static float E4M3(byte bits)
    {
        var (exponent, mantissa) = ((bits >> 3) & 15, bits & 7);
        var magnitude = (exponent, mantissa) switch
        {
            (15, 7) => float.NaN,
            (0, _) => mantissa / 512f,
            _ => MathF.ScaleB(1 + (mantissa / 8f), exponent - 7),
        };
        return bits >= 128 ? -magnitude : magnitude;
    }

    private static float E5M2(byte bits) => (float)BitConverter.UInt16BitsToHalf((ushort)(bits << 8));
}
