using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CovidCt.Recipes;

/// <summary>A word of a recipe's file, and where it stands.</summary>
/// <param name="Name">The word, such as <c>epochs</c>.</param>
/// <param name="Path">Where it belongs, such as <c>$.lamb.learningRate</c>.</param>
/// <param name="Where">File and line.</param>
/// <param name="Value">What the file says of it, as it stands there.</param>
/// <param name="Expected">What it may say.</param>
internal sealed record RecipeWord(string Name, string Path, string Where, string Value, string Expected)
{
    /// <summary>The word that a property has in a file.</summary>
    public static string NameOf(string? property) =>
        property == nameof(Recipe.Name) ? "recipe" : JsonNamingPolicy.CamelCase.ConvertName(property ?? "");

    /// <summary>All words of a file, in its order.</summary>
    /// <param name="json">The text, UTF-8.</param>
    /// <param name="file">What to call it in messages.</param>
    /// <exception cref="RecipeException">It is no JSON, or says a word that recipes don't have, or one twice.</exception>
    public static IReadOnlyList<RecipeWord> In(ReadOnlySpan<byte> json, string file)
    {
        List<RecipeWord> words = [];
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions
            {
                CommentHandling = JsonCommentHandling.Skip,
                AllowTrailingCommas = true,
            });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                throw new RecipeException($"{file} is no recipe: it is to be an object, {{ \"recipe\": \"NAME\", … }}.");
            }

            Collect(ref reader, json, file, "$", RecipeJson.Files.Recipe, words);
            while (reader.Read())
            {
                // What follows is refused by the reader.
            }

            return words;
        }
        catch (JsonException e)
        {
            var line = e.LineNumber is { } number ? $", line {number + 1}" : "";
            throw new RecipeException($"{file}{line}: it is no JSON here. {e.Message.Split(" LineNumber", 2)[0]}", e);
        }
    }

    private static void Collect(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> json, string file, string parent, JsonTypeInfo type, List<RecipeWord> words)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            var path = $"{parent}.{name}";
            var where = $"{file}, line {json[..(int)reader.TokenStartIndex].Count((byte)'\n') + 1}";
            var property = type.Properties.FirstOrDefault(property => property.Name == name)
                ?? throw new RecipeException($"{where}: there is no '{name}'; there are {Known(type)}.");
            if (words.Exists(word => word.Path == path))
            {
                throw new RecipeException($"{where}: '{name}' is said twice.");
            }

            reader.Read();
            var start = (int)reader.TokenStartIndex;
            var nested = RecipeJson.Files.GetTypeInfo(property.PropertyType) is { Kind: JsonTypeInfoKind.Object } inner ? inner : null;
            if (nested is not null && reader.TokenType == JsonTokenType.StartObject)
            {
                words.Add(new(name, path, where, "{ … }", Expectation(property.PropertyType)));
                Collect(ref reader, json, file, path, nested, words);
                continue;
            }

            reader.Skip();
            var text = Encoding.UTF8.GetString(json[start..(int)reader.BytesConsumed]);
            words.Add(new(name, path, where, text.Length > 60 ? text[..60] + "…" : text, Expectation(property.PropertyType)));
        }
    }

    private static string Known(JsonTypeInfo type) => string.Join(", ", type.Properties.Select(property => property.Name));

    private static string Expectation(Type type)
    {
        var of = Nullable.GetUnderlyingType(type) ?? type;
        var word = of.IsEnum ? $"give one of {string.Join(", ", Enum.GetNames(of).Select(JsonNamingPolicy.CamelCase.ConvertName))}"
            : of == typeof(bool) ? "give true or false"
            : of == typeof(int) ? "give a whole number"
            : of == typeof(double) ? "give a number"
            : of == typeof(DateOnly) ? "give a day, such as \"2026-12-01\""
            : of == typeof(string) ? "give a text in quotes"
            : "give an object, { … }";
        return of == type ? word : $"{word}, or null";
    }
}
