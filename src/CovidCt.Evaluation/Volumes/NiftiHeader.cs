using System.Buffers.Binary;
using System.Globalization;
using CovidCt.Imaging;

namespace CovidCt.Volumes;

/// <summary>What the header of a NIfTI file says of its volume: nifti1.h and nifti2.h of https://nifti.nimh.nih.gov.</summary>
internal sealed record NiftiHeader
{
    /// <summary>Bytes that hold a header of either kind.</summary>
    public const int Length = Second.Length;

    private const int MostSide = short.MaxValue;
    private const long MostPixels = 64 << 20;
    private const double MostRounding = 1e-3;

    /// <summary>Whether numbers begin with their most significant byte.</summary>
    public required bool IsBigEndian { get; init; }

    /// <summary>Voxels along each axis, the first of which runs fastest; each is at least 1.</summary>
    public required IReadOnlyList<int> Sides { get; init; }

    /// <summary>What a voxel is stored as.</summary>
    public required NiftiType Type { get; init; }

    /// <summary>Where the voxels begin.</summary>
    public required long VoxelOffset { get; init; }

    /// <summary>The value of one step of a stored value, and that of the stored value 0.</summary>
    public required (double Slope, double Intercept) Scale { get; init; }

    /// <summary>Where the voxels lie; null where the file doesn't say it.</summary>
    public required VoxelAxes? Axes { get; init; }

    /// <summary>Bytes of all voxels.</summary>
    public long VoxelLength => (long)Sides[0] * Sides[1] * Sides[2] * Type.Bytes;

    /// <summary>How many bytes tell whether a file is NIfTI.</summary>
    public const int LeastLength = First.Length;

    /// <summary>Whether a file begins as one of NIfTI, a header alone included.</summary>
    /// <param name="head">The beginning of a file, at least <see cref="LeastLength"/> bytes of it.</param>
    public static bool Begins(ReadOnlySpan<byte> head)
    {
        if (head.Length < LeastLength)
        {
            return false;
        }

        var (little, big) = (BinaryPrimitives.ReadInt32LittleEndian(head), BinaryPrimitives.ReadInt32BigEndian(head));
        return ((little is First.Size || big is First.Size) && head[First.Fields.Magic] == 'n')
            || ((little is Second.Size || big is Second.Size) && head[Second.Fields.Magic] == 'n');
    }

    /// <summary>Reads a header.</summary>
    /// <param name="head">The beginning of a file, of <see cref="Length"/> bytes where it has so many.</param>
    /// <exception cref="ImageRejectedException">It is no such header, or of a volume that isn't read.</exception>
    public static NiftiHeader Parse(ReadOnlySpan<byte> head)
    {
        if (head.Length < First.Length)
        {
            throw NoNifti();
        }

        var (little, big) = (BinaryPrimitives.ReadInt32LittleEndian(head), BinaryPrimitives.ReadInt32BigEndian(head));
        var isBigEndian = big is First.Size or Second.Size;
        return (isBigEndian ? big : little) switch
        {
            First.Size => Read(new(head, isBigEndian), First.Fields),
            Second.Size when head.Length >= Second.Length => Read(new(head, isBigEndian), Second.Fields),
            _ => throw NoNifti(),
        };
    }

    private static ImageRejectedException NoNifti() =>
        new("The file is no NIfTI: sizeof_hdr at offset 0 is neither 348, as of NIfTI-1, nor 540, as of NIfTI-2.");

    private static NiftiHeader Read(Numbers numbers, Layout at)
    {
        CheckMagic(numbers, at);
        var sides = SidesOf(numbers, at);
        var code = numbers.Int16(at.Type);
        var type = NiftiType.Of(code) ?? throw Fault("datatype", at.Type, NiftiType.Refusal(code));
        if (numbers.Int16(at.Bits) != 8 * type.Bytes)
        {
            throw Fault("bitpix", at.Bits, $"is not {8 * type.Bytes}, which datatype has");
        }

        return new()
        {
            IsBigEndian = numbers.IsBigEndian,
            Sides = sides,
            Type = type,
            VoxelOffset = VoxelOffsetOf(numbers, at),
            Scale = ScaleOf(numbers, at),
            Axes = AxesOf(numbers, at),
        };
    }

    private static void CheckMagic(Numbers numbers, Layout at)
    {
        var magic = numbers.Bytes(at.Magic, at.SingleFile.Length);
        if (magic.SequenceEqual(at.SingleFile))
        {
            return;
        }

        throw magic[..4] switch
        {
            [(byte)'n', (byte)'i', (byte)'1' or (byte)'2', 0] => Fault(
                "magic", at.Magic, "is of a pair of .hdr and .img: write both as one .nii first, such as with fslchfiletype NIFTI of FSL"),
            [0, 0, 0, 0] when at.IsFirst => Fault(
                "magic", at.Magic, "is not there, as in ANALYZE 7.5, which tells no left from right: convert the scan to NIfTI first"),
            _ => Fault("magic", at.Magic, "is not that of NIfTI: the file is damaged"),
        };
    }

