using CovidCt.Models.Weights;

namespace CovidCt.Models.Tests.Weights;

public sealed class BackboneWeightsTests
{
    [Fact]
    [Trait("Category", "Long")]
    public void The_published_squeezenet_loads_with_two_classes()
    {
        if (Environment.GetEnvironmentVariable("COVIDCT_WEIGHTS") is not { Length: > 0 } folder)
        {
            Assert.Skip("COVIDCT_WEIGHTS is not set.");
            return;
        }

        using var backbone = BackboneWeights.LoadPretrained(
            new BackboneFactory(), "squeezenet1_1", Path.Combine(folder, "squeezenet1_1-imagenet.safetensors"), 2, seed: 0);

        Assert.Equal(2, backbone.Classes);
        Assert.Equal([2, 512, 1, 1], backbone.Network.state_dict()["classifier.1.weight"].shape);
    }
}
