using System.Globalization;
using System.Text;
using System.Text.Json;
using static TorchSharp.torch;

namespace CovidCt.Models.Weights;

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Type">Its type of number.</param>
/// <param name="Shape">Its shape; empty for a scalar.</param>
public sealed record SafetensorsEntry(string Name, ScalarType Type, IReadOnlyList<long> Shape)
{
    /// <summary>Where its bytes begin, counted from the end of the header.</summary>
    internal long Offset { get; init; }

    /// <summary>How many bytes it has.</summary>
    internal long Length { get; init; }
}

/// <summary>The JSON header of a safetensors file, checked as a stranger's word.</summary>
/// <remarks>Format: https://huggingface.co/docs/safetensors, "Format".</remarks>
internal static class SafetensorsHeader
{
    public const string MetadataKey = "__metadata__";

    /// <summary>The limit of the reference implementation, in bytes.</summary>
    public const long MaxLength = 100_000_000;

    private static readonly (string Name, ScalarType Type, int Size)[] Types =
    [
        ("F64", ScalarType.Float64, 8),
        ("F32", ScalarType.Float32, 4),
        ("F16", ScalarType.Float16, 2),
        ("BF16", ScalarType.BFloat16, 2),
        ("I64", ScalarType.Int64, 8),
        ("I32", ScalarType.Int32, 4),
        ("I16", ScalarType.Int16, 2),
        ("I8", ScalarType.Int8, 1),
        ("U8", ScalarType.Byte, 1),
        ("BOOL", ScalarType.Bool, 1),
    ];

    /// <summary>The format's name of a type; null where it has none that is read here.</summary>
    public static string? NameOf(ScalarType type) => Types.FirstOrDefault(known => known.Type == type).Name;

    public static bool IsFloating(ScalarType type) =>
        type is ScalarType.Float64 or ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16;

    /// <summary>Bytes an element of a type that has a name.</summary>
    public static int SizeOf(ScalarType type) => Types.First(known => known.Type == type).Size;

    /// <summary>Reads a header, and checks that its tensors fill the rest of the file: no gap, no overlap, no excess.</summary>
    /// <param name="header">The JSON text, UTF-8.</param>
    /// <param name="dataLength">Bytes of the file behind the header.</param>
    /// <exception cref="FormatException">The header is wrong; the message says how.</exception>
    public static (IReadOnlyList<SafetensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata) Parse(ReadOnlyMemory<byte> header, long dataLength)
    {
        try
        {
            using var json = JsonDocument.Parse(header);
            var entries = new List<SafetensorsEntry>();
            var names = new HashSet<string>(StringComparer.Ordinal);
            var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var property in Expect(json.RootElement, JsonValueKind.Object, "the header").EnumerateObject())
            {
                Check(names.Add(property.Name), $"the name '{property.Name}' is there twice");
                if (property.Name != MetadataKey)
                {
                    entries.Add(Entry(property.Name, property.Value));
                    continue;
                }

                foreach (var pair in Expect(property.Value, JsonValueKind.Object, MetadataKey).EnumerateObject())
                {
                    metadata[pair.Name] = Expect(pair.Value, JsonValueKind.String, $"{MetadataKey}.{pair.Name}").GetString()!;
                }
            }

            CheckLayout(entries, dataLength);
            return (entries, metadata);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string that is not valid UTF-8 or UTF-16.
            throw new FormatException($"its header is not valid JSON: {e.Message}", e);
        }
    }

    /// <summary>A header for tensors in a given order, whose bytes lie in the order of <paramref name="offsets"/>.</summary>
    public static byte[] Write(
        IReadOnlyList<(string Name, ScalarType Type, long[] Shape, long Length)> tensors,
        IReadOnlyList<long> offsets,
        IReadOnlyDictionary<string, string>? metadata)
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
                var (name, type, shape, length) = tensors[i];
                json.WriteStartObject(name);
                json.WriteString("dtype", NameOf(type));
                WriteNumbers(json, "shape", shape);
                WriteNumbers(json, "data_offsets", [offsets[i], offsets[i] + length]);
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

    private static SafetensorsEntry Entry(string name, JsonElement value)
    {
        Expect(value, JsonValueKind.Object, $"entry '{name}'");
        var typeName = Expect(Member("dtype"), JsonValueKind.String, $"the dtype of '{name}'").GetString();
        var known = Types.FirstOrDefault(type => type.Name == typeName);
        Check(known.Name is not null, $"entry '{name}' is of type {typeName}, which is not read here");
        var shape = Numbers("shape");
        var offsets = Numbers("data_offsets");
        Check(offsets.Length == 2 && offsets[0] <= offsets[1], $"the data_offsets of '{name}' are not a begin and an end");
        var length = Length(shape, known.Size);
        Check(length == offsets[1] - offsets[0], $"entry '{name}' has {offsets[1] - offsets[0]} bytes, but its shape and type take {length?.ToString(CultureInfo.InvariantCulture) ?? "more than a file can have"}");
        return new(name, known.Type, shape) { Offset = offsets[0], Length = offsets[1] - offsets[0] };

        JsonElement Member(string key) =>
            value.TryGetProperty(key, out var member) ? member : throw new FormatException($"entry '{name}' has no {key}");

        long[] Numbers(string key) =>
        [
            .. Expect(Member(key), JsonValueKind.Array, $"the {key} of '{name}'").EnumerateArray().Select(number =>
                number.ValueKind == JsonValueKind.Number && number.TryGetInt64(out var parsed) && parsed >= 0
                    ? parsed
                    : throw new FormatException($"the {key} of '{name}' holds {number.GetRawText()}, which is not a count")),
        ];
    }

    /// <summary>The bytes of a tensor; null where they are more than a file can have.</summary>
    private static long? Length(long[] shape, int elementSize)
    {
        if (shape.Contains(0))
        {
            return 0;
        }

        Int128 length = elementSize;
        foreach (var size in shape)
        {
            length *= size;
            if (length > long.MaxValue)
            {
                return null;
            }
        }

        return (long)length;
    }

    private static void CheckLayout(List<SafetensorsEntry> entries, long dataLength)
    {
        var end = 0L;
        foreach (var entry in entries.OrderBy(entry => entry.Offset).ThenBy(entry => entry.Length))
        {
            Check(entry.Offset >= end, $"entry '{entry.Name}' overlaps the one before it");
            Check(entry.Offset == end, $"there is a gap of {entry.Offset - end} bytes before entry '{entry.Name}'");
            end += entry.Length;
        }

        Check(end <= dataLength, $"it is cut off: its tensors take {end} bytes, but only {dataLength} are there");
        Check(end == dataLength, $"{dataLength - end} bytes follow its last tensor");
    }

    private static JsonElement Expect(JsonElement element, JsonValueKind kind, string what) =>
        element.ValueKind == kind ? element : throw new FormatException($"{what} is not a JSON {kind.ToString().ToLowerInvariant()}");

    private static void Check(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new FormatException(otherwise);
        }
    }
}
