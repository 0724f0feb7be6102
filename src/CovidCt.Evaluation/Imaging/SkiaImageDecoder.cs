using System.Buffers;
using SkiaSharp;

namespace CovidCt.Imaging;

/// <summary>Decodes PNG, JPEG, BMP, GIF (its first frame) and WebP with Skia.</summary>
/// <remarks>Safe to use from many threads at once.</remarks>
public sealed class SkiaImageDecoder : ImageFileDecoder
{
    /// <summary>A decoder with limits.</summary>
    /// <param name="limits">Which sizes of images it takes; null takes the defaults.</param>
    /// <exception cref="ArgumentException">A limit is out of its range.</exception>
    /// <exception cref="DllNotFoundException">The application has no native part of SkiaSharp; the message names the package.</exception>
    public SkiaImageDecoder(Limits? limits = null) : base(limits) => SkiaNativePart.Require();

    /// <inheritdoc/>
    protected override string Library => $"{typeof(SKCodec).Assembly.FullName}, {typeof(SKCodec).Module.ModuleVersionId}";

    /// <inheritdoc/>
    protected override GrayImage DecodeFormat(ReadOnlyMemory<byte> file, string format)
    {
        using var data = SKData.CreateCopy(file.Span);
        using var codec = SKCodec.Create(data) ?? throw DamagedHeader(format);
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        CheckSize(width, height);

        // No colour space asks Skia for the stored values; unpremultiplied keeps colours under transparent pixels.
        var gray = codec.Info.ColorType == SKColorType.Gray8;
        var info = new SKImageInfo(
            width, height, gray ? SKColorType.Gray8 : SKColorType.Rgba8888, gray ? SKAlphaType.Opaque : SKAlphaType.Unpremul);
        try
        {
            return Read(codec, info, format);
        }
        catch (OutOfMemoryException)
        {
            throw NoMemory(width, height);
        }
    }

    private static GrayImage Read(SKCodec codec, SKImageInfo info, string format)
    {
        var pixels = GC.AllocateUninitializedArray<byte>(info.Width * info.Height);
        if (info.ColorType == SKColorType.Gray8)
        {
            Read(codec, info, pixels, format);
            return new(info.Width, info.Height, pixels);
        }

        // The same buffer for one image after the other: memory fresh from the system costs more than the conversion.
        var colours = ArrayPool<byte>.Shared.Rent(info.BytesSize);
        try
        {
            Read(codec, info, colours, format);
            ToGray(colours.AsSpan(0, info.BytesSize), pixels);
            return new(info.Width, info.Height, pixels);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(colours);
        }
    }

    private static unsafe void Read(SKCodec codec, SKImageInfo info, byte[] target, string format)
    {
        fixed (byte* first = target)
        {
            var result = codec.GetPixels(info, (nint)first);
            if (result != SKCodecResult.Success)
            {
                throw result == SKCodecResult.IncompleteInput ? CutOff(format) : Damaged(format);
            }
        }
    }
}
