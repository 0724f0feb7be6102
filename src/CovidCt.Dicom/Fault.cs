using System.Globalization;
using CovidCt.Imaging;

namespace CovidCt.Dicom;

/// <summary>What is wrong with a file, in one sentence that names tag and offset and repeats no text of the file.</summary>
internal static class Fault
{
    /// <summary>Of an element: <c>Rows (0028,0010) at offset 123 is 0.</c></summary>
    public static ImageRejectedException Of(DicomTag tag, long offset, string what) =>
        new(Text($"{tag} at offset {offset} {what}."));

    /// <summary>Of an element that isn't there.</summary>
    public static ImageRejectedException Missing(DicomTag tag, string without) => new($"{tag} is missing, without which {without}.");

    /// <summary>Of compressed pixels.</summary>
    public static ImageRejectedException InFrame(string codec, long at, string what) =>
        new(Text($"{Tags.PixelData} is damaged: at byte {at} of the frame, the {codec} data {what}."));

    /// <summary>A sentence whose numbers are the same in every culture.</summary>
    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
