using System.Text.Json.Nodes;
using CovidCt.Answers;
using CovidCt.Data;
using CovidCt.Networks;
using CovidCt.Records;

namespace CovidCt.Studies;

/// <summary>
/// What runs and studies that were made before their configurations named classes had for the positive one: what a finished network of
/// theirs says, else what was guessed then.
/// </summary>
internal static class EarlierClasses
{
    public const string Classes = "classes", Positive = "positive", TestPositive = "testPositive";

    /// <summary>Adds them to a configuration that has none, as the first finished network in its folder says them.</summary>
    public static void Add(JsonObject study, string folder)
    {
        if (study.ContainsKey(Positive) || Networks(folder).Select(Read).FirstOrDefault(model => model is not null) is not { } model)
        {
            return;
        }

        Put(study, model.Classes, model.Classes[model.Positive]);
    }

    /// <summary>Adds them to a configuration that has none, by the rule that guessed them.</summary>
    /// <param name="study">The configuration.</param>
    /// <param name="other">The one that it is compared with, which knows the classes of the data set, unless it is as old.</param>
    public static void Add(JsonObject study, StudyConfiguration other)
    {
        if (!study.ContainsKey(Positive) && other.Classes is { Count: > 0 } classes)
        {
            Put(study, classes, classes[CtDataset.PositiveOf(classes)]);
        }

        if (other.TestPositive is { } test && !study.ContainsKey(TestPositive))
        {
            study[TestPositive] = test; // Another one would have given other labels, which the hash of the data tells.
        }
    }

    private static void Put(JsonObject study, IReadOnlyList<string> classes, string positive)
    {
        study[Classes] = new JsonArray([.. classes.Select(name => (JsonNode)name)]);
        study[Positive] = positive;
    }

    private static IEnumerable<string> Networks(string folder) =>
        File.Exists(new RunLayout(folder).Network) ? [new RunLayout(folder).Network]
        : Directory.Exists(new StudyLayout(folder)[StudyLayout.RunsName])
            ? Directory.EnumerateFiles(
                new StudyLayout(folder)[StudyLayout.RunsName], RunLayout.NetworkName, SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
            : [];

    private static ModelDescription? Read(string network)
    {
        try
        {
            return ModelDescription.Read(network);
        }
        catch (WeightsException)
        {
            return null;
        }
    }
}