    private static int[] SidesOf(Numbers numbers, Layout at)
    {
        var count = at.Dim(numbers, 0);
        if (count is < 2 or > 7)
        {
            throw Fault("dim[0]", at.DimAt(0), $"is {count}, and a volume has 2 to 7 dimensions");
        }

        var sides = new int[3];
        for (var axis = 1; axis <= count; axis++)
        {
            var side = at.Dim(numbers, axis);
            if (axis > 3 && side != 1)
            {
                throw Fault($"dim[{axis}]", at.DimAt(axis), side > 1
                    ? $"is {side}: the file has several volumes; write each into a file first, such as with fslsplit of FSL"
                    : $"is {side}, and there is at least 1");
            }

            if (side is < 1 or > MostSide)
            {
                throw Fault($"dim[{axis}]", at.DimAt(axis), $"is {side}, and 1 to {MostSide} are read");
            }

            if (axis <= 3)
            {
                sides[axis - 1] = (int)side;
            }
        }

        sides[2] = Math.Max(sides[2], 1);
        for (var axis = 0; axis < 3; axis++)
        {
            if ((long)sides[axis] * sides[(axis + 1) % 3] > MostPixels)
            {
                throw Fault("dim", at.DimAt(0), $"makes slices of more than {MostPixels} pixels");
            }
        }

        return sides;
    }

    private static long VoxelOffsetOf(Numbers numbers, Layout at)
    {
        var offset = at.IsFirst ? numbers.Single(at.VoxelOffset) : numbers.Int64(at.VoxelOffset);
        return offset >= at.SingleFileOffset && offset <= 1L << 40 && offset == Math.Floor(offset)
            ? (long)offset
            : throw Fault("vox_offset", at.VoxelOffset, $"is no whole number from {at.SingleFileOffset} on, where voxels begin");
    }

    private static (double, double) ScaleOf(Numbers numbers, Layout at)
    {
        var (slope, intercept) = (at.Real(numbers, at.Slope), at.Real(numbers, at.Intercept));
        return slope == 0 || !double.IsFinite(slope) ? (1, 0)
            : double.IsFinite(intercept) ? (slope, intercept)
            : throw Fault("scl_inter", at.Intercept, "is no number");
    }

    // Methods 3 and 2 of nifti1.h; method 1 says nothing about the patient.
    private static VoxelAxes? AxesOf(Numbers numbers, Layout at)
    {
        var unit = at.Code(numbers, at.Units) & 7;
        var millimetres = unit switch
        {
            0 or 2 => 1.0,
            1 => 1e3,
            3 => 1e-3,
            _ => throw Fault("xyzt_units", at.Units, "names no unit of length"),
        };
        if (at.Code(numbers, at.SCode) > 0)
        {
            return AffineOf(numbers, at, millimetres);
        }

        return at.Code(numbers, at.QCode) > 0 ? QuaternionOf(numbers, at, millimetres) : null;
    }

    private static VoxelAxes AffineOf(Numbers numbers, Layout at, double millimetres)
    {
        var rows = new double[3, 4];
        for (var i = 0; i < 12; i++)
        {
            // To the left and to the back, where NIfTI counts to the right and to the front.
            rows[i / 4, i % 4] = at.Real(numbers, at.Rows + (i * at.RealLength)) * (i < 8 ? -millimetres : millimetres);
        }

        (double, double, double) Column(int column) => (rows[0, column], rows[1, column], rows[2, column]);
        return VoxelAxes.Of(Column(3), Column(0), Column(1), Column(2))
            ?? throw Fault("srow_x, srow_y, srow_z", at.Rows, "are no three directions and a place");
    }

