using System.Buffers.Binary;
using System.IO.Compression;
using CovidCt.Volumes;

namespace CovidCt.Evaluation.Tests.Volumes;

/// <summary>A file of NIfTI of a volume, stored in any order of axes.</summary>
internal sealed record NiftiSample
{
    public static IReadOnlyList<(int Code, int Bytes)> Types { get; } =
        [(2, 1), (256, 1), (512, 2), (4, 2), (768, 4), (8, 4), (1280, 8), (1024, 8), (16, 4), (64, 8)];

    /// <summary>Where the voxels lie once they are turned as <see cref="ICtVolume"/> says.</summary>
    public VolumeGeometry Geometry { get; init; } = new(3, 4, 2, (-10, 20, -30), (1.5, 0, 0), (0, 1.25, 0), (0, 0, 4));

    /// <summary>Which of the patient's axes is stored first, second and third.</summary>
    public int[] Order { get; init; } = [0, 1, 2];

    /// <summary>Which of the patient's axes are stored against their direction.</summary>
    public bool[] IsAgainst { get; init; } = [false, false, false];
    public bool IsSecond { get; init; }
    public bool IsBigEndian { get; init; }
    public bool IsGzip { get; init; }
    public int Type { get; init; } = 4;
    public float Slope { get; init; }
    public float Intercept { get; init; }
    public bool HasSForm { get; init; } = true;
    public bool HasQForm { get; init; }
    public byte Units { get; init; } = 2;
    public double UnitLength { get; init; } = 1;
    public int[] Further { get; init; } = [];
    public int Padding { get; init; }
    public int[]? Sides { get; init; }
    public int? Magic { get; init; }
    public Func<int, double> Value { get; init; } = i => (i * 7 % 100) - 20;

    private int[] TurnedSides => [Geometry.Width, Geometry.Height, Geometry.Slices];

    /// <summary>The values of a slice, turned.</summary>
    public float[] Slice(int slice) => [.. Enumerable.Range(slice * Geometry.Width * Geometry.Height, Geometry.Width * Geometry.Height)
        .Select(i => Slope == 0 ? (float)Stored(i) : (float)((Slope * Stored(i)) + Intercept))];

    public byte[] File()
    {
        var offset = (IsSecond ? 544 : 352) + Padding;
        var (_, size) = Types.Single(type => type.Code == Type);
        var count = Geometry.Width * Geometry.Height * Geometry.Slices;
        var file = new byte[offset + (count * size)];
        WriteHeader(file, offset, size);
        var sides = Order.Select(axis => TurnedSides[axis]).ToArray();
        for (var i = 0; i < count; i++)
        {
            int[] stored = [i % sides[0], i / sides[0] % sides[1], i / sides[0] / sides[1]];
            var turned = new int[3];
            for (var axis = 0; axis < 3; axis++)
            {
                turned[Order[axis]] = IsAgainst[Order[axis]] ? sides[axis] - 1 - stored[axis] : stored[axis];
            }

            WriteValue(file.AsSpan(offset + (i * size), size), Stored((((turned[2] * Geometry.Height) + turned[1]) * Geometry.Width) + turned[0]));
        }

        return IsGzip ? Compressed(file) : file;
    }

    public static byte[] Compressed(byte[] file)
    {
        using var compressed = new MemoryStream();
        using (var stream = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            stream.Write(file);
        }

        return compressed.ToArray();
    }

    // As the type holds it.
    private double Stored(int i) => Type switch
    {
        2 => (byte)Math.Abs(Value(i)),
        256 => (sbyte)Value(i),
        512 => (ushort)Math.Abs(Value(i)),
        4 => (short)Value(i),
        768 => (uint)Math.Abs(Value(i)),
        8 => (int)Value(i),
        1280 => (ulong)Math.Abs(Value(i)),
        1024 => (long)Value(i),
        16 => (float)Value(i),
        _ => Value(i),
    };

    private void WriteHeader(byte[] file, int offset, int size)
    {
        var (dims, pixdim) = IsSecond ? (16, 104) : (40, 76);
        WriteInt(file, 0, 4, IsSecond ? 540 : 348);
        int[] sides = Sides ?? [3 + Further.Length, .. Order.Select(axis => TurnedSides[axis]), .. Further];
        for (var i = 0; i < 8; i++)
        {
            WriteInt(file, dims + (i * (IsSecond ? 8 : 2)), IsSecond ? 8 : 2, i < sides.Length ? sides[i] : 1);
        }

        (IsSecond ? "n+2\0\r\n\u001a\n"u8 : "n+1\0"u8).CopyTo(file.AsSpan(IsSecond ? 4 : 344));
        if (Magic is { } magic)
        {
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(IsSecond ? 4 : 344), magic);
        }

        WriteInt(file, IsSecond ? 12 : 70, 2, Type);
        WriteInt(file, IsSecond ? 14 : 72, 2, 8 * size);
        if (IsSecond)
        {
            WriteInt(file, 168, 8, offset);
        }
        else
        {
            WriteReal(file, 108, offset);
        }

