using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace CovidCt.Audit;

/// <summary>
/// Writes and reads an audit as JSON: fields of <see cref="DatasetAuditReport"/> in its order, words for enumerations,
/// shares in [0, 1], undefined figures as null. Readers ignore fields that they don't know.
/// </summary>
internal static partial class AuditJson
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        // Class names and paths stay readable; the document is a file, never part of a web page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { JsonFiles.Names<AuditVerdict>(), JsonFiles.Names<PairKind>() },
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private static readonly Context Known = new(Indented);

    /// <summary>The document as a tree.</summary>
    /// <param name="report">The audit.</param>
    public static JsonObject ToNode(DatasetAuditReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return JsonSerializer.SerializeToNode(report, Known.DatasetAuditReport)!.AsObject();
    }

    /// <summary>The document as indented text that ends in a line break.</summary>
    /// <param name="report">The audit.</param>
    public static string ToJson(DatasetAuditReport report) => ToNode(report).ToJsonString(Indented) + "\n";

    /// <summary>Writes the document; the file is whole or not there.</summary>
    /// <param name="path">The file; its folder is made when missing.</param>
    /// <param name="report">The audit.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Write(string path, DatasetAuditReport report) => AtomicFile.WriteAllText(path, ToJson(report));

    /// <summary>Reads a document.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is no audit; the message names the file and the fault.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static DatasetAuditReport Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), Known.DatasetAuditReport) ?? throw new JsonException("it is null.");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new InvalidDataException($"{path} is no audit of a data set: {e.Message}", e);
        }
    }

    [JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
    [JsonSerializable(typeof(DatasetAuditReport))]
    private sealed partial class Context : JsonSerializerContext;
}
