using CovidCt.Imaging;
using CovidCt.Volumes;

namespace CovidCt.Dicom;

/// <summary>A slice as it is stored, and what makes Hounsfield units of it.</summary>
/// <param name="Width">Pixels a row, at least 1.</param>
/// <param name="Height">Rows, at least 1.</param>
/// <param name="Values">
/// <see cref="Width"/> × <see cref="Height"/> stored values, row by row from the top left, each of 8 to 16 bits, with its sign.
/// </param>
/// <param name="Slope">Hounsfield units of one step of a stored value; not 0.</param>
/// <param name="Intercept">Hounsfield units of the stored value 0.</param>
public sealed record CtImage(int Width, int Height, int[] Values, double Slope, double Intercept)
{
    /// <summary>Stored values row by row from the top left.</summary>
    public int[] Values { get; } = Values.LongLength == (long)Width * Height
        ? Values
        : throw new ArgumentException($"{Width}×{Height} values were expected, {Values.Length} given.", nameof(Values));

    /// <summary>
    /// The stored values, first and last, that stand for no measurement, such as what lies outside of the scanner's circle (Pixel Padding
    /// Value and Range Limit, PS3.3, section C.7.5.1.1.2); null where there are none. They are shown black.
    /// </summary>
    public (int First, int Last)? Padding { get; init; }

    /// <summary>The first of the windows that the file asks for; null where it asks for none that is linear.</summary>
    public CtWindow? Window { get; init; }

    /// <summary>Where the slice lies; null where the file doesn't say it.</summary>
    public CtPlane? Plane { get; init; }

    /// <summary>Reads a frame of a file.</summary>
    /// <param name="file">The file, of modality CT.</param>
    /// <param name="frame">Which frame, from 0.</param>
    /// <param name="codecs">What decompresses pixels, asked in this order; null takes <see cref="IDicomCodec.BuiltIn"/>.</param>
    /// <exception cref="ImageRejectedException">
    /// The file is no CT image, is damaged, or compressed in a way that no codec reads.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such frame.</exception>
    public static CtImage Read(DicomFile file, int frame = 0, IReadOnlyList<IDicomCodec>? codecs = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentOutOfRangeException.ThrowIfNegative(frame);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(frame, file.FrameCount);
        var data = file.Data;
        if (data.First(Tags.Modality) is not "CT")
        {
            throw data.Find(Tags.Modality) is { } modality
                ? Fault.Of(Tags.Modality, modality.Offset, "is not CT")
                : Fault.Missing(Tags.Modality, "nobody knows that the file is of a CT");
        }

        var groups = new FrameGroups(file, frame);
        var (slope, intercept) = Rescale(groups, data);
        var format = DicomPixelFormat.Of(data);
        var values = format.Unpack(PixelData.Frame(file, format, frame, codecs ?? IDicomCodec.BuiltIn).Span);
        return new(format.Width, format.Height, values, slope, intercept)
        {
            Padding = PaddingOf(data, format),
            Window = WindowOf(groups),
            Plane = CtPlane.Of(groups),
        };
    }

    /// <summary>Reads the only frame of a file.</summary>
    /// <exception cref="ImageRejectedException">It has several, or can't be read.</exception>
    internal static CtImage ReadOnly(DicomFile file, IReadOnlyList<IDicomCodec> codecs) => file.FrameCount == 1
        ? Read(file, 0, codecs)
        : throw Fault.Of(Tags.NumberOfFrames, file.Data.Find(Tags.NumberOfFrames)!.Offset, Fault.Text(
            $"is {file.FrameCount}, and an image is one frame: ask about the file as a series"));

    /// <summary>
    /// The Hounsfield units of a pixel: <see cref="Slope"/> × value + <see cref="Intercept"/> (PS3.3, section C.11.1.1.2).
    /// </summary>
    /// <param name="pixel">The index of the pixel.</param>
    public double Hounsfield(int pixel) => (Slope * Values[pixel]) + Intercept;

