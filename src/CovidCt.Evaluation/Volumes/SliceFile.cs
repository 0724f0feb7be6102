using System.Buffers.Binary;
using System.Text;
using CovidCt.Imaging;

namespace CovidCt.Volumes;

/// <summary>What a data set of volumes has in the place of an image file: a gray image as it is, or why there is none.</summary>
internal static class SliceFile
{
    private const int SizeLength = 8;

    private static ReadOnlySpan<byte> ImageMagic => "\u0001CtSlice\n"u8;

    private static ReadOnlySpan<byte> ReasonMagic => "\u0001CtNone \n"u8;

    public static bool Is(ReadOnlySpan<byte> file) => file.StartsWith(ImageMagic) || file.StartsWith(ReasonMagic);

    public static byte[] Of(GrayImage image)
    {
        var file = new byte[ImageMagic.Length + SizeLength + image.Pixels.Length];
        ImageMagic.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(ImageMagic.Length), image.Width);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(ImageMagic.Length + sizeof(int)), image.Height);
        image.Pixels.CopyTo(file, ImageMagic.Length + SizeLength);
        return file;
    }

    public static byte[] Of(string reason) => [.. ReasonMagic, .. Encoding.UTF8.GetBytes(reason)];

    /// <exception cref="ImageRejectedException">There is no image, and why.</exception>
    public static GrayImage Decode(ReadOnlyMemory<byte> file)
    {
        if (file.Span.StartsWith(ReasonMagic))
        {
            throw new ImageRejectedException(Encoding.UTF8.GetString(file.Span[ReasonMagic.Length..]));
        }

        var size = file.Span[ImageMagic.Length..];
        if (size.Length < SizeLength
            || BinaryPrimitives.ReadInt32LittleEndian(size) is not (> 0 and var width)
            || BinaryPrimitives.ReadInt32LittleEndian(size[sizeof(int)..]) is not (> 0 and var height)
            || size.Length - SizeLength != (long)width * height)
        {
            throw new ImageRejectedException("The file is a slice of a volume that is cut off or damaged.");
        }

        return new(width, height, size[SizeLength..].ToArray());
    }
}
