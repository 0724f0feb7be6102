using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using static TorchSharp.torch;

namespace CovidCt.Models.Weights.Formats;

/// <summary>safetensors: the length of a JSON header, the header, and the tensors' bytes without a gap.</summary>
/// <remarks>
/// Format and checks: https://huggingface.co/docs/safetensors, "Format", and the reference's <c>Metadata::validate</c>.
/// Stricter than the reference: no name may be there twice, as the format demands, and there are limits to the number of
/// tensors, of their dimensions and of the texts beside them.
/// </remarks>
internal static class Safetensors
{
    public const string MetadataKey = "__metadata__";

    /// <summary>The reference's limit, in bytes.</summary>
    private const int LongestHeader = 100_000_000;

    private const int PrefixLength = 8;
    private const int MostTexts = 10_000;
    private const int LongestShown = 40;
    private const int MostLevels = 127; // as the reference's JSON library

    /// <summary>Reads and checks the header.</summary>
    /// <exception cref="FormatException">The file is not a whole safetensors file; the message says how.</exception>
    public static FileContents Read(MappedFile file)
    {
        if (file.Length < PrefixLength)
        {
            throw new FormatException($"it is not a safetensors file: it has {file.Length} bytes, which is no header");
        }

        ulong length;
        using (var prefix = file.Map(0, PrefixLength))
        {
            length = BinaryPrimitives.ReadUInt64LittleEndian(prefix.Bytes);
        }

        if (length > LongestHeader)
        {
            throw new FormatException(
                $"it is not a safetensors file: its first 8 bytes announce a header of {length} bytes, and {LongestHeader} is the limit");
        }

        var begin = PrefixLength + (long)length;
        if (begin > file.Length)
        {
            throw new FormatException($"it is cut off, or not a safetensors file: its header takes {length} bytes, but only "
                + $"{file.Length - PrefixLength} are there");
        }

        using var header = file.Map(PrefixLength, (int)length);
        try
        {
            var contents = Parse(header.Bytes, begin);
            CheckLayout(contents.Entries, begin, file.Length);
            return contents;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a token of another kind, or a string that is not valid UTF-8.
            throw new FormatException($"its header is not valid JSON of this format: {e.Message}", e);
        }
    }

    /// <summary>Writes prefix, header and tensors.</summary>
    public static void Write(
        Stream stream, IReadOnlyList<(string Name, Tensor Tensor)> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        // The widest numbers first, as the reference does it, so that every tensor is aligned.
        var order = Enumerable.Range(0, tensors.Count).OrderByDescending(i => NumberType.Of(tensors[i].Tensor.dtype)!.Size).ToList();
        var offsets = new long[tensors.Count];
        var end = 0L;
        foreach (var i in order)
        {
            offsets[i] = end;
            end += TensorBytes.Length(tensors[i].Tensor);
        }

        var header = Header(tensors, offsets, metadata);
        Span<byte> prefix = stackalloc byte[PrefixLength];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
        stream.Write(prefix);
        stream.Write(header);
        foreach (var i in order)
        {
            TensorBytes.ForEachPart(tensors[i].Tensor, part => stream.Write(part));
        }
    }

    private static byte[] Header(
        IReadOnlyList<(string Name, Tensor Tensor)> tensors, long[] offsets, IReadOnlyDictionary<string, string>? metadata)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(MetadataKey);
                foreach (var (key, value) in metadata)
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            for (var i = 0; i < tensors.Count; i++)
            {
                var (name, tensor) = tensors[i];
                json.WriteStartObject(name);
                json.WriteString("dtype", NumberType.Of(tensor.dtype)!.Name);
                WriteNumbers(json, "shape", tensor.shape);
                WriteNumbers(json, "data_offsets", [offsets[i], offsets[i] + TensorBytes.Length(tensor)]);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // Spaces up to a multiple of 8, so that the tensors are aligned.
        stream.Write(Encoding.ASCII.GetBytes(new string(' ', (int)(-stream.Length & 7))));
        return stream.ToArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }

    // Token by token from the mapped bytes: a document would take several times the header's length.
    private static FileContents Parse(ReadOnlySpan<byte> header, long begin)
    {
        var json = new Utf8JsonReader(header, new JsonReaderOptions { MaxDepth = MostLevels });
        var entries = new List<TensorFile.Entry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        IReadOnlyDictionary<string, string>? metadata = null;
        json.Read();
        Expect(ref json, JsonTokenType.StartObject, "the header");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            if (!names.Add(name))
            {
                throw new FormatException($"the name '{name}' is there twice");
            }

            json.Read();
            if (name == MetadataKey)
            {
                metadata = Texts(ref json);
                continue;
            }

            entries.Add(Entry(ref json, name, begin));
            if (entries.Count > FileContents.MostEntries)
            {
                throw new FormatException($"it has more than {FileContents.MostEntries} tensors");
            }
        }

