using System.Buffers.Binary;
using System.Security.Cryptography;
using CovidCt.Data;
using CovidCt.Imaging;

namespace CovidCt.Audit;

/// <summary>All that an audit keeps of an image, some 10 KiB.</summary>
internal sealed record AuditedImage(
    CtSample Sample,
    ImageHeader Header,
    long FileLength,
    int Width,
    int Height,
    GrayStatistics Gray,
    UInt128 FileHash,
    UInt128 PixelHash,
    SliceThumbnail Thumbnail,
    PerceptualHash Hash)
{
    /// <summary>Looks at a file and its pixels.</summary>
    public static AuditedImage Of(CtSample sample, ReadOnlySpan<byte> file, GrayImage image)
    {
        var frame = PixelFrame.Inside(image);
        var thumbnail = SliceThumbnail.Of(frame.Crop(image));
        return new(
            sample, ImageHeader.Read(file), file.Length, image.Width, image.Height, GrayStatistics.Of(image, frame),
            HashOf(file, 0), HashOf(image.Pixels, image.Width), thumbnail, PerceptualHash.Of(thumbnail));
    }

    // The first half of SHA-256: images of one hash are taken for equal.
    private static UInt128 HashOf(ReadOnlySpan<byte> content, int width)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(content);
        hash.AppendData(BitConverter.GetBytes(width));
        return BinaryPrimitives.ReadUInt128LittleEndian(hash.GetHashAndReset());
    }
}
