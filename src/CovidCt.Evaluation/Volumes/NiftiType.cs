using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace CovidCt.Volumes;

/// <summary>What a voxel of a NIfTI file is stored as.</summary>
internal sealed class NiftiType
{
    /// <summary>The code of single precision.</summary>
    public const int Single = 16;

    private static readonly Dictionary<int, NiftiType> Known = new()
    {
        [2] = new(sizeof(byte), Decode<byte>),
        [256] = new(sizeof(sbyte), Decode<sbyte>),
        [512] = new(sizeof(ushort), Decode<ushort>),
        [4] = new(sizeof(short), Decode<short>),
        [768] = new(sizeof(uint), Decode<uint>),
        [8] = new(sizeof(int), Decode<int>),
        [1280] = new(sizeof(ulong), Decode<ulong>),
        [1024] = new(sizeof(long), Decode<long>),
        [Single] = new(sizeof(float), Decode<float>),
        [64] = new(sizeof(double), Decode<double>),
    };

    private readonly Decoding _decode;

    private NiftiType(int bytes, Decoding decode) => (Bytes, _decode) = (bytes, decode);

    private delegate void Decoding(Span<byte> stored, bool isReversed, float[] values, double slope, double intercept);

    /// <summary>Bytes of a voxel.</summary>
    public int Bytes { get; }

    /// <summary>The type of a code of nifti1.h; null where it isn't read.</summary>
    public static NiftiType? Of(int code) => Known.GetValueOrDefault(code);

    /// <summary>What can't be read of a code, and what to do.</summary>
    public static string Refusal(int code) => code switch
    {
        128 or 2304 => "is of colours, and CT has one value a voxel: convert the scan from its DICOM files again, such as with dcm2niix",
        32 or 1792 or 2048 => "is of complex numbers, and CT has one value a voxel: write their real part, such as with fslcomplex of FSL",
        1536 => "is of numbers of 128 bits, which are not read: convert the file to float first, such as with fslmaths -odt float of FSL",
        1 => "is of single bits, which are not read: convert the file to short first, such as with fslmaths -odt short of FSL",
        _ => "is no type of NIfTI",
    };

    /// <summary>Makes values of stored ones, which are changed: slope × stored + intercept, rounded to single precision.</summary>
    public float[] Decode(Span<byte> stored, bool isBigEndian, double slope, double intercept)
    {
        var values = new float[stored.Length / Bytes];
        _decode(stored, isBigEndian == BitConverter.IsLittleEndian, values, slope, intercept);
        return values;
    }

    private static void Decode<T>(Span<byte> stored, bool isReversed, float[] values, double slope, double intercept)
        where T : unmanaged, INumber<T>
    {
        var numbers = MemoryMarshal.Cast<byte, T>(stored);
        if (isReversed)
        {
            Reverse(stored, stored.Length / values.Length);
        }

        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)((slope * double.CreateSaturating(numbers[i])) + intercept);
        }
    }

    private static void Reverse(Span<byte> stored, int bytes)
    {
        switch (bytes)
        {
            case 2:
                var words = MemoryMarshal.Cast<byte, ushort>(stored);
                BinaryPrimitives.ReverseEndianness(words, words);
                break;
            case 4:
                var doubles = MemoryMarshal.Cast<byte, uint>(stored);
                BinaryPrimitives.ReverseEndianness(doubles, doubles);
                break;
            case 8:
                var quads = MemoryMarshal.Cast<byte, ulong>(stored);
                BinaryPrimitives.ReverseEndianness(quads, quads);
                break;
        }
    }
}
