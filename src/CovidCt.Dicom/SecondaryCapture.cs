using System.Globalization;
using CovidCt.Dicom.Writing;
using CovidCt.Imaging;

namespace CovidCt.Dicom;

/// <summary>
/// A picture of a slice, such as with a heatmap over it, as a DICOM image: Secondary Capture (PS3.3, section A.8.1) in 8-bit RGB.
/// </summary>
/// <remarks>
/// <para>
/// It lies in the patient's study, in a series of its own, and refers to the slice that it was made of. That it is for research and no
/// diagnosis stands in its description and comments, and in a margin below the picture.
/// </para>
/// <para>
/// Its SOP Instance UID is a hash of all that it says besides who the patient is, when it was written, and the pixels: of one slice and
/// answer, pictures of the same size and description have the same one, and an archive keeps it once.
/// </para>
/// </remarks>
public static class SecondaryCapture
{
    private const string SopClass = "1.2.840.10008.5.1.4.1.1.7", Kind = "picture", SeriesNumber = "9002";

    private const int LargestSide = 16_384;

    // Less than that is no direction: cosines are written with six digits or fewer.
    private const double LeastCosine = 1e-3;

    /// <summary>Writes a picture of a slice, whole or not at all.</summary>
    /// <param name="path">The file, replaced if it is there; its folder is made when missing.</param>
    /// <param name="source">What the answer is about.</param>
    /// <param name="slice">Which slice of it the picture is of.</param>
    /// <param name="answer">The answer about the series.</param>
    /// <param name="picture">The picture of the whole slice, in any size, turned as <see cref="DicomSeries.Read"/> turns slices.</param>
    /// <param name="description">What it shows, such as <c>Grad-CAM of COVID</c>.</param>
    /// <returns>The image's SOP Instance UID.</returns>
    /// <exception cref="ArgumentException">
    /// The source has no such slice, or the answer lacks something or is out of its range; the message says all of it.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The picture has more than 16,384 rows or columns.</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static string Write(
        string path, DicomSource source, DicomSlice slice, ReportedAnswer answer, RgbImage picture, string description)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(slice);
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentException.ThrowIfNullOrWhiteSpace(description);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Max(picture.Width, picture.Height), LargestSide, nameof(picture));
        OptionsValidation.ThrowIfInvalid(answer);
        var (instance, number) = Find(source, slice);
        var plane = instance.Planes[0] is { } stored ? AxialTurn.Of(stored)?.DirectionsOf(stored) ?? stored : null;
        var captioned = Caption.Below(picture);
        var data = source.Begin()
            .Text(Tags.Modality, "OT")
            .Text(Tags.SeriesInstanceUid, source.SeriesOf(Kind, answer))
            .Text(Tags.SeriesNumber, SeriesNumber)
            .Text(Tags.BodyPartExamined, "CHEST")
            .Text(Tags.SeriesDescription, $"{Part10.Product}, research only: {description}")
            .Equipment()
            .Text(Tags.ConversionType, "WSD")
            .Text(Tags.SecondaryCaptureDeviceManufacturer, Part10.Product)
            .Text(Tags.SecondaryCaptureDeviceModelName, answer.Network)
            .Text(Tags.SecondaryCaptureDeviceSoftwareVersions, Part10.Version)
            .Text(Tags.ImageType, "DERIVED\\SECONDARY")
            .Text(Tags.InstanceNumber, number.ToString(CultureInfo.InvariantCulture))
            .Text(Tags.PatientOrientation, plane is null ? null : $"{Direction(plane.AlongRow)}\\{Direction(plane.AlongColumn)}")
            .Text(Tags.ImageComments, $"{Part10.Notice} {answer.Sentence}")
            .Text(Tags.DerivationDescription, $"{Part10.Notice} {description} by {answer.Network}, model file {answer.ModelHash}")
            .Sequence(Tags.SourceImageSequence, item =>
            {
                instance.Refer(item);
                item.Sequence(Tags.PurposeOfReferenceCodeSequence, Code.SourceImage.Write);
            })
            .Sequence(Tags.ReferencedSeriesSequence, series => series
                .Text(Tags.SeriesInstanceUid, source.SeriesUid)
                .Sequence(Tags.ReferencedInstanceSequence, instance.ReferWhole))
            .Number(Tags.SamplesPerPixel, 3)
            .Text(Tags.PhotometricInterpretation, "RGB")
            .Number(Tags.PlanarConfiguration, 0)
            .Number(Tags.Rows, (ushort)captioned.Height)
            .Number(Tags.Columns, (ushort)captioned.Width)
            .Number(Tags.BitsAllocated, 8)
            .Number(Tags.BitsStored, 8)
            .Number(Tags.HighBit, 7)
            .Number(Tags.PixelRepresentation, 0);
        foreach (var (tag, value) in instance.Inherited)
        {
            data.Bytes(tag, value);
        }

        if (plane is { RowSpacing: { } rows, ColumnSpacing: { } columns } && instance.Size is { Rows: > 0, Columns: > 0 } size)
        {
            size = AxialTurn.Of(instance.Planes[0]!) is { IsTransposed: true } ? (size.Rows, size.Columns) : size;
            data.Text(Tags.PixelSpacing, $"{Length(rows * size.Rows / picture.Height)}\\{Length(columns * size.Columns / picture.Width)}");
        }

        var uid = Uid.Of(Kind, data.ToArray());
        Part10.Write(
            path, SopClass, uid,
            source.Identify(data).Made(answer.Answered ?? DateTimeOffset.Now).Bytes(Tags.PixelData, captioned.Pixels));
        return uid;
    }

    private static (SourceInstance Instance, int Number) Find(DicomSource source, DicomSlice slice)
    {
        var number = 0;
        foreach (var instance in source.Instances)
        {
            foreach (var (i, frame) in instance.Frames.Index())
            {
                number++;
                if (instance.Path == slice.Path && frame == slice.Frame)
                {
                    return (instance with { Frames = [frame], Planes = [instance.Planes[i]] }, number);
                }
            }
        }

        throw new ArgumentException("The source has no such slice.", nameof(slice));
    }

    /// <summary>A direction by the patient's sides, that which it has most of first (PS3.3, section C.7.6.1.1.1).</summary>
    private static string Direction((double X, double Y, double Z) along) => string.Concat(
        new[] { (along.X, "LR"), (along.Y, "PA"), (along.Z, "HF") }
            .Where(part => Math.Abs(part.Item1) > LeastCosine).OrderByDescending(part => Math.Abs(part.Item1))
            .Select(part => part.Item2[part.Item1 > 0 ? 0 : 1]));

    // A decimal string has at most 16 characters.
    private static string Length(double millimetres) => Fault.Text($"{millimetres:G9}");
}
