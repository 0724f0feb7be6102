using System.Text.Json;
using System.Text.Json.Serialization;

namespace CovidCt.Models.Tests.Parity;

/// <summary>What a reference network answers at one input size.</summary>
internal sealed record GoldenLogits(
    [property: JsonPropertyName("width")] int Width,
    [property: JsonPropertyName("height")] int Height,
    [property: JsonPropertyName("logits_0_0_8")] double[] First,
    [property: JsonPropertyName("logits_1_0_8")] double[] Second,
    [property: JsonPropertyName("mean")] double Mean,
    [property: JsonPropertyName("std")] double Std,
    [property: JsonPropertyName("l2")] double L2,
    [property: JsonPropertyName("argmax")] long[] Argmax);

/// <summary>A reference network's parameters, auxiliary heads included, and its answers.</summary>
internal sealed record GoldenNetwork(
    [property: JsonPropertyName("parameters")] long Parameters,
    [property: JsonPropertyName("square")] GoldenLogits Square,
    [property: JsonPropertyName("canvas")] GoldenLogits Canvas);

/// <summary>The files that the reference implementations' scripts wrote.</summary>
internal static class Fixtures
{
    /// <summary>The published state_dict of every network with 1,000 classes: keys in their order, with their shapes.</summary>
    public static IReadOnlyList<(string Name, IReadOnlyList<(string Key, long[] Shape)> Entries)> StateDicts { get; } = ReadStateDicts();

    /// <summary>Every golden file beside the tests, and the one that <c>COVIDCT_GOLDEN</c> names.</summary>
    public static IReadOnlyList<(string File, string Name, GoldenNetwork Golden)> Goldens { get; } =
    [
        .. GoldenIn("golden-logits", Resource("golden-logits")),
        .. GoldenIn("golden-logits-torchvision", Resource("golden-logits-torchvision")),
        .. Environment.GetEnvironmentVariable("COVIDCT_GOLDEN") is { Length: > 0 } file ? GoldenIn(file, File.OpenRead(file)) : [],
    ];

    private static IReadOnlyList<(string, IReadOnlyList<(string, long[])>)> ReadStateDicts()
    {
        using var stream = Resource("state-dict-keys");
        using var json = JsonDocument.Parse(stream);
        return
        [
            .. json.RootElement.EnumerateObject().Select(network => (
                network.Name,
                (IReadOnlyList<(string, long[])>)[.. network.Value.EnumerateObject().Select(entry => (entry.Name, entry.Value.Deserialize<long[]>()!))])),
        ];
    }

    private static List<(string, string, GoldenNetwork)> GoldenIn(string file, Stream stream)
    {
        using (stream)
        {
            return [.. JsonSerializer.Deserialize<Dictionary<string, GoldenNetwork>>(stream)!.Select(network => (file, network.Key, network.Value))];
        }
    }

    private static Stream Resource(string name) =>
        typeof(Fixtures).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The fixture {name} is missing.");
}
