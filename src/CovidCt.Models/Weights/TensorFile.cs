using System.Runtime.ExceptionServices;
using CovidCt.Models.Weights.Formats;
using CovidCt.Networks;
using static TorchSharp.torch;

namespace CovidCt.Models.Weights;

/// <summary>A file of named tensors: safetensors, or what PyTorch's <c>torch.save</c> writes. Nothing in it is ever run.</summary>
/// <remarks>
/// Opening reads and checks what the file says of its tensors; their numbers are read from the mapped file when they are
/// asked for. All of an instance may be used from several threads at once. Numbers are little-endian in the file; so must
/// be the machine.
/// </remarks>
public sealed partial class TensorFile : IDisposable
{
    private const int MostThreads = 4;

    /// <summary>Bytes in view at once, for each thread: many small tensors, or a part of a large one.</summary>
    private const int WindowLength = 1 << 21;

    private readonly MappedFile _file;
    private readonly Dictionary<string, Entry> _byName;

    private TensorFile(MappedFile file, TensorFormat format, FileContents contents)
    {
        _file = file;
        Format = format;
        Entries = contents.Entries;
        Metadata = contents.Metadata;
        Container = contents.Container;
        _byName = Entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
    }

    /// <summary>The file's path, as it was given.</summary>
    public string Path => _file.Path;

    /// <summary>The way the file holds its tensors.</summary>
    public TensorFormat Format { get; }

    /// <summary>The tensors in the file's order: all of a safetensors file, the state_dict of a PyTorch checkpoint.</summary>
    public IReadOnlyList<Entry> Entries { get; }

    /// <summary>The free text that came with the tensors, such as a licence or a source; PyTorch's formats have none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Where in a PyTorch checkpoint the state_dict was, such as <c>model</c>; null where it is all there is.</summary>
    public string? Container { get; }

