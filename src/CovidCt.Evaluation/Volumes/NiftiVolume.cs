using System.Globalization;
using CovidCt.Imaging;

namespace CovidCt.Volumes;

/// <summary>A CT volume in a file of NIfTI-1 or NIfTI-2, which may be compressed by gzip, whatever its name says.</summary>
/// <remarks>
/// <para>
/// Voxels lie where the sform says it, else the qform (methods 3 and 2 of nifti1.h); of the six orders of stored axes and their directions
/// those are taken that lie nearest to the patient's, so that slices are axial however they are stored. Values are
/// scl_slope × stored + scl_inter. They are read a slice at a time. Where the file is gzip, or the axis from feet to head is stored first,
/// so that a slice is spread over all of the file, stored bytes are held in memory from the first slice that is read on: at most 2 GiB, as
/// long as the volume itself.
/// </para>
/// <para>
/// <see cref="Findings"/> says where a file doesn't say how it lies, and is read as if its axes were the
/// right, front and head of method 1; where it lies oblique by more than 10°; and where the middle slice has no value below 0, as
/// Hounsfield units, of which air has −1000, hardly have.
/// </para>
/// </remarks>
public sealed class NiftiVolume : ICtVolume
{
    private const double MostOblique = 10;

    private readonly string _path;
    private readonly NiftiHeader _header;
    private readonly NiftiData _data;
    private readonly VoxelAxes _axes;
    private readonly VolumeGeometry _turned;
    private readonly Lazy<IReadOnlyList<string>> _findings;

    private NiftiVolume(string name, string path)
    {
        (Name, _path) = (name, path);
        var beginning = NiftiData.BeginningOf(path);
        _header = NiftiHeader.Parse(beginning.Head);
        _axes = _header.Axes ?? VoxelAxes.Of((0, 0, 0), (-1, 0, 0), (0, -1, 0), (0, 0, 1))!;
        _turned = _axes.Turned(_header.Sides);
        _data = new(path, beginning, _header.VoxelOffset, _header.VoxelLength, isHeld: _axes.Order[2] == 0);
        _findings = new(() => [.. Sentences()]);
    }

    /// <summary>The file's name without .nii or .nii.gz; who names a file by a patient has the patient's name here.</summary>
    public string Name { get; }

    /// <summary>Null: NIfTI doesn't say it.</summary>
    public string? Patient => null;

    /// <summary>Null: NIfTI doesn't say it.</summary>
    public string? Source => null;

    /// <inheritdoc/>
    public int Count => _turned.Slices;

    /// <inheritdoc/>
    public VolumeGeometry? Geometry => _header.Axes is null ? null : _turned;

    /// <summary>What a person has to know of it, a whole sentence each. Asking reads the middle slice, once.</summary>
    public IReadOnlyList<string> Findings => _findings.Value;

    /// <summary>Opens a file, of which the header is read.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ImageRejectedException">
    /// It can't be read, is damaged, or of a kind that isn't read; the message is one sentence with field and offset.
    /// </exception>
    public static NiftiVolume Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var name = Path.GetFileName(path);
        foreach (var ending in (string[])[".gz", ".nii"])
        {
            name = name.Length > ending.Length && name.EndsWith(ending, StringComparison.OrdinalIgnoreCase) ? name[..^ending.Length] : name;
        }

        return new(name, path);
    }

    /// <summary>
    /// How far along the body the middle of a slice lies, in millimetres towards the head; null where the file doesn't say it.
    /// </summary>
    /// <inheritdoc/>
    public double? LocationOf(int slice)
    {
        Check(slice);
        return Geometry is not { } at ? null
            : at.Origin.Z + (slice * at.Up.Z) + ((at.Width - 1) / 2.0 * at.Across.Z) + ((at.Height - 1) / 2.0 * at.Down.Z);
    }

    /// <inheritdoc/>
    public string FileOf(int slice)
    {
        Check(slice);
        return _path;
    }

    /// <inheritdoc/>
    public void Release() => _data.Release();

    /// <inheritdoc/>
    public CtSlice Read(int slice)
    {
        Check(slice);
        var (sides, bytes, order) = (_header.Sides, _header.Type.Bytes, _axes.Order);
        var at = (long)(_axes.IsAgainst(2) ? Count - 1 - slice : slice) * bytes;
        var (row, plane) = ((long)sides[0] * bytes, (long)sides[0] * sides[1] * bytes);
        var stored = order[2] switch
        {
            0 => _data.Read(at, row, sides[1] * sides[2], bytes),
            1 => _data.Read(at * sides[0], plane, sides[2], (int)row),
            _ => _data.Read(at * sides[0] * sides[1], plane, 1, (int)plane),
        };
        var (slope, intercept) = _header.Scale;
        var values = _header.Type.Decode(stored, _header.IsBigEndian, slope, intercept);
        var (width, height) = (_turned.Width, _turned.Height);
        return new(width, height, TurnedPixels.Of(values, width, height, order[0] > order[1], _axes.IsAgainst(0), _axes.IsAgainst(1)));
    }

    private void Check(int slice)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(slice);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(slice, Count);
    }

    private IEnumerable<string> Sentences()
    {
        if (_header.Axes is null)
        {
            yield return "The file doesn't say how the volume lies (qform_code and sform_code are 0): it is read as if its axes ran to the "
                + "right, the front and the head.";
        }
        else if (_axes.Angle > MostOblique)
        {
            yield return Text($"The volume lies oblique, by {_axes.Angle:0.0}°: slices are cut along its own axes, not the body's.");
        }

        if (MiddleRange() is var (least, most) && least >= 0)
        {
            yield return Text(
                $"The middle slice has values from {least:0.##} to {most:0.##}: hardly Hounsfield units, of which air has −1000.");
        }
    }

    private (float Least, float Most)? MiddleRange()
    {
        try
        {
            var (least, most) = (float.PositiveInfinity, float.NegativeInfinity);
            foreach (var value in Read(Count / 2).Hounsfield)
            {
                if (float.IsFinite(value))
                {
                    (least, most) = (Math.Min(least, value), Math.Max(most, value));
                }
            }

            return least <= most ? (least, most) : null;
        }
        catch (ImageRejectedException)
        {
            return null; // Whoever reads it is told.
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
