using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace CovidCt.Models.Weights.Formats;

/// <summary>A file mapped for reading, of which a part at a time is in view.</summary>
/// <remarks>
/// What has left the view no longer counts to the process's memory. Views may be taken from several threads at once.
/// </remarks>
internal sealed class MappedFile : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly MemoryMappedFile _map;

    private MappedFile(string path, SafeFileHandle handle)
    {
        Path = path;
        _handle = handle;
        Length = RandomAccess.GetLength(handle);
        if (Length == 0)
        {
            throw new FormatException("it is empty");
        }

        _map = MemoryMappedFile.CreateFromFile(handle, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
    }

    public string Path { get; }

    /// <summary>Bytes of the file when it was opened.</summary>
    public long Length { get; }

    /// <exception cref="FormatException">The file is empty.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file can't be read.</exception>
    public static MappedFile Open(string path)
    {
        var handle = File.OpenHandle(path);
        try
        {
            return new(path, handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Takes a part of the file into view, until the view is disposed.</summary>
    /// <exception cref="FormatException">The file ends before the part does.</exception>
    public View Map(long offset, int length)
    {
        if (offset < 0 || offset > Length - length)
        {
            throw new FormatException($"it is cut off: {length} bytes are wanted at {offset}, and it has {Length}");
        }

        // A mapped page behind the end of a file that became shorter would end the process.
        if (RandomAccess.GetLength(_handle) < Length)
        {
            throw new FormatException("the file has become shorter while it was read");
        }

        return new View(length == 0 ? null : _map.CreateViewAccessor(offset, length, MemoryMappedFileAccess.Read), length);
    }

    public void Dispose()
    {
        _map.Dispose();
        _handle.Dispose();
    }

    /// <summary>A part of the file.</summary>
    public readonly unsafe ref struct View
    {
        private readonly MemoryMappedViewAccessor? _accessor;

        public View(MemoryMappedViewAccessor? accessor, int length)
        {
            _accessor = accessor;
            if (accessor is not null)
            {
                byte* begin = null;
                accessor.SafeMemoryMappedViewHandle.AcquirePointer(ref begin);
                Bytes = new(begin + accessor.PointerOffset, length);
            }
        }

        public ReadOnlySpan<byte> Bytes { get; }

        public void Dispose()
        {
            _accessor?.SafeMemoryMappedViewHandle.ReleasePointer();
            _accessor?.Dispose();
        }
    }
}
