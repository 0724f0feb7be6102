using System.IO.Compression;
using CovidCt.Imaging;

namespace CovidCt.Dicom;

/// <summary>A file of DICOM Part 10: what is written in it, and its pixels as they are stored.</summary>
/// <remarks>
/// <para>
/// Implicit and explicit little endian, explicit big endian and deflated data sets are read (PS3.5, annex A), sequences of known and
/// unknown length, and compressed pixels with their offset tables. The file is held in memory once; elements are views of it. What an
/// element claims is checked against the bytes that are there before anything is made of it.
/// </para>
/// <para>Safe to use from many threads at once.</para>
/// </remarks>
public sealed class DicomFile
{
    private const int Preamble = 128;

    // Few files say more of themselves before their pixels.
    private const int HeadLength = 1 << 15, HeadGrowth = 16;

    // Deflate at its best makes one byte of 1032; beyond that a file is none.
    private const int MostInflation = 1032, MostInflated = 1 << 29;

    private DicomFile(TransferSyntax syntax, DicomDataSet data) => (Syntax, Data) = (syntax, data);

    /// <summary>The unique identifier of the transfer syntax.</summary>
    public string TransferSyntaxUid => Syntax.Uid;

    /// <summary>All elements besides the file's meta information.</summary>
    public DicomDataSet Data { get; }

    /// <summary>How many frames the file has, at least 1; a file that doesn't say it has one.</summary>
    /// <exception cref="ImageRejectedException">The number makes no sense.</exception>
    public int FrameCount => Data.WholeNumber(Tags.NumberOfFrames) switch
    {
        null => 1,
        > 0 and var count => count,
        _ => throw Fault.Of(Tags.NumberOfFrames, Data.Find(Tags.NumberOfFrames)!.Offset, "is no number of frames"),
    };

    internal TransferSyntax Syntax { get; }

    /// <summary>Whether a file begins as one of DICOM Part 10 does (PS3.10, section 7.1).</summary>
    /// <param name="file">The content, or at least 132 bytes of its beginning.</param>
    public static bool IsDicom(ReadOnlySpan<byte> file) => file.Length >= Preamble + 4 && file.Slice(Preamble, 4).SequenceEqual("DICM"u8);

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, of at most 512 MiB.</param>
    /// <exception cref="ImageRejectedException">
    /// It can't be read, or is damaged; the message is one sentence with tag and offset.
    /// </exception>
    public static DicomFile Open(string path) => Parse(IImageDecoder.Read(path));

    /// <summary>Reads the content of a file.</summary>
    /// <param name="file">All of it; it must not change as long as the result is used.</param>
    /// <exception cref="ImageRejectedException">It is damaged; the message is one sentence with tag and offset.</exception>
    public static DicomFile Parse(ReadOnlyMemory<byte> file) => Parse(file, headOf: null);

    /// <summary>
    /// Reads what a file says of itself, and of its pixels no more than that they are there: how it begins, and more of it as long as that
    /// doesn't do.
    /// </summary>
    /// <param name="path">The file, of at most 512 MiB.</param>
    /// <returns>The file, whose pixels can't be asked for; null where it isn't DICOM.</returns>
    /// <exception cref="ImageRejectedException">
    /// It can't be read, or is damaged; the message is one sentence with tag and offset.
    /// </exception>
    internal static DicomFile? OpenHead(string path)
    {
        try
        {
            using var file = File.OpenHandle(path);
            var (length, head) = (RandomAccess.GetLength(file), Array.Empty<byte>());
            for (long most = HeadLength; most < Math.Min(length, MostInflated); most *= HeadGrowth)
            {
                head = new byte[most];
                if (RandomAccess.Read(file, head, 0) < most || !IsDicom(head))
                {
                    break;
                }

                if (TryParseHead(head, length) is { } found)
                {
                    return found;
                }
            }

            return head.Length > 0 && !IsDicom(head) ? null : OpenWhole(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImageRejectedException("The file cannot be read; check its permissions and the disk.");
        }
    }

    private static DicomFile? OpenWhole(string path)
    {
        var content = IImageDecoder.Read(path);
        return IsDicom(content) ? Parse(content, content.Length) : null;
    }

    private static DicomFile? TryParseHead(byte[] head, long length)
    {
        try
        {
            return Parse(head, length) is var file && file.Data.Find(Tags.PixelData) is not null ? file : null;
        }
        catch (ImageRejectedException)
        {
            return null; // Which may be so because there is more of the file.
        }
    }

    /// <summary>Reads the content of a file, or, of one of <paramref name="headOf"/> bytes, how it begins: up to its pixels.</summary>
    internal static DicomFile Parse(ReadOnlyMemory<byte> file, long? headOf)
    {
        if (!IsDicom(file.Span))
        {
            throw new ImageRejectedException("The file is not DICOM: the letters DICM are not at offset 128.");
        }

        var reader = new DicomReader(file, Preamble + 4, headOf);
        var meta = reader.ReadMeta();
        var syntax = TransferSyntax.Of(
            meta.Text(Tags.TransferSyntaxUid) ?? throw Fault.Missing(Tags.TransferSyntaxUid, "nobody knows how the file is to be read"));
        if (syntax.IsDeflated)
        {
            reader = new DicomReader(Inflate(file[reader.Position..]), 0);
        }

        return new(syntax, reader.ReadDataSet(syntax));
    }

    private static byte[] Inflate(ReadOnlyMemory<byte> deflated)
    {
        var most = Math.Min((long)deflated.Length * MostInflation, MostInflated);
        using var inflated = new MemoryStream();
        var part = new byte[1 << 14];
        try
        {
            using var stream = new DeflateStream(new MemoryStream(deflated.ToArray()), CompressionMode.Decompress);
            while (stream.Read(part) is > 0 and var count)
            {
                if (inflated.Length + count > most)
                {
                    throw new ImageRejectedException(Fault.Text($"The deflated data set inflates to more than {most} bytes."));
                }

                inflated.Write(part, 0, count);
            }
        }
        catch (InvalidDataException)
        {
            throw new ImageRejectedException(Fault.Text($"The deflated data set is damaged after {inflated.Length} inflated bytes."));
        }

        return inflated.ToArray();
    }
}
