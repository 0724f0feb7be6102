using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CovidCt.Records;

/// <summary>The controls of a study: what <c>controls.json</c> holds.</summary>
/// <param name="Draws">How often random labels were drawn.</param>
/// <param name="Seed">The seed of labels and folds.</param>
/// <param name="Networks">In the study's order.</param>
public sealed record ControlReport(int Draws, int Seed, IReadOnlyList<NetworkControls> Networks)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        IgnoreReadOnlyProperties = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Writes the file, which is whole or not there.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It can't be written.</exception>
    public void Write(string path) => AtomicFile.WriteAllText(path, JsonSerializer.Serialize(this, Json) + "\n");

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is no such file, or damaged.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static ControlReport Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<ControlReport>(File.ReadAllText(path), Json) ?? throw new JsonException("it is empty");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} holds no controls of a study: {e.Message}", e);
        }
    }
}
