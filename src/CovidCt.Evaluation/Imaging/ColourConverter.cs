using System.Text.Json;
using System.Text.Json.Serialization;

namespace CovidCt.Imaging;

/// <summary>
/// A colour as a list of three numbers, red, green and blue: a tuple has no properties, which are all that a serialiser takes.
/// </summary>
internal sealed class ColourConverter : JsonConverter<(byte R, byte G, byte B)>
{
    private const string Shape = "A colour is a list of three whole numbers from 0 to 255.";

    public override (byte R, byte G, byte B) Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException(Shape);
        }

        var colour = (Part(ref reader), Part(ref reader), Part(ref reader));
        return reader.Read() && reader.TokenType == JsonTokenType.EndArray ? colour : throw new JsonException(Shape);
    }

    public override void Write(Utf8JsonWriter writer, (byte R, byte G, byte B) value, JsonSerializerOptions options)
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
