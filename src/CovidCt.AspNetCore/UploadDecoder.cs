using CovidCt.Dicom;
using CovidCt.Imaging;

namespace CovidCt.AspNetCore;

/// <summary>Decodes DICOM files, and all others with the application's decoder.</summary>
/// <param name="images">The application's decoder.</param>
/// <param name="maxPixels">The most pixels of a DICOM file.</param>
internal sealed class UploadDecoder(IImageDecoder images, int maxPixels) : IImageDecoder
{
    private const int MetaLength = 4096;

    private static readonly DicomTag Rows = new(0x0028, 0x0010), Columns = new(0x0028, 0x0011);

    private readonly DicomDecoder _dicom = new();

    /// <inheritdoc/>
    public string? Name => images.Name;

    /// <inheritdoc/>
    public string Version => $"{_dicom.Version}; {images.Version}; {maxPixels}";

    /// <inheritdoc/>
    public GrayImage Decode(ReadOnlyMemory<byte> file)
    {
        if (!DicomFile.IsDicom(file.Span))
        {
            return images.Decode(file);
        }

        Check(file, maxPixels);
        return _dicom.Decode(file);
    }

    /// <summary>Refuses a DICOM file that may take too much memory.</summary>
    /// <exception cref="ImageRejectedException">It is deflated, or its slices are too large.</exception>
    public static void Check(ReadOnlyMemory<byte> file, int maxPixels)
    {
        // A deflated data set may inflate to a thousand times its length before anything of it is known.
        if (file.Span[..Math.Min(file.Length, MetaLength)].IndexOf("1.2.840.10008.1.2.1.99"u8) >= 0)
        {
            throw new ImageRejectedException("The data set is deflated, which is not taken here: inflate it, such as with dcmconv +te.");
        }

        var data = DicomFile.Parse(file).Data;
        if ((long)(data.WholeNumber(Rows) ?? 0) * (data.WholeNumber(Columns) ?? 0) > maxPixels)
        {
            throw new ImageRejectedException(FormattableString.Invariant(
                $"The image claims {data.WholeNumber(Columns)}×{data.WholeNumber(Rows)} pixels; at most {maxPixels} are decoded."));
        }
    }

    /// <inheritdoc/>
    public IImageDecoder ForSamples(int? bits) => new UploadDecoder(images.ForSamples(bits), maxPixels);

    /// <inheritdoc/>
    public int? SampleBitsOf(ReadOnlyMemory<byte> file) => DicomFile.IsDicom(file.Span) ? null : images.SampleBitsOf(file);
}
