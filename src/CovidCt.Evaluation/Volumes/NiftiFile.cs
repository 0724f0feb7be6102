using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace CovidCt.Volumes;

/// <summary>Writes values in a volume's space, such as maps of what a network answers by, as a file of NIfTI-1.</summary>
public static class NiftiFile
{
    /// <summary>What is written into each file beside what its values are.</summary>
    public const string Caution = "research use, not a diagnosis";

    private const int HeaderLength = 352, DescriptionLength = 79;

    // Within the rounding of cosines that are written with six digits.
    private const double RightAngle = 1e-4;

    /// <summary>
    /// Writes a volume in single precision: beside the file first, and moved there once it is whole. The sform has the geometry, and so has
    /// the qform where axes are at right angles; it can't say a tilted gantry, and is then left out.
    /// </summary>
    /// <param name="path">The file; it is compressed where its name ends in .gz. Its folder is made when missing.</param>
    /// <param name="geometry">Where the voxels lie; each side has at most 32,767.</param>
    /// <param name="slice">
    /// Gives Width × Height values of a slice, row by row; asked of each slice once, from 0 on. NaN is written as it is.
    /// </param>
    /// <param name="description">
    /// What the values are, in ASCII, such as <c>Grad-CAM of COVID</c>; with <see cref="Caution"/> after it, it has room for 79 characters.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The description is too long or not ASCII, a side is too long, the geometry has no volume, or a slice has another number of values.
    /// </exception>
    /// <exception cref="IOException">The file can't be written; the old one is then as it was.</exception>
    public static void Write(string path, VolumeGeometry geometry, Func<int, float[]> slice, string? description = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(geometry);
        ArgumentNullException.ThrowIfNull(slice);
        var header = Header(geometry, string.IsNullOrEmpty(description) ? Caution : $"{description}; {Caution}");
        AtomicFile.Write(path, file =>
        {
            if (!path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            {
                WriteAll(file, header, geometry, slice);
                return;
            }

            using var compressed = new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true);
            WriteAll(compressed, header, geometry, slice);
        });
    }