        WriteReal(file, IsSecond ? 176 : 112, Slope);
        WriteReal(file, IsSecond ? 184 : 116, Intercept);
        WriteInt(file, IsSecond ? 500 : 123, IsSecond ? 4 : 1, Units);
        WriteInt(file, IsSecond ? 344 : 252, IsSecond ? 4 : 2, HasQForm ? 1 : 0);
        WriteInt(file, IsSecond ? 348 : 254, IsSecond ? 4 : 2, HasSForm ? 2 : 0);
        WriteForms(file, pixdim);
    }

    private void WriteForms(byte[] file, int pixdim)
    {
        (double X, double Y, double Z)[] turned = [Geometry.Across, Geometry.Down, Geometry.Up];
        var (x, y, z) = Geometry.Origin;
        var columns = new List<double[]>();
        for (var axis = 0; axis < 3; axis++)
        {
            var (step, sign) = (turned[Order[axis]], IsAgainst[Order[axis]] ? -1 : 1);
            var far = IsAgainst[Order[axis]] ? TurnedSides[Order[axis]] - 1 : 0;
            (x, y, z) = (x + (far * step.X), y + (far * step.Y), z + (far * step.Z));
            columns.Add([-sign * step.X / UnitLength, -sign * step.Y / UnitLength, sign * step.Z / UnitLength]);
        }

        columns.Add([-x / UnitLength, -y / UnitLength, z / UnitLength]);
        var real = IsSecond ? 8 : 4;
        for (var row = 0; row < 3 && HasSForm; row++)
        {
            for (var column = 0; column < 4; column++)
            {
                WriteReal(file, (IsSecond ? 400 : 280) + (((row * 4) + column) * real), columns[column][row]);
            }
        }

        var lengths = columns.Take(3).Select(column => Math.Sqrt(column.Sum(part => part * part))).ToList();
        var m = columns.Take(3).Select((column, i) => Array.ConvertAll(column, part => part / lengths[i])).ToList();
        var determinant = (m[0][0] * ((m[1][1] * m[2][2]) - (m[1][2] * m[2][1]))) - (m[1][0] * ((m[0][1] * m[2][2]) - (m[0][2] * m[2][1])))
            + (m[2][0] * ((m[0][1] * m[1][2]) - (m[0][2] * m[1][1])));
        var sign2 = determinant < 0 ? -1 : 1;
        foreach (var (i, number) in new[] { sign2, lengths[0], lengths[1], lengths[2] }.Index())
        {
            WriteReal(file, pixdim + (i * real), number);
        }

        if (HasQForm)
        {
            var c2 = Array.ConvertAll(m[2], part => sign2 * part);
            var (b, c, d) = Quaternion(m[0], m[1], c2);
            foreach (var (i, number) in new[] { b, c, d, columns[3][0], columns[3][1], columns[3][2] }.Index())
            {
                WriteReal(file, (IsSecond ? 352 : 256) + (i * real), number);
            }
        }
    }

    // By trying all signs of the parts: another way than the library's.
    private static (double B, double C, double D) Quaternion(double[] x, double[] y, double[] z)
    {
        var (best, least) = ((0.0, 0.0, 0.0), double.MaxValue);
        for (var signs = 0; signs < 8; signs++)
        {
            double Part(double square, int bit) => Math.Sqrt(Math.Max(square, 0)) / 2 * ((signs & bit) == 0 ? 1 : -1);
            var (a, b, c, d) = (
                Math.Sqrt(Math.Max(1 + x[0] + y[1] + z[2], 0)) / 2, Part(1 + x[0] - y[1] - z[2], 1), Part(1 - x[0] + y[1] - z[2], 2), Part(1 - x[0] - y[1] + z[2], 4));
            var off = Math.Abs((2 * ((b * c) + (a * d))) - x[1]) + Math.Abs((2 * ((b * d) - (a * c))) - x[2]) + Math.Abs((2 * ((b * c) - (a * d))) - y[0])
                + Math.Abs((2 * ((c * d) + (a * b))) - y[2]) + Math.Abs((2 * ((b * d) + (a * c))) - z[0]) + Math.Abs((2 * ((c * d) - (a * b))) - z[1]);
            if (off < least)
            {
                (best, least) = ((b, c, d), off);
            }
        }

        return best;
    }

    private void WriteValue(Span<byte> at, double value)
    {
        var bits = Type switch
        {
            16 => BitConverter.SingleToUInt32Bits((float)value),
            64 => BitConverter.DoubleToUInt64Bits(value),
            1280 => (ulong)value,
            _ => (ulong)(long)value,
        };
        for (var i = 0; i < at.Length; i++)
        {
            at[IsBigEndian ? at.Length - 1 - i : i] = (byte)(bits >> (8 * i));
        }
    }

    private void WriteInt(byte[] file, int at, int bytes, long value)
    {
        for (var i = 0; i < bytes; i++)
        {
            file[at + (IsBigEndian ? bytes - 1 - i : i)] = (byte)(value >> (8 * i));
        }
    }

    private void WriteReal(byte[] file, int at, double value)
    {
        var (bytes, bits) = IsSecond ? (8, BitConverter.DoubleToInt64Bits(value)) : (4, BitConverter.SingleToInt32Bits((float)value));
        WriteInt(file, at, bytes, bits);
    }
}
