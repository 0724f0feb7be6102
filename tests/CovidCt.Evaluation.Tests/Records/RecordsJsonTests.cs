using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CovidCt.Calibration;
using CovidCt.Records;
using CovidCt.Tests;

namespace CovidCt.Evaluation.Tests.Records;

public sealed class RecordsJsonTests
{
    [Fact]
    public void Every_enumeration_stands_in_files_by_its_names()
    {
        var choices = ((JsonTypeInfo[])[.. Known(RecordsJson.Files), .. Known(CalibrationJson.Files)])
            .Where(type => type.Type.IsEnum).ToList();

        Assert.True(choices.Count > 8);
        Assert.All(choices, type => Assert.All(
            Enum.GetValues(type.Type).Cast<object>(),
            value => Assert.Equal(
                $"\"{JsonNamingPolicy.CamelCase.ConvertName(value.ToString()!)}\"", JsonSerializer.Serialize(value, type))));
    }

    [Fact]
    public void Controls_that_are_older_than_several_drawings_of_folds_have_one()
    {
        using var folder = new TemporaryFolder();
        var file = folder["controls.json"];
        File.WriteAllText(file, """{ "draws": 20, "seed": 3, "networks": [] }""");

        Assert.Equal(1, ControlReport.Read(file).FoldDraws);
    }

    [Fact]
    public void An_evaluation_that_leaves_lists_out_has_empty_ones()
    {
        const string Text = """
            { "dataset": "d", "groupBy": "given", "networks": ["m"], "classes": ["a", "b"], "positive": "b", "isPositiveGuessed": false }
            """;

        var given = JsonSerializer.Deserialize(Text, RecordsJson.Files.GivenPredictions)!;

        Assert.Empty(given.Files);
        Assert.Empty(given.FoldNames);
        Assert.Empty(given.SeedNames);
    }

    private static IEnumerable<JsonTypeInfo> Known(object context) => context.GetType()
        .GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        .Where(property => property.PropertyType.IsAssignableTo(typeof(JsonTypeInfo)))
        .Select(property => (JsonTypeInfo)property.GetValue(context)!);
}
