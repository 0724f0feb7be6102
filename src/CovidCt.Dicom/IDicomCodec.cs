using CovidCt.Dicom.Codecs;
using CovidCt.Imaging;

namespace CovidCt.Dicom;

/// <summary>
/// Decompresses the pixels of some transfer syntaxes. An application that reads others than <see cref="BuiltIn"/> does adds its own.
/// </summary>
/// <remarks>Implementations are called from many threads at once.</remarks>
public interface IDicomCodec
{
    /// <summary>
    /// The library's own: RLE Lossless, JPEG Baseline and Extended (sequential, 8 and 12 bits), JPEG Lossless, JPEG-LS lossless and
    /// near-lossless.
    /// </summary>
    static IReadOnlyList<IDicomCodec> BuiltIn { get; } = [new RleCodec(), new JpegCodec(), new JpegLosslessCodec(), new JpegLsCodec()];

    /// <summary>Whether it decompresses a transfer syntax.</summary>
    /// <param name="transferSyntaxUid">The unique identifier, such as <c>1.2.840.10008.1.2.5</c>.</param>
    bool Decodes(string transferSyntaxUid);

    /// <summary>Decompresses one frame.</summary>
    /// <param name="frame">
    /// All fragments of the frame. What they claim of its size may be a lie, and <paramref name="format"/> may be one too.
    /// </param>
    /// <param name="format">What the file says of the pixels.</param>
    /// <returns>
    /// <see cref="DicomPixelFormat.FrameLength"/> bytes, row by row from the top left, of 16 bits the less significant byte first.
    /// </returns>
    /// <exception cref="ImageRejectedException">The frame is damaged, or another one than the file says.</exception>
    byte[] Decode(ReadOnlyMemory<byte> frame, DicomPixelFormat format);
}
