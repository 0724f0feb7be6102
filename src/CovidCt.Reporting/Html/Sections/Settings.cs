using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CovidCt.Records;

namespace CovidCt.Reporting.Html.Sections;

/// <summary>The settings of <c>study.json</c>, for people.</summary>
internal static class Settings
{
    private static readonly Dictionary<string, string> Words = new()
    {
        ["training"] = "Training",
        ["lamb"] = "LAMB",
        ["augmentation"] = "Augmentation",
        ["canvas"] = "Canvas",
        ["beta1"] = "β₁",
        ["beta2"] = "β₂",
        ["epsilon"] = "ε",
        ["groupBy"] = "Folds by",
        ["train"] = "Weights trained",
    };

    /// <summary>A setting at the top, as text; null where it isn't there.</summary>
    public static string? Text(StudyReport study, string name) => study.Settings[name]?.ToString();

    /// <summary>Every setting with its group and value.</summary>
    public static IEnumerable<(string Group, string Name, string Value)> All(JsonObject settings, params string[] except) =>
        Leaves(settings, "Study").Where(leaf => !except.Contains(leaf.Key)).Select(leaf => (leaf.Group, Word(leaf.Key), leaf.Value));

    private static IEnumerable<(string Group, string Key, string Value)> Leaves(JsonObject settings, string group)
    {
        foreach (var (key, value) in settings.Where(member => member.Value is not JsonObject))
        {
            yield return (group, key, Value(value));
        }

        foreach (var (key, value) in settings)
        {
            if (value is JsonObject { Count: > 0 } inner)
            {
                foreach (var leaf in Leaves(inner, Word(key)))
                {
                    yield return leaf;
                }
            }
        }
    }

    private static string Value(JsonNode? node) => node switch
    {
        null => "not set",
        JsonArray list => string.Join(", ", list.Select(Value)),
        JsonValue value when value.TryGetValue(out bool flag) => flag ? "yes" : "no",
        JsonValue value when value.TryGetValue(out double number) => number.ToString("0.################", CultureInfo.InvariantCulture),
        JsonValue value when value.TryGetValue(out string? text) => text.Any(char.IsUpper) && text.All(char.IsAsciiLetter) ? Spaced(text) : text,
        _ => node.ToString(),
    };

    private static string Word(string key) => Words.GetValueOrDefault(key) ?? Spaced(key);

    /// <summary><c>learningRate</c> as "Learning rate".</summary>
    private static string Spaced(string name)
    {
        var text = new StringBuilder();
        foreach (var c in name)
        {
            text.Append(char.IsUpper(c) && text.Length > 0 ? $" {char.ToLowerInvariant(c)}" : c.ToString());
        }

        text[0] = char.ToUpperInvariant(text[0]);
        return text.ToString();
    }
}
