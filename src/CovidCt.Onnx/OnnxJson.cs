using System.Text.Json;
using System.Text.Json.Serialization;

namespace CovidCt.Onnx;

/// <summary>What stands in a file's metadata beside what <see cref="OnnxNames"/> leave to others.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(float[]))]
[JsonSerializable(typeof(TrainingRows.Taking))]
internal sealed partial class OnnxJson : JsonSerializerContext;
