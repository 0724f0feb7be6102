using System.Security.Cryptography;
using System.Text;
using CovidCt.Imaging;
using CovidCt.Volumes;

namespace CovidCt.Dicom;

/// <summary>Slices that were made together, in the order in which they lie.</summary>
/// <remarks>
/// <para>
/// They are sorted along the normal of their planes by Image Position (Patient), from the patient's feet to the head where they are axial;
/// those whose place the files don't say come last, by Instance Number, and aren't turned.
/// </para>
/// <para>
/// As a volume, a series has as many slices as <see cref="Slices"/> whether some lie in one place or are missing, and then no
/// <see cref="Geometry"/>. A tilted gantry is in its <see cref="VolumeGeometry.Up"/>. Series whose slices aren't axial are listed, and such
/// slices aren't read. No pixels are kept: only a file of many frames is parsed once for those that are read one after the other, as long
/// as there is memory.
/// </para>
/// </remarks>
public sealed class DicomSeries : ICtVolume
{
    // Positions are written with a few decimal places: what lies nearer is the same place.
    private const double SamePlace = 0.01;

    private const double LeastTilt = 0.1, MostTurn = 0.1;

    private readonly IReadOnlyList<IDicomCodec> _codecs;
    private readonly HashSet<string> _filesOfMany;
    private readonly Lock _opening = new();
    private readonly string? _unevenness;
    private (string Path, WeakReference<DicomFile> File)? _last;

    internal DicomSeries(
        string uid, string? patient, string? source, IReadOnlyList<DicomSlice> slices, IReadOnlyList<IDicomCodec> codecs)
    {
        (Uid, Patient, Source, _codecs) = (uid, patient, source, codecs);
        Localizers = [.. slices.Where(slice => slice.IsLocalizer)];
        var normal = slices.FirstOrDefault(slice => slice is { IsLocalizer: false, Plane: not null })?.Plane is { } ofFirst
            ? TowardsHead(ofFirst) : default((double X, double Y, double Z)?);
        Slices =
        [
            .. slices.Where(slice => !slice.IsLocalizer)
                .Select(slice => slice.Plane is { } plane ? slice with { Location = CtPlane.Dot(plane.Position, normal!.Value) } : slice)
                .OrderBy(slice => slice.Location ?? double.PositiveInfinity).ThenBy(slice => slice.InstanceNumber ?? int.MaxValue)
                .ThenBy(slice => slice.Path, StringComparer.Ordinal).ThenBy(slice => slice.Frame),
        ];

        var placed = Slices.Where(slice => slice.Location is not null).ToList();
        var steps = placed.Zip(placed.Skip(1), (slice, next) => next.Location!.Value - slice.Location!.Value).ToList();
        Spacing = Median(steps.Where(step => step > SamePlace));
        Duplicates = [.. placed.Skip(1).Where((_, i) => steps[i] <= SamePlace)];
        Gaps = [.. steps.Index().Where(step => step.Item > 1.5 * Spacing).Select(step =>
            (step.Index, (int)Math.Min(int.MaxValue, Math.Round(step.Item / Spacing!.Value)) - 1))];
        Tilt = TiltOf(placed);
        Turned = [.. placed.Where(slice => Angle(slice.Plane!.Normal, normal!.Value) is > MostTurn and < 180 - MostTurn)];
        IsAxial = placed.All(slice => AxialTurn.Of(slice.Plane!) is not null);
        _filesOfMany = [.. Slices.Where(slice => slice.Frame > 0).Select(slice => slice.Path)];
        if (placed.Count == Slices.Count && Duplicates.Count == 0 && Gaps.Count == 0 && Turned.Count == 0)
        {
            (Geometry, _unevenness) = SeriesGeometry.Of(Slices);
        }
    }

    /// <summary>The word series and 12 hexadecimal digits of a hash of <see cref="Uid"/>.</summary>
    public string Name => $"series-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Uid)).AsSpan(0, 6))}";

    /// <summary>Whether a name is <see cref="Name"/> or <see cref="Uid"/>.</summary>
    /// <param name="name">The name.</param>
    public bool IsCalled(string name) => name == Name || name == Uid;

    /// <inheritdoc/>
    public string FileOf(int slice) => At(slice).Path;

    /// <inheritdoc/>
    public int Count => Slices.Count;

    /// <summary>
    /// Where the voxels lie; null where the files don't say it, and where slices are of several sizes, turned, missing, in one place or
    /// unevenly spaced: more than 0.01 mm and a twentieth of their distance from where even distances have them.
    /// </summary>
    public VolumeGeometry? Geometry { get; }

    /// <summary>Whether the normal of no slice lies further than 45° from the body's axis, as far as files say it.</summary>
    public bool IsAxial { get; }

    /// <summary>Series Instance UID.</summary>
    public string Uid { get; }

    /// <summary>
    /// Who the patient is: 16 hexadecimal digits of a hash of Patient ID, or that itself where
    /// <see cref="DicomSeriesOptions.KeepPatientIds"/> says so; null where the files don't say it.
    /// </summary>
    public string? Patient { get; }

    /// <summary>Institution, manufacturer and model, as far as the first file says them; null where it says none.</summary>
    public string? Source { get; }

    /// <summary>The slices, without localizers.</summary>
    public IReadOnlyList<DicomSlice> Slices { get; }

