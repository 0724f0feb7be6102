using System.Text.Json.Nodes;

namespace CovidCt.Cli.Tests;

public sealed class ModelsCommandTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void The_twelve_networks_of_the_paper_are_listed()
    {
        var outcome = _place.Run("models").Exits(0);

        Assert.Empty(outcome.Errors);
        foreach (var name in Names)
        {
            Assert.Single(outcome.Output.Split('\n'), line => line.Split(' ').Contains(name));
        }
    }

    [Fact]
    public void As_json_they_have_their_sizes()
    {
        var networks = _place.Run("models", "--json").Exits(0).Json["networks"]!.AsArray();

        Assert.Equal(Names, networks.Select(network => network!["name"]!.GetValue<string>()).Order(StringComparer.Ordinal));
        var squeezeNet = Assert.Single(networks, network => network!["name"]!.GetValue<string>() == "squeezenet1_1")!;
        Assert.Equal(1_235_496, squeezeNet["parameters"]!.GetValue<long>());
        Assert.True(JsonNode.DeepEquals(squeezeNet["canvas"], new JsonObject { ["width"] = 335, ["height"] = 255 }));
    }

    private static string[] Names =>
    [
        "densenet121", "densenet169", "densenet201", "inception_v3", "resnet101", "resnet18", "resnet50", "resnext101_32x8d", "resnext50_32x4d",
        "shufflenet_v2_x1_0", "squeezenet1_1", "xception",
    ];
}
