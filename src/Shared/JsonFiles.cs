using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CovidCt;

/// <summary>Files that hold a record as JSON: how they are written, and how strictly they are read back.</summary>
internal static class JsonFiles
{
    public static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // A file to be read, never part of a web page.
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        IgnoreReadOnlyProperties = true, // What follows from the others is not written.
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>Writes a record; the file is whole or not there.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    public static void Write<T>(string path, T content) => AtomicFile.WriteAllText(path, JsonSerializer.Serialize(content, Options) + "\n");

    /// <summary>Reads a record.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isNot">What to say of a file that holds something else, such as "is no audit of maps".</param>
    /// <exception cref="InvalidDataException">It holds something else, or is damaged.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static T Read<T>(string path, string isNot)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(path), Options) ?? throw new JsonException("it is empty");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} {isNot}: {e.Message}", e);
        }
    }
}
