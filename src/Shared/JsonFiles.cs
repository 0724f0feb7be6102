using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace CovidCt;

/// <summary>Files that hold a record as JSON: how they are written, and how strictly they are read back.</summary>
internal static class JsonFiles
{
    private static readonly JsonSerializerOptions Indented = Options();

    /// <summary>How they are written and read, for a context to be made with, which knows the records.</summary>
    /// <param name="choices">The enumerations that stand in them, as <see cref="Names{T}"/>: one that is left out becomes a number.</param>
    public static JsonSerializerOptions Options(params ReadOnlySpan<JsonConverter> choices)
    {
        var options = new JsonSerializerOptions
        {
            WriteIndented = true,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // A file to be read, never part of a web page.
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            IgnoreReadOnlyProperties = true, // What follows from the others is not written.
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
        };
        foreach (var choice in choices)
        {
            options.Converters.Add(choice);
        }

        return options;
    }

    /// <summary>An enumeration by the names of its values, never by numbers.</summary>
    public static JsonConverter Names<T>()
        where T : struct, Enum =>
        new JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

    /// <summary>Writes a record; the file is whole or not there.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    public static void Write<T>(string path, T content, JsonTypeInfo<T> type) =>
        AtomicFile.WriteAllText(path, JsonSerializer.Serialize(content, type) + "\n");

    /// <summary>Writes a document; the file is whole or not there.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    public static void Write(string path, JsonObject content) => AtomicFile.WriteAllText(path, content.ToJsonString(Indented) + "\n");

    /// <summary>Reads a record.</summary>
    /// <param name="path">The file.</param>
    /// <param name="type">What it holds.</param>
    /// <param name="isNot">What to say of a file that holds something else, such as "is no audit of maps".</param>
    /// <exception cref="InvalidDataException">It holds something else, or is damaged.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static T Read<T>(string path, JsonTypeInfo<T> type, string isNot)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), type) ?? throw new JsonException("it is empty");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} {isNot}: {e.Message}", e);
        }
    }
}
