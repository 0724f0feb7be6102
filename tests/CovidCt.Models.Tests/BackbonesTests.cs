using CovidCt.Recipes;

namespace CovidCt.Models.Tests;

public sealed class BackbonesTests
{
    public static TheoryData<string> All => Networks.All;

    [Theory]
    [MemberData(nameof(All))]
    public void The_spec_counts_what_the_network_has(string name)
    {
        using var backbone = (Backbone)Networks.Factory.CreateForLoading(name, 1000);

        Assert.Equal(backbone.Spec.Parameters, backbone.TrainableParameters(NetworkPart.All).Sum(entry => entry.Parameter.numel()));
        Assert.Equal(backbone.Spec.Layers, backbone.Depth);
        Assert.Equal(4.0 * backbone.Spec.Parameters / 1048576, backbone.Spec.Megabytes);
    }

    [Fact]
    public void The_papers_twelve_come_first_in_its_order() => Assert.Equal(
        [
            "squeezenet1_1", "inception_v3", "resnet18", "resnet50", "resnet101", "resnext50_32x4d", "resnext101_32x8d",
            "xception", "shufflenet_v2_x1_0", "densenet121", "densenet169", "densenet201",
        ],
        Networks.Factory.Specs.TakeWhile(spec => !spec.IsVariant).Select(spec => spec.Name));

    [Fact]
    public void Only_squeezenet_1_0_is_a_variant() =>
        Assert.Equal("squeezenet1_0", Assert.Single(Networks.Factory.Specs, spec => spec.IsVariant).Name);

    [Theory]
    [InlineData("squeezenet1_1", 20, 15)]
    [InlineData("inception_v3", 9, 7)]
    [InlineData("resnet18", 11, 8)]
    [InlineData("xception", 11, 8)]
    [InlineData("shufflenet_v2_x1_0", 11, 8)]
    [InlineData("densenet121", 11, 8)]
    public void The_canvas_gives_the_papers_feature_map(string name, int width, int height)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var inference = TorchSharp.torch.inference_mode();
        using var backbone = Networks.Filled(name, 2);
        var spec = backbone.Spec;

        var map = backbone.FeatureMap(Networks.Images(1, spec.Canvas.Height, spec.Canvas.Width));

        Assert.Equal([1, spec.FeatureWidth, height, width], map.shape);
    }
}
