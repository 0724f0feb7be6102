using CovidCt.Imaging;

namespace CovidCt.Dicom;

/// <summary>A frame of a file, as far as its series has to know it.</summary>
/// <param name="Path">The file.</param>
/// <param name="Frame">Which frame of it, from 0.</param>
public sealed record DicomSlice(string Path, int Frame)
{
    /// <summary>The file's content, where it is in memory alone.</summary>
    internal ReadOnlyMemory<byte>? Content { get; init; }

    /// <summary>Where it lies; null where the file doesn't say it.</summary>
    public CtPlane? Plane { get; init; }

    /// <summary>
    /// How far along the series' normal it lies, in millimetres, towards the head where slices are axial; null where the file doesn't say
    /// where it lies.
    /// </summary>
    public double? Location { get; init; }

    /// <summary>Pixels a row; null where the file doesn't say it.</summary>
    public int? Width { get; init; }

    /// <summary>Rows; null where the file doesn't say it.</summary>
    public int? Height { get; init; }

    /// <summary>The number that the file gives it; null where it gives none.</summary>
    public int? InstanceNumber { get; init; }

    /// <summary>The nominal thickness in millimetres; null where the file doesn't say it.</summary>
    public double? Thickness { get; init; }

    /// <summary>Whether it is an overview from which slices were planned, and no slice (PS3.3, section C.8.2.1.1.1).</summary>
    public bool IsLocalizer { get; init; }

    /// <summary>Reads its pixels.</summary>
    /// <param name="codecs">What decompresses pixels; null takes <see cref="IDicomCodec.BuiltIn"/>.</param>
    /// <exception cref="ImageRejectedException">The file can't be read.</exception>
    public CtImage Read(IReadOnlyList<IDicomCodec>? codecs = null) => Read(Open(), codecs);

    internal DicomFile Open() => Content is { } content ? DicomFile.Parse(content) : DicomFile.Open(Path);

    internal CtImage Read(DicomFile file, IReadOnlyList<IDicomCodec>? codecs) => Frame < file.FrameCount
        ? CtImage.Read(file, Frame, codecs)
        : throw new ImageRejectedException("The file has fewer frames than when its folder was read.");

    internal static DicomSlice Of(string path, DicomFile file, int frame)
    {
        var groups = new FrameGroups(file, frame);
        var type = groups.Where(Tags.FrameTypeSequence, Tags.FrameType).Text(Tags.FrameType) ?? file.Data.Text(Tags.ImageType);
        return new(path, frame)
        {
            Plane = CtPlane.Of(groups),
            Width = file.Data.WholeNumber(Tags.Columns),
            Height = file.Data.WholeNumber(Tags.Rows),
            InstanceNumber = file.Data.WholeNumber(Tags.InstanceNumber),
            Thickness = groups.Decimals(Tags.PixelMeasuresSequence, Tags.SliceThickness, 1)?[0],
            IsLocalizer = type?.Split('\\') is [_, _, var third, ..] && third.Trim() == "LOCALIZER",
        };
    }
}
