using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using CovidCt.Imaging;
using Microsoft.Win32.SafeHandles;

namespace CovidCt.Canvases;

/// <summary>
/// A file of canvases of one size: a head of 4 KiB, an entry for each row (<see cref="CanvasEntry"/>), and the rows, each from
/// a multiple of 512 bytes on. All numbers are little-endian.
/// </summary>
/// <remarks>
/// <para>
/// It is read, not mapped: a mapped page behind the end of a file that another process shortened ends the process, while a
/// read says so; the pages lie in the system's cache either way and count to no process. Rows may be read from several threads
/// at once, and written, each by one.
/// </para>
/// <para>Sums of the head, each entry and each row tell damage, so that the file needn't be flushed to disk when it is written.</para>
/// </remarks>
internal sealed class CanvasFile : ICanvasPixels
{
    private const int Alignment = 4096;
    private const int RowAlignment = 512;
    private const int HeadLength = 64;
    private const ulong Magic = 0x5356_4E41_4354_4343; // "CCTCANVS", read as text
    private const int Version = 1;

    private readonly SafeFileHandle _file;
    private readonly ImageSize _size;
    private readonly CanvasEntry[] _entries;
    private readonly long _rows;
    private readonly int _stride;

    private CanvasFile(string path, SafeFileHandle file, ImageSize size, CanvasEntry[] entries)
    {
        (Path, _file, _size, _entries) = (path, file, size, entries);
        _rows = RowsFrom(entries.Length);
        _stride = Stride(size);
    }

    public string Path { get; }

    public IReadOnlyList<CanvasEntry> Entries => _entries;

    /// <summary>Bytes of a file of so many canvases.</summary>
    public static long LengthOf(ImageSize size, int count) => RowsFrom(count) + ((long)Stride(size) * count);

    /// <summary>Opens a file that is there, to read it or to go on with it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="size">The canvases' size.</param>
    /// <param name="origin">What the canvases must have been made by: 32 bytes.</param>
    /// <param name="access">Reading, or both.</param>
    /// <returns>The file; null where there is none, or another version, size or origin, or a damaged one.</returns>
    public static CanvasFile? Open(string path, ImageSize size, ReadOnlySpan<byte> origin, FileAccess access)
    {
        SafeFileHandle? file = null;
        CanvasFile? opened = null;
        try
        {
            file = File.OpenHandle(path, FileMode.Open, access, FileShare.Read | FileShare.Delete, FileOptions.RandomAccess);
            Span<byte> head = stackalloc byte[HeadLength];
            ReadExactly(path, file, head, 0);
            var count = MemoryMarshal.Read<int>(head[20..]);
            if (count < 0 || !head.SequenceEqual(Head(size, count, origin)) || RandomAccess.GetLength(file) != LengthOf(size, count))
            {
                return null;
            }

            var entries = new CanvasEntry[count];
            ReadExactly(path, file, MemoryMarshal.AsBytes(entries.AsSpan()), Alignment);
            return opened = new CanvasFile(path, file, size, entries);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        finally
        {
            if (opened is null)
            {
                file?.Dispose();
            }
        }
    }

    /// <summary>Makes a file without any row, and keeps the room for all of them.</summary>
    /// <exception cref="IOException">It can't be written, or the disk has no room for it.</exception>
    /// <exception cref="UnauthorizedAccessException">It can't be written.</exception>
    public static CanvasFile Create(string path, ImageSize size, int count, ReadOnlySpan<byte> origin)
    {
        File.Delete(path);
        var length = LengthOf(size, count);
        var file = File.OpenHandle(
            path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, FileOptions.None, length);
        try
        {
            RandomAccess.SetLength(file, length);
            RandomAccess.Write(file, Head(size, count, origin), 0);
            return new CanvasFile(path, file, size, new CanvasEntry[count]);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Read(int row, Span<byte> pixels)
    {
        ReadExactly(Path, _file, pixels, Place(row));
        if (!_entries[row].IsContent(pixels))
        {
            throw new IOException($"{Path} was damaged while it was in use. Begin again: it will be made anew.");
        }
    }

    /// <summary>Whether a row's bytes are those that were written.</summary>
    public bool IsIntact(int row)
    {
        var entry = _entries[row];
        var length = entry.ContentLength(_size);
        if (!entry.IsWhole || length < 0 || length > _stride)
        {
            return false;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var bytes = buffer.AsSpan(0, length);
            ReadExactly(Path, _file, bytes, Place(row));
            return entry.IsContent(bytes);
        }
        catch (IOException)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Why a rejected row's file was rejected.</summary>
    public string Reason(int row)
    {
        var reason = new byte[_entries[row].ContentLength(_size)];
        Read(row, reason);
        return Encoding.UTF8.GetString(reason);
    }

    public void Write(int row, ImageStamp stamp, CanvasGeometry geometry, ReadOnlySpan<byte> pixels) =>
        Write(row, new CanvasEntry(stamp, geometry, pixels), pixels);

    public void Reject(int row, ImageStamp stamp, string reason, bool wasRead)
    {
        var bytes = Encoding.UTF8.GetBytes(reason).AsSpan();
        bytes = bytes[..Math.Min(bytes.Length, _stride)];
        Write(row, new CanvasEntry(stamp, bytes, wasRead), bytes);
    }

    public void Dispose() => _file.Dispose();

    // The entry goes last: whoever goes on with the file of a killed process takes rows with an entry for done.
    private void Write(int row, CanvasEntry entry, ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(_file, bytes, Place(row));
        RandomAccess.Write(
            _file, MemoryMarshal.AsBytes(new ReadOnlySpan<CanvasEntry>(in entry)), Alignment + ((long)row * CanvasEntry.Size));
        _entries[row] = entry;
    }

    private static byte[] Head(ImageSize size, int count, ReadOnlySpan<byte> origin)
    {
        var head = new byte[HeadLength];
        MemoryMarshal.Write(head, Magic);
        MemoryMarshal.Cast<int, byte>([Version, size.Width, size.Height, count]).CopyTo(head.AsSpan(8));
        origin[..SHA256.HashSizeInBytes].CopyTo(head.AsSpan(24));
        MemoryMarshal.Write(head.AsSpan(HeadLength - sizeof(uint)), CanvasEntry.Sum(head.AsSpan(0, HeadLength - sizeof(uint))));
        return head;
    }

    private static void ReadExactly(string path, SafeFileHandle file, Span<byte> bytes, long offset)
    {
        while (bytes.Length > 0)
        {
            var read = RandomAccess.Read(file, bytes, offset);
            if (read == 0)
            {
                throw new IOException($"{path} has become shorter while it was in use. Begin again: it will be made anew.");
            }

            bytes = bytes[read..];
            offset += read;
        }
    }

    private long Place(int row) => _rows + ((long)row * _stride);

    private static long RowsFrom(int count) => Alignment + RoundUp((long)count * CanvasEntry.Size, Alignment);

    private static int Stride(ImageSize size) => checked((int)RoundUp((long)size.Width * size.Height, RowAlignment));

    private static long RoundUp(long value, int step) => (value + step - 1) / step * step;
}
