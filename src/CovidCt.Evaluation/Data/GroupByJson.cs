using System.Text.Json;
using System.Text.Json.Serialization;

namespace CovidCt.Data;

/// <summary>A way of drawing folds as its name.</summary>
internal sealed class GroupByJson : JsonConverter<GroupBy>
{
    public override GroupBy Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return GroupBy.Parse(reader.GetString() ?? throw new JsonException("A way of drawing folds is missing."));
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            throw new JsonException(e.Message, e);
        }
    }

    public override void Write(Utf8JsonWriter writer, GroupBy value, JsonSerializerOptions options) => writer.WriteStringValue(value.Name);
}
