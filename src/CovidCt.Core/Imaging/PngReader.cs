using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace CovidCt.Imaging;

/// <summary>
/// Reads the commonest kind of PNG (W3C, Portable Network Graphics, third edition) straight to gray: 8 bits a sample, gray, RGB
/// or RGBA, not interlaced. It makes no picture in colour and inflates with the runtime's library, which together
/// takes about three quarters of Skia's time; whatever is unusual or damaged is left to Skia, which then says what is wrong.
/// </summary>
internal static class PngReader
{
    private const int BlockLength = 1 << 17;

    /// <summary>A file's size, if it is one that <see cref="Read"/> reads: every chunk is there, and those that count have the right sum.</summary>
    public static PngHeader? Inspect(ReadOnlySpan<byte> file)
    {
        const int SignatureLength = 8, HeaderLength = 13;
        PngHeader? header = null;
        var hasPixels = false;
        var before = 0u;
        for (var at = SignatureLength; file.Length - at >= 12;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            if (length > file.Length - at - 12)
            {
                return null;
            }

            var name = BinaryPrimitives.ReadUInt32BigEndian(file[(at + 4)..]);
            var counts = char.IsAsciiLetterUpper((char)file[at + 4]);
            if (counts && Crc32.Of(file.Slice(at + 4, (int)length + 4)) != BinaryPrimitives.ReadUInt32BigEndian(file[(at + 8 + (int)length)..]))
            {
                return null;
            }

            switch (name)
            {
                case Chunk.Header when header is null && length == HeaderLength && at == SignatureLength:
                    header = PngHeader.Parse(file.Slice(at + 8, HeaderLength));
                    if (header is null)
                    {
                        return null;
                    }

                    break;
                case Chunk.Pixels when header is not null && (!hasPixels || before == Chunk.Pixels):
                    hasPixels = true;
                    break;
                case Chunk.End:
                    return hasPixels ? header : null;
                case Chunk.Transparency or Chunk.Animation:
                    return null;
                default:
                    if (counts && name != Chunk.Palette)
                    {
                        return null;
                    }

                    break;
            }

            before = name;
            at += (int)length + 12;
        }

        return null;
    }

    /// <summary>The pixels of a file that has been inspected; null where they are damaged.</summary>
    public static GrayImage? Read(ReadOnlyMemory<byte> file, PngHeader header)
    {
        var (width, height, channels) = (header.Width, header.Height, header.Channels);
        var line = 1 + (width * channels);
        var lines = Math.Min(height, (BlockLength / line) + 1);
        var buffer = ArrayPool<byte>.Shared.Rent(((lines + 1) * line) + PngFilter.Margin);
        try
        {
            using var inflater = new ZLibStream(new PixelChunks(file), CompressionMode.Decompress);
            var gray = GC.AllocateUninitializedArray<byte>(width * height);

            // The line above the first is 0; that above a later block is the last of the one before.
            buffer.AsSpan(0, line).Clear();
            for (var y = 0; y < height; y += lines)
            {
                var count = Math.Min(lines, height - y);
                if (inflater.ReadAtLeast(buffer.AsSpan(line, count * line), count * line, throwOnEndOfStream: false) < count * line)
                {
                    return null;
                }

                for (var i = 0; i < count; i++)
                {
                    var start = ((i + 1) * line) + 1;
                    if (!PngFilter.Undo(buffer[start - 1], channels, buffer.AsSpan(start, line - 1 + PngFilter.Margin), buffer.AsSpan(start - line, line - 1 + PngFilter.Margin)))
                    {
                        return null;
                    }

                    ToGray(buffer.AsSpan(start, line - 1 + PngFilter.Margin), channels, gray.AsSpan((y + i) * width, width));
                }

                buffer.AsSpan(count * line, line).CopyTo(buffer);
            }

            return new GrayImage(width, height, gray);
        }
        catch (InvalidDataException)
        {
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void ToGray(ReadOnlySpan<byte> line, int channels, Span<byte> gray)
    {
        switch (channels)
        {
            case 1:
                line[..gray.Length].CopyTo(gray);
                break;
            case 3:
                Luma.OfRgb(line, gray);
                break;
            default:
                Luma.OfRgba(MemoryMarshal.Cast<byte, uint>(line)[..gray.Length], gray);
                break;
        }
    }

    private static class Chunk
    {
        public const uint Header = 0x49484452; // IHDR
        public const uint Palette = 0x504C5445; // PLTE
        public const uint Pixels = 0x49444154; // IDAT
        public const uint End = 0x49454E44; // IEND
        public const uint Transparency = 0x74524E53; // tRNS
        public const uint Animation = 0x6163544C; // acTL
    }

    /// <summary>The contents of all IDAT chunks of a file that has been inspected, one after the other.</summary>
    private sealed class PixelChunks(ReadOnlyMemory<byte> file) : Stream
    {
        private int _next = 8;
        private ReadOnlyMemory<byte> _rest;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            while (_rest.IsEmpty)
            {
                var chunk = file.Span[_next..];
                var name = BinaryPrimitives.ReadUInt32BigEndian(chunk[4..]);
                if (name == Chunk.End)
                {
                    return 0;
                }

                var length = BinaryPrimitives.ReadInt32BigEndian(chunk);
                _rest = name == Chunk.Pixels ? file.Slice(_next + 8, length) : default;
                _next += length + 12;
            }

            var count = Math.Min(buffer.Length, _rest.Length);
            _rest.Span[..count].CopyTo(buffer);
            _rest = _rest[count..];
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

/// <summary>What <see cref="PngReader"/> has to know of a file.</summary>
/// <param name="Width">Pixels a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Channels">1 for gray, 3 for RGB, 4 for RGBA.</param>
internal sealed record PngHeader(int Width, int Height, int Channels)
{
    /// <summary>The content of a file's first chunk; null where it is of another kind than those that are read.</summary>
    public static PngHeader? Parse(ReadOnlySpan<byte> content)
    {
        var channels = content[9] switch { 0 => 1, 2 => 3, 6 => 4, _ => 0 };
        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(content), BinaryPrimitives.ReadInt32BigEndian(content[4..]));
        return content[8] == 8 && content[10..13] is [0, 0, 0] && channels > 0 && width > 0 && height > 0 && (long)width * height <= int.MaxValue / 16
            ? new(width, height, channels)
            : null;
    }
}