    /// <summary>The localizers.</summary>
    public IReadOnlyList<DicomSlice> Localizers { get; }

    /// <summary>From one slice to the next, in millimetres: the median; null of fewer than two places.</summary>
    public double? Spacing { get; }

    /// <summary>Slices that lie where the one before lies, within 0.01 mm.</summary>
    public IReadOnlyList<DicomSlice> Duplicates { get; }

    /// <summary>Where slices are missing: the index of the slice before, and how many have room behind it.</summary>
    public IReadOnlyList<(int After, int Missing)> Gaps { get; }

    /// <summary>
    /// The angle between the slices' normal and the line through their positions, in degrees: that by which the gantry was tilted; null of
    /// fewer than two places.
    /// </summary>
    public double? Tilt { get; }

    /// <summary>Slices that aren't parallel to the first.</summary>
    public IReadOnlyList<DicomSlice> Turned { get; }

    /// <summary>What a person has to know of the series, a sentence each; none names a patient or a file.</summary>
    public IReadOnlyList<string> Findings => [.. Sentences()];

    /// <summary>
    /// How far along the body the middle of a slice lies, in millimetres towards the head; null where the files don't say it.
    /// </summary>
    /// <inheritdoc/>
    public double? LocationOf(int slice)
    {
        if (At(slice) is not { Plane: { } plane } at)
        {
            return null;
        }

        var right = plane.ColumnSpacing * (at.Width - 1) / 2 * plane.AlongRow.Z;
        var down = plane.RowSpacing * (at.Height - 1) / 2 * plane.AlongColumn.Z;
        return plane.Position.Z + (right ?? 0) + (down ?? 0);
    }

    /// <inheritdoc/>
    public CtSlice Read(int slice)
    {
        var at = At(slice);
        AxialTurn? turn = null;
        if (at.Plane is { } plane && (turn = AxialTurn.Of(plane)) is null)
        {
            throw new ImageRejectedException(Fault.Text(
                $"The slice is not axial, but {AxialTurn.FromAxis(plane):0}° from it: take the axial series of the study."));
        }

        var file = Open(at);
        var stored = at.Read(file, _codecs).ToSlice();
        GC.KeepAlive(file); // Of many frames, for the next one.
        return turn?.Of(stored) ?? stored;
    }

    private static (double X, double Y, double Z) TowardsHead(CtPlane plane) =>
        AxialTurn.Of(plane) is not null && plane.Normal.Z < 0 ? AxialTurn.Times(plane.Normal, -1) : plane.Normal;

    private static double? Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? null : (sorted[sorted.Count / 2] + sorted[(sorted.Count - 1) / 2]) / 2;
    }

    private static double? TiltOf(List<DicomSlice> placed)
    {
        if (placed.Count < 2 || placed[^1].Location - placed[0].Location <= SamePlace)
        {
            return null;
        }

        var (first, last) = (placed[0].Plane!, placed[^1].Plane!);
        return Angle(TowardsHead(first), (last.Position.X - first.Position.X, last.Position.Y - first.Position.Y,
            last.Position.Z - first.Position.Z));
    }

    private static double Angle((double X, double Y, double Z) a, (double X, double Y, double Z) b) =>
        Math.Acos(Math.Clamp(CtPlane.Dot(a, b) / Math.Sqrt(CtPlane.Dot(a, a) * CtPlane.Dot(b, b)), -1, 1)) * 180 / Math.PI;

    private DicomSlice At(int slice)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(slice);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(slice, Count);
        return Slices[slice];
    }

    private DicomFile Open(DicomSlice slice)
    {
        var path = slice.Path;
        if (!_filesOfMany.Contains(path))
        {
            return slice.Open();
        }

        lock (_opening)
        {
            if (_last is not var (last, known) || last != path || !known.TryGetTarget(out var file))
            {
                file = slice.Open();
                _last = (path, new(file));
            }

            return file;
        }
    }

    private IEnumerable<string> Sentences()
    {
        if (!IsAxial)
        {
            yield return "Slices are not axial, and can't be read as a volume.";
        }

        if (Localizers.Count > 0)
        {
            yield return Fault.Text($"{Counted(Localizers.Count, "localizer")} left out.");
        }

        if (Slices.Count(slice => slice.Location is null) is > 0 and var unplaced)
        {
            yield return Fault.Text($"{Counted(unplaced, "slice")} without position or orientation, sorted by Instance Number.");
        }

        if (Turned.Count > 0)
        {
            yield return Fault.Text($"{Counted(Turned.Count, "slice")} not parallel to the first.");
        }

        if (Duplicates.Count > 0)
        {
            yield return Fault.Text($"{Counted(Duplicates.Count, "slice")} where another one lies.");
        }

        foreach (var (after, missing) in Gaps)
        {
            yield return Fault.Text(
                $"{Counted(missing, "slice")} missing between {Slices[after].Location:0.00} and {Slices[after + 1].Location:0.00} mm.");
        }

        if (_unevenness is not null)
        {
            yield return _unevenness;
        }

        if (Tilt > LeastTilt)
        {
            yield return Fault.Text($"The gantry was tilted by {Tilt:0.0}°: slices are shifted against each other.");
        }
    }

    private static string Counted(int count, string what) => Fault.Text($"{count} {what}{(count == 1 ? " is" : "s are")}");
}
