using System.Reflection;
using System.Text;
using System.Text.Json;

namespace CovidCt.Recipes;

/// <summary>Recipes in files of JSON, and those that come with the library, by their names.</summary>
public static class RecipeFile
{
    private const string Extension = ".json";
    private const int LongestFile = 1 << 20;

    /// <summary>The names of the recipes that come with the library, the paper's first.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        Recipe.PaperName,
        .. Resources.Select(name => name[ResourcePrefix.Length..^Extension.Length]).Order(StringComparer.Ordinal),
    ];

    private const string ResourcePrefix = "recipe:";

    private static Assembly Assembly => typeof(RecipeFile).Assembly;

    private static IEnumerable<string> Resources =>
        Assembly.GetManifestResourceNames().Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal));

    /// <summary>A recipe by the name of one that comes with the library, or of a file.</summary>
    /// <param name="nameOrPath">One of <see cref="Names"/>, or a file, which has a dot or a slash in its name.</param>
    /// <exception cref="RecipeException">There is none, or its file is wrong.</exception>
    public static Recipe Find(string nameOrPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(nameOrPath);
        if (nameOrPath == Recipe.PaperName)
        {
            return Recipe.Paper;
        }

        if (Names.Contains(nameOrPath))
        {
            using var stream = Assembly.GetManifestResourceStream($"{ResourcePrefix}{nameOrPath}{Extension}")!;
            using var content = new MemoryStream();
            stream.CopyTo(content);
            return Parse(content.ToArray(), nameOrPath);
        }

        return File.Exists(nameOrPath) || nameOrPath.AsSpan().ContainsAny("./\\")
            ? Read(nameOrPath)
            : throw new RecipeException(
                $"There is no recipe '{nameOrPath}': give one of {string.Join(", ", Names)}, or a file, such as ./{nameOrPath}.json.");
    }

    /// <summary>Reads a recipe.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="RecipeException">It can't be read, or is wrong.</exception>
    public static Recipe Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return new FileInfo(path).Length > LongestFile
                ? throw new RecipeException($"{path} is no recipe: it has more than a megabyte.")
                : Parse(File.ReadAllBytes(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RecipeException($"The recipe {path} can't be read: {e.Message}", e);
        }
    }

    /// <summary>A recipe as a file has it, all that it says and all that it leaves to the paper.</summary>
    /// <param name="recipe">The recipe.</param>
    public static string Text(Recipe recipe) => JsonSerializer.Serialize(recipe, RecipeJson.Files.Recipe) + "\n";

    /// <summary>Reads a recipe from JSON.</summary>
    /// <param name="json">The text, UTF-8.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <exception cref="RecipeException">It is wrong.</exception>
    internal static Recipe Parse(ReadOnlySpan<byte> json, string name)
    {
        if (json.StartsWith(Encoding.UTF8.Preamble))
        {
            json = json[Encoding.UTF8.Preamble.Length..];
        }

        var words = RecipeWord.In(json, name);
        Recipe recipe;
        try
        {
            recipe = JsonSerializer.Deserialize(json, RecipeJson.Files.Recipe)
                ?? throw new RecipeException($"{name} is no recipe: it is null.");
        }
        catch (JsonException e)
        {
            var word = words.LastOrDefault(word => word.Path == e.Path);
            throw new RecipeException(
                word is null
                    ? $"{name} is no recipe: {e.Message}"
                    : $"{word.Where}: '{word.Name}' can't be {word.Value}: {word.Expected}.",
                e);
        }

        foreach (var (part, failures) in recipe.Failures())
        {
            if (failures.FirstOrDefault() is { } failure)
            {
                var word = words.LastOrDefault(word => word.Path == $"{part}.{RecipeWord.NameOf(failure.MemberNames.FirstOrDefault())}");
                var member = failure.MemberNames.FirstOrDefault();
                var fault = failure.ErrorMessage!.Replace($"The field {member} ", "it ", StringComparison.Ordinal);
                throw new RecipeException(
                    word is not null ? $"{word.Where}: '{word.Name}' is {word.Value}, and {fault}"
                    : member is not null ? $"{name}: '{RecipeWord.NameOf(member)}' is missing; give one."
                    : $"{name}: {fault}");
            }
        }

        return recipe;
    }
}