    /// <summary>The Hounsfield units of all pixels, rounded to single precision.</summary>
    public float[] ToHounsfield() => Array.ConvertAll(Values, value => (float)((Slope * value) + Intercept));

    /// <summary>Whether a pixel stands for no measurement.</summary>
    /// <param name="pixel">The index of the pixel.</param>
    public bool IsPadding(int pixel) => Padding is var (first, last) && Values[pixel] >= first && Values[pixel] <= last;

    /// <summary>The image in Hounsfield units, NaN where a pixel stands for no measurement, as the file has it: it isn't turned.</summary>
    public CtSlice ToSlice()
    {
        var hounsfield = ToHounsfield();
        for (var i = 0; i < hounsfield.Length && Padding is not null; i++)
        {
            hounsfield[i] = IsPadding(i) ? float.NaN : hounsfield[i];
        }

        return new(Width, Height, hounsfield) { Window = Window };
    }

    /// <summary>The same, turned as volumes are where it is axial.</summary>
    internal CtSlice ToTurnedSlice() => Plane is { } plane && AxialTurn.Of(plane) is { } turn ? turn.Of(ToSlice()) : ToSlice();

    /// <summary>
    /// The image in 8-bit gray through a window, as the file has it: it isn't turned. Gray goes by Hounsfield units, so that air is black
    /// whether the file asks to be shown so (MONOCHROME2) or inverted (MONOCHROME1). Padding is black.
    /// </summary>
    /// <param name="window">Which Hounsfield units are shown; null takes <see cref="CtWindow.Lung"/>.</param>
    public GrayImage ToGray(CtWindow? window = null) => ToSlice().ToGray(window ?? CtWindow.Lung);

    private static (double Slope, double Intercept) Rescale(FrameGroups groups, DicomDataSet data)
    {
        var group = Tags.PixelValueTransformationSequence;
        if (data.Items(Tags.ModalityLutSequence).Count > 0)
        {
            throw Fault.Of(
                Tags.ModalityLutSequence, data.Find(Tags.ModalityLutSequence)!.Offset, "gives values by a table, not Hounsfield units");
        }

        if (groups.Decimals(group, Tags.RescaleSlope, 1) is not [var slope]
            || groups.Decimals(group, Tags.RescaleIntercept, 1) is not [var intercept])
        {
            throw Fault.Missing(
                groups.Decimals(group, Tags.RescaleSlope, 1) is null
                    ? Tags.RescaleSlope : Tags.RescaleIntercept, "values are no Hounsfield units");
        }

        if (groups.Where(group, Tags.RescaleType).First(Tags.RescaleType) is not (null or "HU"))
        {
            throw groups.Fault(group, Tags.RescaleType, "is not HU");
        }

        return slope != 0 ? (slope, intercept) : throw groups.Fault(group, Tags.RescaleSlope, "is 0");
    }

    private static (int First, int Last)? PaddingOf(DicomDataSet data, DicomPixelFormat format)
    {
        if (data.WholeNumber(Tags.PixelPaddingValue) is not { } value)
        {
            return null;
        }

        var limit = data.WholeNumber(Tags.PixelPaddingRangeLimit) ?? value;
        (value, limit) = format.IsSigned ? ((int)(short)value, (int)(short)limit) : ((ushort)value, (ushort)limit);
        return (Math.Min(value, limit), Math.Max(value, limit));
    }

    private static CtWindow? WindowOf(FrameGroups groups)
    {
        var group = Tags.FrameVoiLutSequence;
        var centres = groups.Where(group, Tags.WindowCentre).Decimals(Tags.WindowCentre);
        var widths = groups.Where(group, Tags.WindowWidth).Decimals(Tags.WindowWidth);
        return centres is [var centre, ..] && widths is [>= 1 and var width, ..]
            && groups.Where(group, Tags.VoiLutFunction).First(Tags.VoiLutFunction) is null or "LINEAR"
            ? new(centre, width)
            : null;
    }
}
