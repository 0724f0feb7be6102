namespace CovidCt.Dicom;

/// <summary>How the pixels of a frame are stored (PS3.3, section C.7.6.3.1): one sample each, in gray.</summary>
/// <param name="Width">Columns, 1 to 65,535.</param>
/// <param name="Height">Rows, 1 to 65,535.</param>
/// <param name="BitsAllocated">Bits that a pixel takes: 8 or 16.</param>
/// <param name="BitsStored">Bits of them that are its value: 8 to <paramref name="BitsAllocated"/>.</param>
/// <param name="HighBit">The most significant one of those, counted from 0.</param>
/// <param name="IsSigned">Whether values are two's complements.</param>
public sealed record DicomPixelFormat(int Width, int Height, int BitsAllocated, int BitsStored, int HighBit, bool IsSigned)
{
    private const int MostPixels = 64 << 20;

    /// <summary>Bytes of a pixel: 1 or 2.</summary>
    public int BytesPerPixel => BitsAllocated / 8;

    /// <summary>Bytes of a frame that isn't compressed.</summary>
    public int FrameLength => Width * Height * BytesPerPixel;

    internal static DicomPixelFormat Of(DicomDataSet data)
    {
        if (Required(data, Tags.SamplesPerPixel, samples => samples == 1, "is not 1: a CT image is gray") != 1
            || data.First(Tags.PhotometricInterpretation) is not ("MONOCHROME1" or "MONOCHROME2"))
        {
            throw data.Find(Tags.PhotometricInterpretation) is { } colours
                ? Fault.Of(colours.Tag, colours.Offset, "is neither MONOCHROME1 nor MONOCHROME2")
                : Fault.Missing(Tags.PhotometricInterpretation, "values have no gray");
        }

        var height = Required(data, Tags.Rows, rows => rows > 0, "is not a number of rows");
        var width = Required(
            data, Tags.Columns, columns => columns > 0 && (long)columns * height <= MostPixels,
            Fault.Text($"is 0, or makes more than {MostPixels} pixels with the rows"));
        var allocated = Required(data, Tags.BitsAllocated, bits => bits is 8 or 16, "is neither 8 nor 16");
        var stored = Required(data, Tags.BitsStored, bits => bits >= 8 && bits <= allocated, "is not between 8 and Bits Allocated");
        var high = Required(
            data, Tags.HighBit, bit => bit >= stored - 1 && bit < allocated, "leaves no room for Bits Stored within Bits Allocated");
        var sign = Required(data, Tags.PixelRepresentation, representation => representation is 0 or 1, "is neither 0 nor 1");
        return new(width, height, allocated, stored, high, sign == 1);
    }

    /// <summary>The values of a frame: the stored bits alone, with their sign.</summary>
    internal int[] Unpack(ReadOnlySpan<byte> frame)
    {
        var values = new int[Width * Height];
        var (left, right) = (31 - HighBit, 32 - BitsStored);
        for (var i = 0; i < values.Length; i++)
        {
            var bits = (BitsAllocated == 8 ? frame[i] : frame[2 * i] | (frame[(2 * i) + 1] << 8)) << left;
            values[i] = IsSigned ? bits >> right : (int)((uint)bits >> right);
        }

        return values;
    }

    private static int Required(DicomDataSet data, DicomTag tag, Func<int, bool> isRight, string wrong)
    {
        var value = data.WholeNumber(tag) ?? throw Fault.Missing(tag, "pixels can't be read");
        return isRight(value) ? value : throw Fault.Of(tag, data.Find(tag)!.Offset, wrong);
    }
}
