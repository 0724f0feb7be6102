using System.Text.Json;
using System.Text.Json.Serialization;
using CovidCt.Imaging;

namespace CovidCt.Recipes;

/// <summary>Recipes as JSON, known to the compiler, so that applications can be trimmed.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(Recipe))]
internal sealed partial class RecipeJson : JsonSerializerContext
{
    /// <summary>As files have them.</summary>
    public static RecipeJson Files { get; } = new(Reading());

    private static JsonSerializerOptions Reading()
    {
        var options = JsonFiles.Options(
            JsonFiles.Names<CanvasFit>(), JsonFiles.Names<HeadStart>(), JsonFiles.Names<NetworkPart>(), JsonFiles.Names<RowSampling>());
        options.ReadCommentHandling = JsonCommentHandling.Skip;
        options.AllowTrailingCommas = true;
        return options;
    }
}