    private static VoxelAxes QuaternionOf(Numbers numbers, Layout at, double millimetres)
    {
        var q = new double[6];
        for (var i = 0; i < q.Length; i++)
        {
            q[i] = at.Real(numbers, at.Quaternion + (i * at.RealLength));
        }

        var steps = new double[3];
        for (var axis = 0; axis < 3; axis++)
        {
            var place = at.Pixdim + ((axis + 1) * at.RealLength);
            steps[axis] = at.Real(numbers, place) is var step and > 0 && double.IsFinite(step)
                ? step * millimetres : throw Fault($"pixdim[{axis + 1}]", place, "is no length above 0");
        }

        var (b, c, d) = (q[0], q[1], q[2]);
        var rest = 1 - ((b * b) + (c * c) + (d * d));
        var a = Math.Sqrt(Math.Max(rest, 0));
        if (rest < -MostRounding)
        {
            throw Fault("quatern_b, quatern_c, quatern_d", at.Quaternion, "are no turn");
        }

        if (rest < 1e-7)
        {
            var length = Math.Sqrt((b * b) + (c * c) + (d * d));
            (a, b, c, d) = (0, b / length, c / length, d / length);
        }

        var up = at.Real(numbers, at.Pixdim) < 0 ? -steps[2] : steps[2];
        return VoxelAxes.Of(
                (-q[3] * millimetres, -q[4] * millimetres, q[5] * millimetres),
                Lps((a * a) + (b * b) - (c * c) - (d * d), 2 * ((b * c) + (a * d)), 2 * ((b * d) - (a * c)), steps[0]),
                Lps(2 * ((b * c) - (a * d)), (a * a) + (c * c) - (b * b) - (d * d), 2 * ((c * d) + (a * b)), steps[1]),
                Lps(2 * ((b * d) + (a * c)), 2 * ((c * d) - (a * b)), (a * a) + (d * d) - (c * c) - (b * b), up))
            ?? throw Fault("quatern_b, quatern_c, quatern_d", at.Quaternion, "are no turn and no place");
    }

    private static (double, double, double) Lps(double x, double y, double z, double step) => (-x * step, -y * step, z * step);

    private static ImageRejectedException Fault(string field, int offset, FormattableString what) =>
        Fault(field, offset, what.ToString(CultureInfo.InvariantCulture));

    private static ImageRejectedException Fault(string field, int offset, string what) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{field} at offset {offset} {what}."));

    private readonly ref struct Numbers(ReadOnlySpan<byte> head, bool isBigEndian)
    {
        private readonly ReadOnlySpan<byte> _head = head;

        public bool IsBigEndian { get; } = isBigEndian;

        public ReadOnlySpan<byte> Bytes(int at, int count) => _head.Slice(at, count);

        public short Int16(int at) =>
            IsBigEndian ? BinaryPrimitives.ReadInt16BigEndian(_head[at..]) : BinaryPrimitives.ReadInt16LittleEndian(_head[at..]);

        public int Int32(int at) =>
            IsBigEndian ? BinaryPrimitives.ReadInt32BigEndian(_head[at..]) : BinaryPrimitives.ReadInt32LittleEndian(_head[at..]);

        public long Int64(int at) =>
            IsBigEndian ? BinaryPrimitives.ReadInt64BigEndian(_head[at..]) : BinaryPrimitives.ReadInt64LittleEndian(_head[at..]);

        public double Single(int at) => BitConverter.Int32BitsToSingle(Int32(at));

        public double Double(int at) => BitConverter.Int64BitsToDouble(Int64(at));
    }

    /// <summary>Where the fields of a kind of header lie, in bytes from the beginning of the file.</summary>
    private sealed record Layout(bool IsFirst, int Magic, byte[] SingleFile, int SingleFileOffset)
    {
        public required int Dims { get; init; }
        public required int Type { get; init; }
        public required int Bits { get; init; }
        public required int Pixdim { get; init; }
        public required int VoxelOffset { get; init; }
        public required int Slope { get; init; }
        public required int Intercept { get; init; }
        public required int Units { get; init; }
        public required int QCode { get; init; }
        public required int SCode { get; init; }
        public required int Quaternion { get; init; }
        public required int Rows { get; init; }

        public int RealLength => IsFirst ? 4 : 8;

        public int DimAt(int axis) => Dims + (axis * (IsFirst ? 2 : 8));

        public long Dim(Numbers numbers, int axis) => IsFirst ? numbers.Int16(DimAt(axis)) : numbers.Int64(DimAt(axis));

        public double Real(Numbers numbers, int at) => IsFirst ? numbers.Single(at) : numbers.Double(at);

        public int Code(Numbers numbers, int at) =>
            !IsFirst ? numbers.Int32(at) : at == Units ? numbers.Bytes(at, 1)[0] : numbers.Int16(at);
    }

    private static class First
    {
        public const int Size = 348, Length = 348;

        public static readonly Layout Fields = new(true, 344, "n+1\0"u8.ToArray(), 352)
        {
            Dims = 40,
            Type = 70,
            Bits = 72,
            Pixdim = 76,
            VoxelOffset = 108,
            Slope = 112,
            Intercept = 116,
            Units = 123,
            QCode = 252,
            SCode = 254,
            Quaternion = 256,
            Rows = 280,
        };
    }

    private static class Second
    {
        public const int Size = 540, Length = 540;

        public static readonly Layout Fields = new(false, 4, "n+2\0\r\n\u001a\n"u8.ToArray(), 544)
        {
            Dims = 16,
            Type = 12,
            Bits = 14,
            Pixdim = 104,
            VoxelOffset = 168,
            Slope = 176,
            Intercept = 184,
            Units = 500,
            QCode = 344,
            SCode = 348,
            Quaternion = 352,
            Rows = 400,
        };
    }
}
