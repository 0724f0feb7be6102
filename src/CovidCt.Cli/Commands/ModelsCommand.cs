using System.CommandLine;
using System.Text.Json.Nodes;
using CovidCt.Cli.Output;
using CovidCt.Imaging;
using CovidCt.Networks;
using CovidCt.Reporting.Tables;

namespace CovidCt.Cli.Commands;

/// <summary><c>covidct models</c>: the paper's Table 1.</summary>
internal static class ModelsCommand
{
    public static Command Create(ConsoleOutput console)
    {
        var command = new Command("models", "The twelve networks: the paper's Table 1.") { SharedOptions.Json() };
        command.SetAction(_ =>
        {
            var specs = BackboneSpec.All.Where(spec => !spec.IsVariant).ToList();
            if (console.IsJson)
            {
                console.Json(new JsonObject { ["networks"] = new JsonArray([.. specs.Select(Json)]) });
            }
            else
            {
                var (table, caption) = TableData.OfNetworks(specs);
                console.Table(table);
                console.Prose(caption);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static JsonObject Json(BackboneSpec spec) => new()
    {
        ["name"] = spec.Name,
        ["displayName"] = spec.DisplayName,
        ["canvas"] = Size(spec.Canvas),
        ["square"] = Size(spec.Square),
        ["parameters"] = spec.Parameters,
        ["layers"] = spec.Layers,
        ["megabytes"] = spec.Megabytes,
        ["featureWidth"] = spec.FeatureWidth,
    };

    private static JsonObject Size(ImageSize size) => new() { ["width"] = size.Width, ["height"] = size.Height };
}
