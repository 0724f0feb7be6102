using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using SkiaSharp;

namespace CovidCt.Imaging;

/// <summary>Decodes PNG, JPEG, BMP, GIF (its first frame) and WebP with Skia.</summary>
/// <remarks>
/// <para>
/// Gray is ITU-R 601 luma in Pillow's integer arithmetic, <c>(19595 R + 38470 G + 7471 B + 32768) / 65536</c>, so that
/// gray stays exactly as it was whatever colour type it is stored in. Alpha is never used: the colours under transparent
/// pixels count as they are stored. Colour profiles and gamma are not applied. CMYK and palettes go by way of RGB. The Exif orientation
/// is not applied: the data sets were annotated without it, and Pillow and torchvision leave it out too.
/// </para>
/// <para>
/// Of samples of 16 bits in a PNG the eight highest of the significant ones are taken. How many are significant the file's sBIT chunk
/// says, else <see cref="SampleBits"/>, else they are the fewest of 8, 10, 12, 14 and 16 that hold the image's values, which
/// <see cref="GrayImage.Note"/> says.
/// </para>
/// <para>Safe to use from many threads at once.</para>
/// </remarks>
public sealed partial class SkiaImageDecoder : IImageDecoder
{
    private readonly int _maxPixels, _maxSide, _minSide;

    // What canvases are of that were made by an earlier way to decode is made anew.
    private const int Format = 2;

    /// <summary>A decoder with limits.</summary>
    /// <param name="limits">Which sizes of images it takes; null takes the defaults.</param>
    /// <exception cref="ArgumentException">A limit is out of its range.</exception>
    /// <exception cref="DllNotFoundException">The application has no native part of SkiaSharp; the message names the package.</exception>
    public SkiaImageDecoder(Limits? limits = null)
    {
        SkiaNativePart.Require();
        limits ??= new Limits();
        OptionsValidation.ThrowIfInvalid(limits);
        (_maxPixels, _maxSide, _minSide) = (limits.MaxPixels, limits.MaxSide, limits.MinSide);
    }

    /// <summary>
    /// How many bits are significant of 16-bit samples whose file doesn't say it, 8 to 16: of a data set the fewest that hold the values of
    /// all its images, of a network those that it was trained on. Null goes by each image.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of its range.</exception>
    public int? SampleBits
    {
        get;
        init => field = value is null or (>= 8 and <= 16) ? value : throw new ArgumentOutOfRangeException(nameof(value));
    }

    /// <inheritdoc/>
    public string Version =>
        $"{GetType().Module.ModuleVersionId}, {typeof(SKCodec).Assembly.FullName}, {typeof(SKCodec).Module.ModuleVersionId}, "
            + Text($"{Format}, {_maxPixels}, {_maxSide}, {_minSide}{(SampleBits is { } bits ? Text($", {bits}") : "")}");

    /// <inheritdoc cref="IImageDecoder.Decode(Stream)"/>
    public GrayImage Decode(Stream file) => Decode(IImageDecoder.Read(file));

    /// <inheritdoc/>
    public IImageDecoder ForSamples(int? bits) => bits is null || bits == SampleBits
        ? this
        : new SkiaImageDecoder(new Limits { MaxPixels = _maxPixels, MaxSide = _maxSide, MinSide = _minSide }) { SampleBits = bits };

    /// <inheritdoc/>
    public int? SampleBitsOf(ReadOnlyMemory<byte> file)
    {
        if (!DeepPng.Is(file.Span))
        {
            return null;
        }

        _ = DecodeHighBytes(file); // It says whether the file is whole.
        var image = DeepPng.Read(file.Span);
        return image.StatedRange is null ? DeepPng.FewestBits(image.Largest) : null;
    }

    /// <inheritdoc cref="IImageDecoder.DecodeFile"/>
    public GrayImage DecodeFile(string path) => Decode(IImageDecoder.Read(path));

    /// <inheritdoc/>
    public GrayImage Decode(ReadOnlyMemory<byte> file)
    {
        var image = DecodeHighBytes(file);
        return DeepPng.Is(file.Span) ? Significant(DeepPng.Read(file.Span), image) : image;
    }

    private GrayImage Significant(DeepPng deep, GrayImage highBytes)
    {
        var bits = deep.StatedRange ?? SampleBits ?? DeepPng.FewestBits(deep.Largest);
        return (bits == 16 ? highBytes : deep.ToGray(bits)) with { Note = deep.StatedRange is null ? NoteOn(deep.Largest, bits) : null };
    }

    private string? NoteOn(int largest, int bits) =>
        SampleBits is null ? string.Create(
            CultureInfo.InvariantCulture,
            $"The file has samples of 16 bits and doesn't say how many of them are significant: {bits} are taken, the fewest of 8, 10, 12, "
                + $"14 and 16 that hold its values up to {largest}.")
        : largest >> bits > 0 ? string.Create(
            CultureInfo.InvariantCulture,
            $"The file has values up to {largest}, more than the {bits} bits hold that its data set or network has: larger ones are white.")
        : null;

    /// <summary>The image; of samples of 16 bits the high bytes.</summary>
    private GrayImage DecodeHighBytes(ReadOnlyMemory<byte> file)
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
        try
        {
            return Read(codec, info, format);
        }
        catch (OutOfMemoryException)
        {
            throw new ImageRejectedException(Text($"There is no memory for its {width}×{height} pixels."));
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
            Luma.OfRgba(MemoryMarshal.Cast<byte, uint>(colours.AsSpan(0, info.BytesSize)), pixels);
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
                throw new ImageRejectedException(result == SKCodecResult.IncompleteInput
                    ? $"The {format} data end before the image does: the file is cut off."
                    : $"The {format} data are damaged or cut off.");
            }
        }
    }

    private void CheckSize(int width, int height)
    {
        if ((long)width * height > _maxPixels)
        {
            throw new ImageRejectedException(Text(
                $"The image claims {width}×{height} pixels; at most {_maxPixels} in all are decoded."));
        }

        if (width > _maxSide || height > _maxSide)
        {
            throw new ImageRejectedException(Text($"The image claims {width}×{height} pixels; sides of at most {_maxSide} are decoded."));
        }

        if (width < _minSide || height < _minSide)
        {
            throw new ImageRejectedException(Text(
                $"The image has {width}×{height} pixels, too few to hold a slice: {_minSide}×{_minSide} are the least."));
        }
    }

    private static ImageRejectedException Unknown(ReadOnlySpan<byte> file) => new(
        ImageSignature.PlainlyNoImage(file)
        ?? (ImageSignature.OtherFormat(file) is { } other
            ? $"The file is {other}, which is not read; PNG, JPEG, BMP, GIF and WebP are."
            : "The file is not an image: its first bytes are those of no PNG, JPEG, BMP, GIF or WebP."));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