        json.Read(); // Throws where something follows.
        return new(entries, metadata ?? new Dictionary<string, string>());
    }

    private static Dictionary<string, string> Texts(ref Utf8JsonReader json)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (json.TokenType == JsonTokenType.Null)
        {
            return texts;
        }

        Expect(ref json, JsonTokenType.StartObject, MetadataKey);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var key = json.GetString()!;
            json.Read();
            Expect(ref json, JsonTokenType.String, $"{MetadataKey}.{key}");
            if (!texts.TryAdd(key, json.GetString()!))
            {
                throw new FormatException($"{MetadataKey}.{key} is there twice");
            }

            if (texts.Count > MostTexts)
            {
                throw new FormatException($"its {MetadataKey} has more than {MostTexts} texts");
            }
        }

        return texts;
    }

    private static TensorFile.Entry Entry(ref Utf8JsonReader json, string name, long begin)
    {
        Expect(ref json, JsonTokenType.StartObject, $"entry '{name}'");
        NumberType? type = null;
        long[]? shape = null;
        long[]? offsets = null;
        HashSet<string>? others = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("dtype"u8))
            {
                Once(type, name, "dtype");
                json.Read();
                Expect(ref json, JsonTokenType.String, $"the dtype of '{name}'");
                var text = json.GetString();
                type = NumberType.Named(text) ?? throw new FormatException($"entry '{name}' is of type {text}, which is not read here");
            }
            else if (json.ValueTextEquals("shape"u8))
            {
                Once(shape, name, "shape");
                shape = Counts(ref json, name);
            }
            else if (json.ValueTextEquals("data_offsets"u8))
            {
                Once(offsets, name, "data_offsets");
                offsets = Counts(ref json, name);
            }
            else
            {
                var field = json.GetString()!;
                Once((others ??= new(StringComparer.Ordinal)).Add(field) ? null : field, name, field);
                Skip(ref json);
            }
        }

        if (type is null || shape is null || offsets is null)
        {
            throw new FormatException($"entry '{name}' has no {(type is null ? "dtype" : shape is null ? "shape" : "data_offsets")}");
        }

        if (offsets.Length != 2 || offsets[0] > offsets[1])
        {
            throw new FormatException($"the data_offsets of '{name}' are not a begin and an end");
        }

        var length = TensorBytes.Length(shape, type.Size);
        if (length != offsets[1] - offsets[0])
        {
            throw new FormatException($"entry '{name}' has {offsets[1] - offsets[0]} bytes, but its shape and type take "
                + $"{(length is { } bytes ? $"{bytes}" : "more than a file can have")}");
        }

        // An end beyond the file is found with the layout; this one would overflow before.
        var offset = offsets[0] <= long.MaxValue - begin
            ? begin + offsets[0]
            : throw new FormatException($"'{name}' begins behind the end of the file");
        return new(name, type, shape, offset);
    }

    // What the format may get one day: passed over, but not if it is broken.
    private static void Skip(ref Utf8JsonReader json)
    {
        json.Read();
        for (var depth = json.CurrentDepth; ; json.Read())
        {
            if (json.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
            {
                json.GetString();
            }
            else if (json.TokenType == JsonTokenType.Number && !double.IsFinite(json.GetDouble()))
            {
                throw new FormatException($"its header has the number {Shown(ref json)}");
            }

            if (json.CurrentDepth == depth && json.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            {
                return;
            }
        }
    }

    private static void Once(object? value, string name, string field)
    {
        if (value is not null)
        {
            throw new FormatException($"entry '{name}' has two {field}");
        }
    }

    private static long[] Counts(ref Utf8JsonReader json, string name)
    {
        json.Read();
        Expect(ref json, JsonTokenType.StartArray, $"the shape or data_offsets of '{name}'");
        var counts = new List<long>(4);
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out var count) || json.ValueSpan[0] == '-')
            {
                throw new FormatException($"the shape or data_offsets of '{name}' hold {Shown(ref json)}, which is not a count");
            }

            counts.Add(count);
            if (counts.Count > FileContents.MostDimensions)
            {
                throw new FormatException($"'{name}' has more than {FileContents.MostDimensions} dimensions");
            }
        }

        return [.. counts];
    }

    private static void CheckLayout(IReadOnlyList<TensorFile.Entry> entries, long begin, long fileLength)
    {
        var end = begin;
        foreach (var entry in entries.OrderBy(entry => entry.Offset).ThenBy(entry => entry.Elements))
        {
            if (entry.Offset != end)
            {
                throw new FormatException(entry.Offset < end
                    ? $"entry '{entry.Name}' overlaps the tensor before it"
                    : $"there is a gap of {entry.Offset - end} bytes before entry '{entry.Name}'");
            }

            var length = entry.Elements * entry.Stored.Size;
            if (length > fileLength - end)
            {
                throw new FormatException(
                    $"it is cut off: entry '{entry.Name}' takes {length} bytes, but only {fileLength - end} are there");
            }

            end += length;
        }

        if (end != fileLength)
        {
            throw new FormatException($"{fileLength - end} bytes follow its last tensor");
        }
    }

    private static string Shown(ref Utf8JsonReader json) => json.TokenType switch
    {
        JsonTokenType.None => "nothing",
        JsonTokenType.String => $"\"{Encoding.UTF8.GetString(json.ValueSpan[..Math.Min(json.ValueSpan.Length, LongestShown)])}\"",
        _ => Encoding.UTF8.GetString(json.ValueSpan[..Math.Min(json.ValueSpan.Length, LongestShown)]),
    };

    private static void Expect(ref Utf8JsonReader json, JsonTokenType kind, string what)
    {
        if (json.TokenType != kind)
        {
            throw new FormatException($"{what} has {Shown(ref json)} where a {kind} belongs");
        }
    }
}
