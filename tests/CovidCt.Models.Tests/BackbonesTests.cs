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
    [InlineData("squeezenet1_0")]
    [InlineData("squeezenet1_1")]
    public void A_linear_head_is_the_published_one_without_its_relu(string name)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var inference = TorchSharp.torch.inference_mode();
        using var published = Networks.Factory.Create(name, 2, seed: 3);
        using var linear = Networks.Factory.Create(published.Spec.LinearName, 2, seed: 3);
        published.Network.eval();
        linear.Network.eval();
        var map = TorchSharp.torch.randn([2, 512, 4, 3]);
        var (weight, bias) = (
            linear.TrainableParameters(NetworkPart.Head)[0].Parameter, linear.TrainableParameters(NetworkPart.Head)[1].Parameter);
        var scores = TorchSharp.torch.nn.functional.conv2d(map, weight, bias);

        Assert.Equal(published.Network.state_dict().Keys, linear.Network.state_dict().Keys);
        Assert.True(TorchSharp.torch.allclose(scores.mean([2L, 3L]), linear.Head(map), 1e-4, 1e-6));
        Assert.True(TorchSharp.torch.allclose(scores.relu().mean([2L, 3L]), published.Head(map), 1e-4, 1e-6));
        Assert.True(scores.min().item<float>() < 0);
        Assert.False(linear.Spec.RectifiesScores);
    }

    [Fact]
    public void Only_squeezenets_rectify_their_scores() => Assert.Equal(
        ["squeezenet1_1", "squeezenet1_0"], Networks.Factory.Specs.Where(spec => spec.LinearName != spec.Name).Select(spec => spec.Name));

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
