using System.Text.Json;
using System.Text.Json.Serialization;

namespace CovidCt.Imaging;

/// <summary>A colour as a list of three numbers, red, green and blue.</summary>
internal sealed class ColourConverter : JsonConverter<CanvasOptions.Colour>
{
    private const string Shape = "A colour is a list of three whole numbers from 0 to 255.";

    public override CanvasOptions.Colour Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException(Shape);
        }

        var colour = new CanvasOptions.Colour(Part(ref reader), Part(ref reader), Part(ref reader));
        return reader.Read() && reader.TokenType == JsonTokenType.EndArray ? colour : throw new JsonException(Shape);
    }

    public override void Write(Utf8JsonWriter writer, CanvasOptions.Colour value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(value.R);
        writer.WriteNumberValue(value.G);
        writer.WriteNumberValue(value.B);
        writer.WriteEndArray();
    }

    private static byte Part(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetByte(out var part)
            ? part
            : throw new JsonException(Shape);
}
