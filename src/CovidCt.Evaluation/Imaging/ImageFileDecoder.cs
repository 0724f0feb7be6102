using System.Globalization;
using System.Runtime.InteropServices;

namespace CovidCt.Imaging;

/// <summary>
/// What decoders of image files have in common, whichever library reads the pixels: limits, what a file is, how many bits of 16 count, gray
/// by ITU-R 601 luma, and the reasons by which a file is rejected.
/// </summary>
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
public abstract partial class ImageFileDecoder : IImageDecoder
{
    // What canvases are of that were made by an earlier way to decode is made anew.
    private const int Way = 2;

    private readonly int _maxPixels, _maxSide, _minSide;
    private int? _sampleBits;

    /// <summary>A decoder with limits.</summary>
    /// <param name="limits">Which sizes of images it takes; null takes the defaults.</param>
    /// <exception cref="ArgumentException">A limit is out of its range.</exception>
    protected ImageFileDecoder(Limits? limits)
    {
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
        get => _sampleBits;
        init => _sampleBits = Valid(value);
    }

    /// <inheritdoc/>
    public virtual string? Name => null;

    /// <inheritdoc/>
    public string Version =>
        $"{GetType().Module.ModuleVersionId}, {typeof(ImageFileDecoder).Module.ModuleVersionId}, {Library}, "
            + Text($"{Way}, {_maxPixels}, {_maxSide}, {_minSide}{(SampleBits is { } bits ? Text($", {bits}") : "")}");

    /// <summary>The library that reads the pixels, with its version and build.</summary>
    protected abstract string Library { get; }

    /// <summary>The formats that are read, in words, such as <c>PNG and JPEG</c>.</summary>
    /// <param name="last">The word before the last one, such as <c>and</c>.</param>
    protected virtual string Formats(string last) => $"PNG, JPEG, BMP, GIF {last} WebP";

    /// <summary>The name of a format that this decoder reads besides PNG, JPEG, BMP, GIF and WebP; null for any other.</summary>
    /// <param name="file">The whole file.</param>
    protected virtual string? FurtherFormat(ReadOnlySpan<byte> file) => null;

    /// <summary>Decodes a file whose first bytes are of a known format; of samples of 16 bits in a PNG the high bytes.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="format">Its format, such as <c>PNG</c>.</param>
    /// <exception cref="ImageRejectedException">It is damaged, cut off, or of a size that <see cref="CheckSize"/> rejects.</exception>
    protected abstract GrayImage DecodeFormat(ReadOnlyMemory<byte> file, string format);

    /// <inheritdoc cref="IImageDecoder.Decode(Stream)"/>
    public GrayImage Decode(Stream file) => Decode(IImageDecoder.Read(file));

    /// <inheritdoc cref="IImageDecoder.DecodeFile"/>
    public GrayImage DecodeFile(string path) => Decode(IImageDecoder.Read(path));

    /// <inheritdoc/>
    public GrayImage Decode(ReadOnlyMemory<byte> file)
    {
        var image = DecodeHighBytes(file);
        return DeepPng.Is(file.Span) ? Significant(DeepPng.Read(file.Span), image) : image;
    }

    /// <inheritdoc/>
    public IImageDecoder ForSamples(int? bits)
    {
        if (bits is null || bits == SampleBits)
        {
            return this;
        }

        var other = (ImageFileDecoder)MemberwiseClone();
        other._sampleBits = Valid(bits);
        return other;
    }

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

    /// <summary>Holds what a file's header claims against the limits; to be asked before memory for pixels is taken.</summary>
    /// <exception cref="ImageRejectedException">The image is too large or too small.</exception>
    protected void CheckSize(int width, int height)
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

    /// <summary>Turns pixels of four bytes (R, G, B and one that doesn't count) to gray.</summary>
    /// <param name="rgba">Four bytes a pixel.</param>
    /// <param name="gray">As many pixels.</param>
    protected static void ToGray(ReadOnlySpan<byte> rgba, Span<byte> gray) =>
        Luma.OfRgba(MemoryMarshal.Cast<byte, uint>(rgba), gray);

    /// <summary>A rejection: nothing can be read of the header.</summary>
    protected static ImageRejectedException DamagedHeader(string format) =>
        new($"The file begins as {format}, but its header is damaged, cut off or of no possible size.");

    /// <summary>A rejection: pixels are missing at the end.</summary>
    protected static ImageRejectedException CutOff(string format) =>
        new($"The {format} data end before the image does: the file is cut off.");

    /// <summary>A rejection: pixels can't be read.</summary>
    protected static ImageRejectedException Damaged(string format) => new($"The {format} data are damaged or cut off.");

    /// <summary>A rejection: there is no memory for the pixels.</summary>
    protected static ImageRejectedException NoMemory(int width, int height) =>
        new(Text($"There is no memory for its {width}×{height} pixels."));

    private static int? Valid(int? bits) =>
        bits is null or (>= 8 and <= 16) ? bits : throw new ArgumentOutOfRangeException(nameof(bits));

    /// <summary>The image; of samples of 16 bits in a PNG the high bytes.</summary>
    private GrayImage DecodeHighBytes(ReadOnlyMemory<byte> file) =>
        DecodeFormat(file, ImageSignature.Format(file.Span) ?? FurtherFormat(file.Span) ?? throw Unknown(file.Span));

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
        : largest >> bits > 0 ? Text(
            $"The file has values up to {largest}, more than the {bits} bits hold that its data set or network has: larger ones are white.")
        : null;

    private ImageRejectedException Unknown(ReadOnlySpan<byte> file) => new(
        ImageSignature.PlainlyNoImage(file)
        ?? (ImageSignature.OtherFormat(file) is { } other
            ? $"The file is {other}, which is not read; {Formats("and")} are."
            : $"The file is not an image: its first bytes are those of no {Formats("or")}."));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