    private static void WriteAll(Stream file, byte[] header, VolumeGeometry geometry, Func<int, float[]> slice)
    {
        file.Write(header);
        for (var number = 0; number < geometry.Slices; number++)
        {
            var values = slice(number);
            if (values.LongLength != (long)geometry.Width * geometry.Height)
            {
                throw new ArgumentException(
                    $"Slice {number} has {values.Length} values in the place of {geometry.Width} × {geometry.Height}.", nameof(slice));
            }

            if (BitConverter.IsLittleEndian)
            {
                file.Write(MemoryMarshal.AsBytes(values.AsSpan()));
                continue;
            }

            var swapped = new int[values.Length];
            BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<float, int>(values.AsSpan()), swapped);
            file.Write(MemoryMarshal.AsBytes(swapped.AsSpan()));
        }
    }

    private static byte[] Header(VolumeGeometry geometry, string description)
    {
        if (description.Length > DescriptionLength || !Ascii.IsValid(description))
        {
            throw new ArgumentException(
                $"A description has at most {DescriptionLength - Caution.Length - 2} characters, all of ASCII.", nameof(description));
        }

        int[] sides = [geometry.Width, geometry.Height, geometry.Slices];
        if (sides.Any(side => side is < 1 or > short.MaxValue))
        {
            throw new ArgumentException($"A side of a volume has 1 to {short.MaxValue} voxels.", nameof(geometry));
        }

        var axes = VoxelAxes.Of(geometry.Origin, geometry.Across, geometry.Down, geometry.Up)
            ?? throw new ArgumentException("The geometry has no volume.", nameof(geometry));
        var header = new byte[HeaderLength];
        var span = header.AsSpan();
        BinaryPrimitives.WriteInt32LittleEndian(span, 348);
        span[38] = (byte)'r'; // "regular", as ANALYZE 7.5 wrote it and some programs ask for it.
        short[] dims = [3, .. sides.Select(side => (short)side), 1, 1, 1, 1];
        foreach (var (axis, side) in dims.Index())
        {
            BinaryPrimitives.WriteInt16LittleEndian(span[(40 + (2 * axis))..], side);
        }

        BinaryPrimitives.WriteInt16LittleEndian(span[70..], NiftiType.Single);
        BinaryPrimitives.WriteInt16LittleEndian(span[72..], 32);
        var (across, down, up) = geometry.Spacing;
        var rotation = Rotation.Of(axes, RightAngle);
        WriteSingles(span[76..], rotation?.Handedness ?? 1, across, down, up, 1, 1, 1, 1);
        WriteSingles(span[108..], HeaderLength, 1, 0);
        span[123] = 2; // Millimetres.
        Encoding.ASCII.GetBytes(description, span[148..]);
        BinaryPrimitives.WriteInt16LittleEndian(span[252..], (short)(rotation is null ? 0 : 1)); // The scanner's own space.
        BinaryPrimitives.WriteInt16LittleEndian(span[254..], 1);
        var origin = (X: -geometry.Origin.X, Y: -geometry.Origin.Y, geometry.Origin.Z);
        WriteSingles(span[256..], rotation?.B ?? 0, rotation?.C ?? 0, rotation?.D ?? 0, origin.X, origin.Y, origin.Z);
        WriteSingles(span[280..], -geometry.Across.X, -geometry.Down.X, -geometry.Up.X, origin.X);
        WriteSingles(span[296..], -geometry.Across.Y, -geometry.Down.Y, -geometry.Up.Y, origin.Y);
        WriteSingles(span[312..], geometry.Across.Z, geometry.Down.Z, geometry.Up.Z, origin.Z);
        "n+1\0"u8.CopyTo(span[344..]);
        return header;
    }

    private static void WriteSingles(Span<byte> at, params ReadOnlySpan<double> numbers)
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(at[(4 * i)..], (float)numbers[i]);
        }
    }

    /// <summary>
    /// A turn as nifti1.h writes it: b, c and d of a quaternion whose a is 0 or more, after a mirror where Handedness is −1.
    /// </summary>
    private sealed record Rotation(double B, double C, double D, int Handedness)
    {
        /// <summary>The turn from the volume's axes to right, front and head; null where they aren't at right angles.</summary>
        public static Rotation? Of(VoxelAxes axes, double tolerance)
        {
            var ((ax, ay, az), (bx, by, bz), (cx, cy, cz)) = (Unit(axes.Steps[0]), Unit(axes.Steps[1]), Unit(axes.Steps[2]));
            if (Math.Abs((ax * bx) + (ay * by) + (az * bz)) > tolerance || Math.Abs((ax * cx) + (ay * cy) + (az * cz)) > tolerance
                || Math.Abs((bx * cx) + (by * cy) + (bz * cz)) > tolerance)
            {
                return null;
            }

            var handedness = (ax * ((by * cz) - (bz * cy))) + (ay * ((bz * cx) - (bx * cz))) + (az * ((bx * cy) - (by * cx))) > 0 ? 1 : -1;
            (cx, cy, cz) = (handedness * cx, handedness * cy, handedness * cz);

            // The largest of the four is found first: the others come of it without loss.
            double[] squares = [1 + ax + by + cz, 1 + ax - by - cz, 1 - ax + by - cz, 1 - ax - by + cz];
            var largest = Array.IndexOf(squares, squares.Max());
            double[] q = largest switch
            {
                0 => [squares[0], bz - cy, cx - az, ay - bx],
                1 => [bz - cy, squares[1], ay + bx, cx + az],
                2 => [cx - az, ay + bx, squares[2], bz + cy],
                _ => [ay - bx, cx + az, bz + cy, squares[3]],
            };
            var scale = (q[0] < 0 ? -1 : 1) / Math.Sqrt(q.Sum(part => part * part));
            return new(q[1] * scale, q[2] * scale, q[3] * scale, handedness);
        }

        private static (double X, double Y, double Z) Unit((double X, double Y, double Z) of)
        {
            var length = Math.Sqrt((of.X * of.X) + (of.Y * of.Y) + (of.Z * of.Z));
            return (-of.X / length, -of.Y / length, of.Z / length);
        }
    }
}