    /// <summary>Opens a file in whichever format it is, and checks what it says of its tensors against its length.</summary>
    /// <exception cref="WeightsException">
    /// The file can't be read, is cut off or broken, is in another format, or asks for more than tensors.
    /// </exception>
    public static TensorFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        MappedFile? file = null;
        try
        {
            file = MappedFile.Open(path);
            var format = FileSignature.Of(file);
            return new(file, format, format switch
            {
                TensorFormat.PyTorch => PyTorchArchive.Read(file),
                TensorFormat.PyTorchLegacy => PyTorchLegacy.Read(file),
                _ => Safetensors.Read(file),
            });
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException or NotSupportedException)
        {
            file?.Dispose();
            throw new WeightsException(e switch
            {
                FormatException => $"{path}: {e.Message}.",
                FileNotFoundException or DirectoryNotFoundException => $"{path}: there is no such file.",
                _ => $"{path}: it can't be read: {e.Message}",
            }, e);
        }
    }

    /// <summary>The entry of a name; null where there is none.</summary>
    public Entry? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Reads one tensor.</summary>
    /// <returns>A new contiguous tensor on the CPU, of the entry's type and shape, that the caller owns.</returns>
    /// <exception cref="ArgumentException">The file has no entry of that name.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    /// <exception cref="WeightsException">The bytes can't be read.</exception>
    public Tensor Read(string name)
    {
        return Read(Find(name) ?? throw new ArgumentException($"{Path} has no entry '{name}'.", nameof(name)));
    }

    /// <summary>Reads one of the file's tensors, whatever name its entry goes by.</summary>
    internal Tensor Read(Entry entry)
    {
        using var scope = NewDisposeScope();
        var numbers = empty(entry.Strides is null ? [.. entry.Shape] : [entry.Extent], entry.Type, CPU);
        ReadInto(numbers, entry);
        return (entry.Strides is { } strides ? numbers.as_strided([.. entry.Shape], strides).clone().contiguous() : numbers)
            .MoveToOuterDisposeScope();
    }

    /// <summary>Reads all tensors, on several threads.</summary>
    /// <returns>New tensors as <see cref="Read(string)"/> gives them, in the file's order, that the caller owns.</returns>
    /// <exception cref="WeightsException">The bytes can't be read.</exception>
    public IReadOnlyList<(string Name, Tensor Tensor)> ReadAll()
    {
        using var scope = NewDisposeScope();
        var plain = Entries.Where(entry => entry.Strides is null)
            .ToDictionary(entry => entry.Name, entry => empty([.. entry.Shape], entry.Type, CPU), StringComparer.Ordinal);
        ReadInto(plain.Select(pair => (pair.Value, _byName[pair.Key])));
        return
        [
            .. Entries.Select(entry =>
                (entry.Name, (plain.GetValueOrDefault(entry.Name) ?? Read(entry.Name)).MoveToOuterDisposeScope())),
        ];
    }

    /// <summary>Writes tensors to a file, whole or not at all: into a new file beside it, which then takes its name.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="tensors">The tensors under their names, on any device and in any layout.</param>
    /// <param name="metadata">Free text to keep with them, for which only safetensors has a place.</param>
    /// <param name="format">safetensors, or PyTorch's zip archive.</param>
    /// <exception cref="ArgumentException">
    /// A name is there twice or reserved, a type of number has no name in the formats, or text is given to a format without
    /// a place for it.
    /// </exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file can't be written.</exception>
    public static void Write(
        string path,
        IEnumerable<(string Name, Tensor Tensor)> tensors,
        IReadOnlyDictionary<string, string>? metadata = null,
        TensorFormat format = TensorFormat.Safetensors)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);
        if (format == TensorFormat.PyTorchLegacy || (format == TensorFormat.PyTorch && metadata is { Count: > 0 }))
        {
            throw new ArgumentException(
                format == TensorFormat.PyTorch ? "PyTorch's format has no place for metadata." : $"{format} is not written.",
                nameof(format));
        }

        var all = tensors.ToList();
        var names = new HashSet<string>(StringComparer.Ordinal) { Safetensors.MetadataKey };
        foreach (var (name, tensor) in all)
        {
            if (!names.Add(name))
            {
                throw new ArgumentException($"The name '{name}' is there twice or reserved.", nameof(tensors));
            }

            if (NumberType.Of(tensor.dtype) is null)
            {
                throw new ArgumentException($"'{name}' is of type {tensor.dtype}, which is not written.", nameof(tensors));
            }
        }

        AtomicFile.Write(path, stream =>
        {
            if (format == TensorFormat.PyTorch)
            {
                PyTorchArchive.Write(stream, System.IO.Path.GetFileNameWithoutExtension(path), all);
            }
            else
            {
                Safetensors.Write(stream, all, metadata);
            }
        });
    }

    /// <summary>Closes the file. What is being read meanwhile is read to the end of its part, or ends in an exception.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>The format that a name asks for: PyTorch's for <c>.pth</c> and <c>.pt</c>, safetensors for all others.</summary>
    public static TensorFormat FormatFor(string path) =>
        System.IO.Path.GetExtension(path)?.ToLowerInvariant() is ".pth" or ".pt" ? TensorFormat.PyTorch : TensorFormat.Safetensors;

    /// <summary>
    /// Reads tensors that lie in order in the file into contiguous ones on the CPU of the same types and numbers of elements.
    /// </summary>
    internal void ReadInto(IEnumerable<(Tensor Target, Entry Entry)> pairs)
    {
        var windows = Windows(pairs);
        try
        {
            // What takes time is the first touch of fresh memory, which two threads do in half of it.
            Parallel.For(0, windows.Count, new ParallelOptions { MaxDegreeOfParallelism = MostThreads }, i => ReadWindow(windows[i]));
        }
        catch (AggregateException e) when (e.InnerException is (WeightsException or ObjectDisposedException) and var cause)
        {
            ExceptionDispatchInfo.Throw(cause);
        }
    }

    /// <summary>Neighbours in the file that are brought into view together.</summary>
    private static List<List<(Tensor Target, Entry Entry)>> Windows(IEnumerable<(Tensor Target, Entry Entry)> pairs)
    {
        var windows = new List<List<(Tensor Target, Entry Entry)>>();
        foreach (var pair in pairs.Where(pair => pair.Entry.Elements > 0).OrderBy(pair => pair.Entry.Offset))
        {
            if (windows.Count == 0 || pair.Entry.End - windows[^1][0].Entry.Offset > WindowLength)
            {
                windows.Add([]);
            }

            windows[^1].Add(pair);
        }

        return windows;
    }

    private void ReadWindow(List<(Tensor Target, Entry Entry)> window)
    {
        var (begin, end) = (window[0].Entry.Offset, window.Max(pair => pair.Entry.End));
        if (end - begin > WindowLength)
        {
            ReadInto(window[0].Target, window[0].Entry);
            return;
        }

        try
        {
            using var view = _file.Map(begin, (int)(end - begin));
            foreach (var (target, entry) in window)
            {
                Copy(entry, view.Bytes[(int)(entry.Offset - begin)..(int)(entry.End - begin)], target.bytes);
            }
        }
        catch (Exception e) when (e is IOException or FormatException)
        {
            throw new WeightsException($"{Path}: '{window[0].Entry.Name}' can't be read: {e.Message}", e);
        }
    }

    private void ReadInto(Tensor target, Entry entry)
    {
        var (stored, wide) = (entry.Stored.Size, (int)target.element_size());
        try
        {
            TensorBytes.Fill(target, WindowLength, (part, begin) =>
            {
                using var view = _file.Map(entry.Offset + (begin / wide * stored), part.Length / wide * stored);
                Copy(entry, view.Bytes, part);
            });
        }
        catch (Exception e) when (e is IOException or FormatException)
        {
            throw new WeightsException($"{Path}: '{entry.Name}' can't be read: {e.Message}", e);
        }
    }

    private static void Copy(Entry entry, ReadOnlySpan<byte> source, Span<byte> target)
    {
        if (entry.Stored.Widen is { } widen)
        {
            widen(source, target);
        }
        else
        {
            source.CopyTo(target);
        }
    }
}
