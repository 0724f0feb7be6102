using CovidCt.Imaging;
using CovidCt.Tests;

namespace CovidCt.Dicom.Tests;

/// <summary>Files that somebody changed: each is an image or one sentence, soon, and with no more memory than its length admits.</summary>
public sealed class MutatedFilesTests(ITestOutputHelper output)
{
    internal const string Count = "COVIDCT_DICOM_MUTATIONS";

    internal const int HeadLength = 1400;

    // What a read takes whatever the file is: tables, buffers, a message.
    private const long Fixed = 1 << 20;

    // An element takes eight bytes of a file at least, and less than 256 of memory; what is inflated is copied as it grows.
    private const long OfElements = 32, OfInflating = 8, Inflation = 1032;

    // Two of the decoded frame, four of the stored value, four of the Hounsfield units, one of the gray.
    private const long OfPixel = 11;

    [Fact]
    public void A_few_changed_files_are_images_or_refused() => Try(output, Originals(), 300, 1);

    [Fact]
    [Trait("Category", "Long")]
    public void Changed_files_are_images_or_refused() => Try(output, Originals(), LargeCount.Of(Count, 20_000), 2);

    internal static void Try(ITestOutputHelper output, byte[][] originals, int count, int seed) =>
        ChangedFiles.Try(output, originals, HeadLength, count, seed, Read, Samples.AssertSentence);

    private static byte[][] Originals() => [.. Samples.All.Select(phantom => phantom.File())];

    private static void Read(byte[] content)
    {
        ReadHead(content);
        var isDeflated = content.AsSpan(0, Math.Min(content.Length, HeadLength)).IndexOf("1.2.840.10008.1.2.1.99"u8) >= 0;
        var length = content.Length * (isDeflated ? Inflation : 1);
        var file = ChangedFiles.Within(Fixed + (length * (OfElements + (isDeflated ? OfInflating : 0))), () => DicomFile.Parse(content));
        var pixels = Math.Min(length * PixelsOfByte(file.TransferSyntaxUid), 64 << 20);
        ChangedFiles.Within(Fixed + content.Length + (pixels * OfPixel), () => CtImage.Read(file).ToGray());
    }

    // As of a folder's files, of which no more is in memory than how they begin.
    private static void ReadHead(byte[] content)
    {
        try
        {
            var file = DicomFile.Parse(content.AsMemory(0, content.Length / 3), content.Length);
            Assert.InRange(DicomSlice.Of("", file, 0).Width ?? 0, 0, ushort.MaxValue);
        }
        catch (ImageRejectedException e)
        {
            Samples.AssertSentence(e.Message);
        }
    }

    // What the codecs themselves admit: a run of RLE, a block of JPEG, a row of JPEG-LS in a bit.
    private static long PixelsOfByte(string syntax) => syntax switch
    {
        "1.2.840.10008.1.2.5" => 64,
        "1.2.840.10008.1.2.4.50" or "1.2.840.10008.1.2.4.51" => 256,
        "1.2.840.10008.1.2.4.57" or "1.2.840.10008.1.2.4.70" => 8,
        "1.2.840.10008.1.2.4.80" or "1.2.840.10008.1.2.4.81" => 8 * 65_535,
        _ => 1,
    };
}
