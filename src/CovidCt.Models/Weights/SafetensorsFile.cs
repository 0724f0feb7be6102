using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using static TorchSharp.torch;

namespace CovidCt.Models.Weights;

/// <summary>A safetensors file: named tensors behind a JSON header. Nothing in it is ever run.</summary>
/// <remarks>
/// Opening reads and checks the header alone; a tensor's bytes are read when it is asked for. All of an instance may be
/// used from several threads at once. Numbers are little-endian in the file; so must be the machine.
/// </remarks>
public sealed class SafetensorsFile : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly long _dataBegin;
    private readonly Dictionary<string, SafetensorsEntry> _byName;

    private SafetensorsFile(string path, SafeFileHandle file)
    {
        Path = path;
        _file = file;
        var length = RandomAccess.GetLength(file);
        Span<byte> prefix = stackalloc byte[8];
        var read = RandomAccess.Read(file, prefix, 0);
        if (read < prefix.Length)
        {
            throw new FormatException($"it is not a safetensors file: it has {length} bytes, which is no header");
        }

        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength > SafetensorsHeader.MaxLength)
        {
            throw new FormatException($"it is not a safetensors file: its first 8 bytes announce a header of {headerLength} bytes, and {SafetensorsHeader.MaxLength} is the limit");
        }

        _dataBegin = prefix.Length + (long)headerLength;
        if (_dataBegin > length)
        {
            throw new FormatException($"it is cut off, or not a safetensors file: its header takes {headerLength} bytes, but only {length - prefix.Length} are there");
        }

        var header = new byte[headerLength];
        ReadExactly(header, prefix.Length);
        (Entries, Metadata) = SafetensorsHeader.Parse(header, length - _dataBegin);
        _byName = Entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
    }

    /// <summary>The file's path, as it was given.</summary>
    public string Path { get; }

    /// <summary>The tensors, in the order of the header.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    /// <summary>The free text that came with the tensors, such as a licence or a source.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file and checks its header against its length.</summary>
    /// <exception cref="WeightsException">The file can't be read, or is not a whole safetensors file.</exception>
    public static SafetensorsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = OpenHandle(path);
        try
        {
            return new SafetensorsFile(path, file);
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException or NotSupportedException)
        {
            using (file)
            {
                throw e is FormatException ? new WeightsException($"{path}: {e.Message}.{HintFor(file)}", e) : Unreadable(path, e);
            }
        }
    }

    /// <summary>The entry of a name; null where there is none.</summary>
    public SafetensorsEntry? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Reads one tensor.</summary>
    /// <returns>A new tensor on the CPU, of the file's type and shape, that the caller owns.</returns>
    /// <exception cref="ArgumentException">The file has no entry of that name.</exception>
    /// <exception cref="WeightsException">The bytes can't be read.</exception>
    public Tensor Read(string name)
    {
        var entry = Find(name) ?? throw new ArgumentException($"{Path} has no entry '{name}'.", nameof(name));
        if (entry.Length > int.MaxValue)
        {
            throw new WeightsException($"{Path}: '{name}' has {entry.Length} bytes; more than {int.MaxValue} in one tensor are not read here.");
        }

        var tensor = empty([.. entry.Shape], entry.Type, CPU);
        try
        {
            ReadExactly(tensor.bytes, _dataBegin + entry.Offset);
            return tensor;
        }
        catch (Exception e) when (e is IOException or FormatException)
        {
            tensor.Dispose();
            throw new WeightsException($"{Path}: '{name}' can't be read: {e.Message}", e);
        }
    }

    /// <summary>Writes tensors to a file, whole or not at all: into a new file beside it, which then takes its name.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="tensors">The tensors under their names, on any device and in any layout.</param>
    /// <param name="metadata">Free text to keep with them.</param>
    /// <exception cref="ArgumentException">A name is there twice or reserved, or a type of number has no name in the format.</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file can't be written.</exception>
    public static void Write(string path, IEnumerable<(string Name, Tensor Tensor)> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);
        var all = tensors.ToList();
        var names = new HashSet<string>(StringComparer.Ordinal) { SafetensorsHeader.MetadataKey };
        foreach (var (name, tensor) in all)
        {
            if (!names.Add(name))
            {
                throw new ArgumentException($"The name '{name}' is there twice or reserved.", nameof(tensors));
            }

            if (SafetensorsHeader.NameOf(tensor.dtype) is null)
            {
                throw new ArgumentException($"'{name}' is of type {tensor.dtype}, which safetensors has no name for.", nameof(tensors));
            }
        }

        // The widest numbers first, as the reference does it, so that every tensor is aligned.
        var order = Enumerable.Range(0, all.Count).OrderByDescending(i => SafetensorsHeader.SizeOf(all[i].Tensor.dtype)).ToList();
        var entries = all.ConvertAll(item =>
            (item.Name, item.Tensor.dtype, item.Tensor.shape, item.Tensor.numel() * SafetensorsHeader.SizeOf(item.Tensor.dtype)));
        var offsets = new long[all.Count];
        var end = 0L;
        foreach (var i in order)
        {
            offsets[i] = end;
            end += entries[i].Item4;
        }

        var header = SafetensorsHeader.Write(entries, offsets, metadata);
        var target = System.IO.Path.GetFullPath(path);
        var temporary = $"{target}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                Span<byte> prefix = stackalloc byte[8];
                BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
                stream.Write(prefix);
                stream.Write(header);
                foreach (var i in order)
                {
                    WriteBytes(stream, all[i].Tensor, entries[i].Item4);
                }

                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static SafeFileHandle OpenHandle(string path)
    {
        try
        {
            return File.OpenHandle(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new WeightsException($"{path}: there is no such file.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw Unreadable(path, e);
        }
    }

    private static WeightsException Unreadable(string path, Exception cause) => new($"{path}: it can't be read: {cause.Message}", cause);

    private void ReadExactly(Span<byte> buffer, long offset)
    {
        while (!buffer.IsEmpty)
        {
            var read = RandomAccess.Read(_file, buffer, offset);
            if (read == 0)
            {
                throw new FormatException("the file has become shorter");
            }

            buffer = buffer[read..];
            offset += read;
        }
    }

    /// <summary>A way out for the likeliest mistake: a file that torch.save wrote, as a zip archive or, before 1.6, a pickle.</summary>
    private static string HintFor(SafeFileHandle file)
    {
        Span<byte> prefix = stackalloc byte[4];
        var read = RandomAccess.Read(file, prefix, 0);
        return read == prefix.Length && (prefix.SequenceEqual("PK\u0003\u0004"u8) || (prefix[0] == 0x80 && prefix[1] is >= 2 and <= 5))
            ? " It looks like a PyTorch file: save it anew with safetensors.torch.save_file in Python first."
            : "";
    }

    private static void WriteBytes(Stream stream, Tensor tensor, long length)
    {
        if (length > 0)
        {
            using var scope = NewDisposeScope();
            stream.Write(tensor.detach().cpu().contiguous().bytes);
        }
    }
}
