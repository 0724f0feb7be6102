using System.Runtime.InteropServices;
using CovidCt.Imaging;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Bmp;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Pbm;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Tga;
using SixLabors.ImageSharp.Formats.Tiff;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;
using Codec = SixLabors.ImageSharp.Formats.IImageDecoder;
using Header = SixLabors.ImageSharp.Formats.IImageInfoDetector;

namespace CovidCt.ImageSharp;

/// <summary>
/// Decodes PNG, JPEG, BMP, GIF (its first frame), WebP, TIFF (its first page), PBM and TGA with SixLabors.ImageSharp: managed code alone.
/// </summary>
/// <remarks>
/// <para>
/// PNG, BMP, GIF and lossless WebP give the gray levels that <see cref="SkiaImageDecoder"/> gives; those of JPEG and lossy WebP may
/// differ by a few, since each library rounds and enlarges colour in its own way. Samples of more than eight bits in a TIFF are scaled down
/// from all their bits, which <see cref="GrayImage.Note"/> says. Animated WebP is rejected. Decoding takes up to nine bytes a pixel, of
/// which one stays, and a progressive JPEG six more.
/// </para>
/// <para>Safe to use from many threads at once. ImageSharp's global configuration is neither read nor changed.</para>
/// </remarks>
public sealed class ImageSharpDecoder : ImageFileDecoder
{
    private const int MostBytesAPixel = 8; // Of Rgba64, by which PNG with 16 bits a sample comes.
    private const int Beyond = 64; // Bytes behind the end, by whose reading files are told that are cut off.

    private readonly Configuration _configuration;

    /// <summary>A decoder with limits.</summary>
    /// <param name="limits">Which sizes of images it takes; null takes the defaults.</param>
    /// <exception cref="ArgumentException">A limit is out of its range.</exception>
    public ImageSharpDecoder(Limits? limits = null) : base(limits)
    {
        var pixels = limits?.MaxPixels ?? new Limits().MaxPixels;
        _configuration = new Configuration
        {
            // One image is one thread's work: callers decode many at once.
            MaxDegreeOfParallelism = 1,
            MemoryAllocator = MemoryAllocator.Create(new MemoryAllocatorOptions
            {
                AllocationLimitMegabytes = Math.Max(16, (int)(((long)pixels * MostBytesAPixel) >> 20) + 1),
                MaximumPoolSizeMegabytes = 64,
            }),
        };
    }

    /// <summary><c>imagesharp</c>, whatever the limits.</summary>
    public override string Name => "imagesharp";

    /// <inheritdoc/>
    protected override string Library => $"{typeof(Image).Assembly.FullName}, {typeof(Image).Module.ModuleVersionId}";

    /// <inheritdoc/>
    protected override string Formats(string last) => $"PNG, JPEG, BMP, GIF, WebP, TIFF, PBM {last} TGA";

    /// <inheritdoc/>
    protected override string? FurtherFormat(ReadOnlySpan<byte> file) => FurtherFormats.Of(file);

    /// <inheritdoc/>
    protected override GrayImage DecodeFormat(ReadOnlyMemory<byte> file, string format)
    {
        var codec = CodecOf(format);
        using var stream = Open(file, format);
        var header = HeaderOf((Header)codec, stream, format, file.Span);
        CheckSize(header.Width, header.Height);
        if (format == "WebP" && file.Length > 20 && file.Span[12..].StartsWith("VP8X"u8) && (file.Span[20] & 2) != 0)
        {
            throw new ImageRejectedException("The WebP is an animation, which is not read.");
        }

        var isWhole = false;
        try
        {
            isWhole = Wholeness.Of(file.Span, format);
            if (!isWhole)
            {
                throw CutOff(format);
            }

            stream.Position = 0;
            var image = format == "PNG" && file.Span[24] == 16 ? HighBytes(codec, stream) : Gray(codec, stream);
            return stream.Position > file.Length ? throw CutOff(format)
                : (image.Width, image.Height) != (header.Width, header.Height) ? throw Damaged(format)
                : image with { Note = format == "TIFF" ? NoteOn(file.Span) : null };
        }
        catch (ImageRejectedException)
        {
            throw;
        }
        catch (Exception e) when (e is OutOfMemoryException or InvalidMemoryOperationException)
        {
            throw NoMemory(header.Width, header.Height);
        }
        catch (Exception) // Its readers are not written for damaged files, and end in whatever they meet.
        {
            throw isWhole && stream.Position > file.Length ? CutOff(format) : Damaged(format);
        }
    }

