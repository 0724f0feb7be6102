using System.Globalization;
using System.IO.Compression;
using CovidCt.Imaging;
using Microsoft.Win32.SafeHandles;

namespace CovidCt.Volumes;

/// <summary>The bytes of a NIfTI file, gzip or not, which is told by how it begins.</summary>
/// <remarks>
/// Voxels that aren't compressed are read where they are asked for. Others are held in memory, from the first time on that any of them is
/// read: in parts that are taken as they are filled, so that a file takes no more than it has.
/// </remarks>
internal sealed class NiftiData
{
    // Deflate at its best makes 1032 bytes of one; beyond that a file is damaged.
    private const long MostInflation = 1032;
    private const long MostHeld = 1L << 31;
    private const int PartLength = 1 << 20;

    private readonly string _path;
    private readonly bool _isGzip;
    private readonly long _offset, _length;
    private Lazy<byte[][]>? _held;

    /// <summary>Takes some bytes of a file for voxels.</summary>
    /// <param name="path">The file.</param>
    /// <param name="beginning">How it begins.</param>
    /// <param name="offset">Where the first voxel begins, in what the file holds.</param>
    /// <param name="length">Bytes of all voxels.</param>
    /// <param name="isHeld">Whether they are to be held in memory, which those of gzip are anyway.</param>
    /// <exception cref="ImageRejectedException">The file can't have so many, or holding them takes too much memory.</exception>
    public NiftiData(string path, Beginning beginning, long offset, long length, bool isHeld)
    {
        (_path, _isGzip, _offset, _length) = (path, beginning.IsGzip, offset, length);
        if (offset + length > beginning.FileLength * (_isGzip ? MostInflation : 1))
        {
            throw _isGzip
                ? Fault($"dim and vox_offset claim {offset + length} bytes, and {beginning.FileLength} bytes of gzip can't hold so many.")
                : Fault($"dim and vox_offset claim {offset + length} bytes, and the file has {beginning.FileLength}.");
        }

        if (!_isGzip && !isHeld)
        {
            return;
        }

        if (length > MostHeld)
        {
            throw _isGzip
                ? Fault($"The voxels take {length >> 20} MiB, and of gzip at most {MostHeld >> 20} are held in memory: gunzip it first.")
                : Fault($"The voxels take {length >> 20} MiB from feet to head first, and so stored at most {MostHeld >> 20} are read.");
        }

        _held = new(Inflated);
    }

    /// <summary>Reads how a file begins.</summary>
    /// <exception cref="ImageRejectedException">There is no file that can be read.</exception>
    public static Beginning BeginningOf(string path) => Directory.Exists(path)
        ? throw new ImageRejectedException("It is a folder, not a NIfTI file.")
        : Reading(path, static stream =>
        {
            Span<byte> magic = stackalloc byte[2];
            var isGzip = stream.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) == 2 && magic is [0x1F, 0x8B];
            stream.Position = 0;
            using var content = isGzip ? new GZipStream(stream, CompressionMode.Decompress) : (Stream)stream;
            var head = new byte[NiftiHeader.Length];
            return new Beginning(isGzip, stream.Length, head[..content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)]);
        });

    /// <summary>Lets go of what is held; whoever reads next has it read anew.</summary>
    public void Release()
    {
        if (_held is { IsValueCreated: true })
        {
            _held = new(Inflated);
        }
    }

    /// <summary>Reads runs of bytes that lie as far from each other as the last from the next.</summary>
    /// <param name="first">Where the first begins, from the first voxel on.</param>
    /// <param name="step">From one run to the next.</param>
    /// <param name="count">How many runs there are.</param>
    /// <param name="run">Bytes of one.</param>
    /// <exception cref="ImageRejectedException">The file can't be read, or is damaged.</exception>
    public byte[] Read(long first, long step, int count, int run)
    {
        var bytes = new byte[count * run];
        if (_held is { Value: var parts })
        {
            for (var i = 0; i < count; i++)
            {
                Copy(parts, first + (i * step), bytes.AsSpan(i * run, run));
            }

            return bytes;
        }

        return Reading(_path, stream =>
        {
            for (var i = 0; i < count; i++)
            {
                Fill(stream.SafeFileHandle, _offset + first + (i * step), bytes.AsSpan(i * run, run));
            }

            return bytes;
        });
    }

    private static void Copy(byte[][] parts, long from, Span<byte> to)
    {
        while (to.Length > 0)
        {
            var part = parts[from / PartLength].AsSpan((int)(from % PartLength));
            var count = Math.Min(part.Length, to.Length);
            part[..count].CopyTo(to);
            from += count;
            to = to[count..];
        }
    }

    private static void Fill(SafeFileHandle file, long from, Span<byte> to)
    {
        while (to.Length > 0)
        {
            var count = RandomAccess.Read(file, to, from);
            if (count == 0)
            {
                throw Fault($"The file ends at offset {from}: it has become shorter since it was opened.");
            }

            from += count;
            to = to[count..];
        }
    }

    private byte[][] Inflated() => Reading(_path, stream =>
    {
        using var content = _isGzip ? new GZipStream(stream, CompressionMode.Decompress) : (Stream)stream;
        Skip(content, _offset);
        var parts = new List<byte[]>();
        for (var left = _length; left > 0; left -= parts[^1].Length)
        {
            var part = new byte[Math.Min(left, PartLength)];
            parts.Add(content.ReadAtLeast(part, part.Length, throwOnEndOfStream: false) == part.Length
                ? part : throw Fault($"The file is cut off: not all of the last {left} bytes of its voxels are there."));
        }

        content.ReadByte(); // Which checks the sum at the end of gzip.
        return parts.ToArray();
    });

    private static void Skip(Stream content, long count)
    {
        var part = new byte[1 << 12];
        while (count > 0 && content.Read(part, 0, (int)Math.Min(count, part.Length)) is > 0 and var read)
        {
            count -= read;
        }
    }

    private static T Reading<T>(string path, Func<FileStream, T> read)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 12);
            return read(stream);
        }
        catch (InvalidDataException)
        {
            throw new ImageRejectedException("The file is damaged: its gzip can't be inflated.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ImageRejectedException("There is no such file.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImageRejectedException("The file cannot be read; check its permissions and the disk.");
        }
    }

    private static ImageRejectedException Fault(FormattableString what) => new(what.ToString(CultureInfo.InvariantCulture));

    /// <summary>How a file begins.</summary>
    /// <param name="IsGzip">Whether it is compressed.</param>
    /// <param name="FileLength">Bytes of the file.</param>
    /// <param name="Head">The first of what it holds, <see cref="NiftiHeader.Length"/> bytes where it has so many.</param>
    public sealed record Beginning(bool IsGzip, long FileLength, byte[] Head);
}
