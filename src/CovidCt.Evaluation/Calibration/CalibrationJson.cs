using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using CovidCt.Statistics;

namespace CovidCt.Calibration;

/// <summary>What is fitted to a network's answers, as text that travels with its weights.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(NetworkCalibration))]
[JsonSerializable(typeof(ConformalSets))]
internal sealed partial class CalibrationJson : JsonSerializerContext
{
    /// <summary>As files have them.</summary>
    public static CalibrationJson Files { get; } = new(JsonFiles.Options(JsonFiles.Names<ClusterUnit>()));

    /// <summary>Reads one.</summary>
    /// <exception cref="JsonException">The text is none.</exception>
    public static T Read<T>(string text, JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(text, type) ?? throw new JsonException("It is null.");
}