    private static Codec CodecOf(string format) => format switch
    {
        "PNG" => new PngDecoder { IgnoreMetadata = true },
        "JPEG" => new JpegDecoder { IgnoreMetadata = true },
        "GIF" => new GifDecoder { IgnoreMetadata = true, DecodingMode = FrameDecodingMode.First },
        "BMP" => new BmpDecoder(),
        "WebP" => new WebpDecoder { IgnoreMetadata = true },
        "TIFF" => new TiffDecoder { IgnoreMetadata = true, DecodingMode = FrameDecodingMode.First },
        "PBM" => new PbmDecoder(),
        _ => new TgaDecoder(),
    };

    private static MemoryStream Open(ReadOnlyMemory<byte> file, string format)
    {
        if (format is "BMP" or "PBM" or "TGA")
        {
            var longer = new byte[file.Length + Beyond];
            file.Span.CopyTo(longer);
            return new(longer, writable: false);
        }

        return MemoryMarshal.TryGetArray(file, out var array)
            ? new(array.Array!, array.Offset, array.Count, writable: false)
            : new(file.ToArray(), writable: false);
    }

    private IImageInfo HeaderOf(Header codec, MemoryStream stream, string format, ReadOnlySpan<byte> file)
    {
        try
        {
            // ImageSharp takes a PNG whose first chunk is another one, and so many bits as there can't be.
            if (format != "PNG" || (file.Length >= 33 && file[12..].StartsWith("IHDR"u8)))
            {
                return codec.Identify(_configuration, stream, CancellationToken.None) is { Width: > 0, Height: > 0 } header
                    ? header
                    : throw DamagedHeader(format);
            }
        }
        catch (Exception e) when (e is not ImageRejectedException)
        {
            // What it meets in a damaged header is of many kinds.
        }

        throw DamagedHeader(format);
    }

    private GrayImage Gray(Codec codec, MemoryStream stream)
    {
        using var image = codec.Decode<Rgba32>(_configuration, stream, CancellationToken.None);
        var pixels = GC.AllocateUninitializedArray<byte>(image.Width * image.Height);
        image.ProcessPixelRows(rows =>
        {
            for (var y = 0; y < rows.Height; y++)
            {
                ToGray(MemoryMarshal.AsBytes(rows.GetRowSpan(y)), pixels.AsSpan(y * rows.Width, rows.Width));
            }
        });
        return new(image.Width, image.Height, pixels);
    }

    private GrayImage HighBytes(Codec codec, MemoryStream stream)
    {
        using var image = codec.Decode<Rgba64>(_configuration, stream, CancellationToken.None);
        var pixels = GC.AllocateUninitializedArray<byte>(image.Width * image.Height);
        image.ProcessPixelRows(rows =>
        {
            var high = new Rgba32[rows.Width];
            for (var y = 0; y < rows.Height; y++)
            {
                var row = rows.GetRowSpan(y);
                for (var x = 0; x < row.Length; x++)
                {
                    high[x] = new((byte)(row[x].R >> 8), (byte)(row[x].G >> 8), (byte)(row[x].B >> 8));
                }

                ToGray(MemoryMarshal.AsBytes<Rgba32>(high), pixels.AsSpan(y * rows.Width, rows.Width));
            }
        });
        return new(image.Width, image.Height, pixels);
    }

    private static string? NoteOn(ReadOnlySpan<byte> tiff) => new TiffDirectory(tiff).Numbers(258)?.Max() is > 8 and var bits
        ? FormattableString.Invariant($"The file has samples of {bits} bits: they are scaled from all of them to 8.")
        : null;
}
