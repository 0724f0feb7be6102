using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Runtime.InteropServices;
using SkiaSharp;

namespace CovidCt.Imaging;

/// <summary>Decodes PNG, JPEG, BMP, GIF (its first frame) and WebP with Skia.</summary>
/// <remarks>
/// <para>
/// Gray is ITU-R 601 luma in Pillow's integer arithmetic, <c>(19595 R + 38470 G + 7471 B + 32768) / 65536</c>, so that
/// gray stays exactly as it was whatever colour type it is stored in. Alpha is never used: the colours under transparent
/// pixels count as they are stored. Colour profiles and gamma are not applied. Of 16-bit samples the high byte is taken.
/// CMYK and palettes go by way of RGB. The Exif orientation is not applied: the data sets were annotated without it, and
/// Pillow and torchvision leave it out too.
/// </para>
/// <para>Safe to use from many threads at once.</para>
/// </remarks>
public sealed class SkiaImageDecoder : IImageDecoder
{
    private readonly DecoderOptions _options;

    /// <summary>A decoder with the default limits.</summary>
    public SkiaImageDecoder()
        : this(new DecoderOptions())
    {
    }

    /// <summary>A decoder with limits of its own.</summary>
    /// <param name="options">The limits.</param>
    /// <exception cref="ValidationException">A limit is out of its range.</exception>
    public SkiaImageDecoder(DecoderOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        _options = options;
    }

    /// <inheritdoc/>
    public string Version => Text(
        $"{GetType().Module.ModuleVersionId}, {typeof(SKCodec).Assembly.FullName}, {typeof(SKCodec).Module.ModuleVersionId}, {_options.MaxPixels}, {_options.MinSide}");

    /// <inheritdoc/>
    public GrayImage Decode(ReadOnlyMemory<byte> file)
    {
        var format = ImageSignature.Format(file.Span) ?? throw Unknown(file.Span);
        using var data = SKData.CreateCopy(file.Span);
        using var codec = SKCodec.Create(data)
            ?? throw new ImageRejectedException($"The file begins as {format}, but its header is damaged, cut off or of no possible size.");
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        CheckSize(width, height);

        // No colour space asks Skia for the stored values; unpremultiplied keeps colours under transparent pixels.
        var gray = codec.Info.ColorType == SKColorType.Gray8;
        var info = new SKImageInfo(
            width, height, gray ? SKColorType.Gray8 : SKColorType.Rgba8888, gray ? SKAlphaType.Opaque : SKAlphaType.Unpremul);
        using var bitmap = new SKBitmap();
        if (!bitmap.TryAllocPixels(info))
        {
            throw new ImageRejectedException(Text($"There is no memory for its {width}×{height} pixels."));
        }

        var result = codec.GetPixels(info, bitmap.GetPixels());
        if (result != SKCodecResult.Success)
        {
            throw new ImageRejectedException(result == SKCodecResult.IncompleteInput
                ? $"The {format} data end before the image does: the file is cut off."
                : $"The {format} data are damaged or cut off.");
        }

        var pixels = GC.AllocateUninitializedArray<byte>(width * height);
        var stored = bitmap.GetPixelSpan();
        for (var y = 0; y < height; y++)
        {
            var row = pixels.AsSpan(y * width, width);
            var source = stored[(y * bitmap.RowBytes)..];
            if (gray)
            {
                source[..width].CopyTo(row);
            }
            else
            {
                Luma.OfRgba(MemoryMarshal.Cast<byte, uint>(source)[..width], row);
            }
        }

        return new GrayImage(width, height, pixels);
    }

    private void CheckSize(int width, int height)
    {
        if ((long)width * height > _options.MaxPixels)
        {
            throw new ImageRejectedException(Text(
                $"The image claims {width}×{height} pixels; at most {_options.MaxPixels} in all are decoded."));
        }

        if (width < _options.MinSide || height < _options.MinSide)
        {
            throw new ImageRejectedException(Text(
                $"The image has {width}×{height} pixels, too few to hold a slice: {_options.MinSide}×{_options.MinSide} are the least."));
        }
    }

    private static ImageRejectedException Unknown(ReadOnlySpan<byte> file) => new(
        ImageSignature.PlainlyNoImage(file)
        ?? (ImageSignature.OtherFormat(file) is { } other
            ? $"The file is {other}, which is not read; PNG, JPEG, BMP, GIF and WebP are."
            : "The file is not an image: its first bytes are those of no PNG, JPEG, BMP, GIF or WebP."));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
