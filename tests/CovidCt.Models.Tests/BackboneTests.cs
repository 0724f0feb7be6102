using CovidCt.Recipes;
using TorchSharp;
using static TorchSharp.torch;

namespace CovidCt.Models.Tests;

public sealed class BackboneTests
{
    public static TheoryData<string> All => Networks.All;

    public static TheoryData<string> OnePerFamily => Networks.OnePerFamily;

    public static TheoryData<string> Small => Networks.Small;

    public static TheoryData<string> Large => Networks.Large;

    [Theory]
    [MemberData(nameof(OnePerFamily))]
    public void The_head_of_the_feature_map_is_the_network(string name)
    {
        using var scope = NewDisposeScope();
        using var backbone = Networks.Filled(name, 5);
        backbone.Network.eval();
        var images = Networks.Images();
        var before = images.clone();

        var map = backbone.FeatureMap(images);
        var captured = map.clone();
        var logits = backbone.Head(map);

        Assert.Equal([2, 5], logits.shape);
        Assert.True(Networks.SameBits(logits, backbone.Network.call(images)));
        Assert.True(Networks.SameBits(captured, map), "The head changed the feature map.");
        Assert.True(Networks.SameBits(before, images), "The network changed its input.");
        Assert.Equal(backbone.Spec.FeatureWidth, map.shape[1]);
        Assert.True(map.min().item<float>() >= 0, "The feature map lies behind a ReLU.");
        Assert.True(Networks.SameBits(map.mean([2, 3]), backbone.Pool(map)));
    }

    [Theory]
    [MemberData(nameof(OnePerFamily))]
    public void The_logits_have_a_gradient_in_the_feature_map(string name)
    {
        using var scope = NewDisposeScope();
        using var backbone = Networks.Filled(name, 2);
        backbone.Network.eval();

        var map = backbone.FeatureMap(Networks.Images(1));
        var gradient = autograd.grad([backbone.Head(map).sum()], [map])[0];

        Assert.Equal(map.shape, gradient.shape);
        Assert.True(gradient.abs().max().item<float>() > 0);
    }

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Large))]
    public void So_does_that_of_large_networks(string name) => A_channels_last_input_stays_so_and_gives_the_same_logits(name);

    [Theory]
    [MemberData(nameof(Small))]
    public void A_channels_last_input_stays_so_and_gives_the_same_logits(string name)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        using var backbone = Networks.Filled(name, 5);
        backbone.Network.eval();
        var images = Networks.Images(1, 128, 160);

        var map = backbone.FeatureMap(Networks.ChannelsLast(images));

        Assert.Equal(1, map.stride(1));
        Assert.Equal(backbone.Spec.FeatureWidth, map.stride(3));
        Assert.True(Networks.Difference(backbone.Network.call(images), backbone.Head(map)) < 1e-4);
    }

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Large))]
    public void So_does_one_of_large_networks(string name) => A_training_step_gives_every_trainable_parameter_a_gradient(name);

    [Theory]
    [MemberData(nameof(Small))]
    public void A_training_step_gives_every_trainable_parameter_a_gradient(string name)
    {
        using var scope = NewDisposeScope();
        using var backbone = Networks.Filled(name, 2);
        backbone.Network.train();

        // Each ReLU on its own would let about half through: SqueezeNet's last one, on two logits, may let nothing.
        var map = backbone.FeatureMap(Networks.Images());
        var loss = name.StartsWith("squeezenet", StringComparison.Ordinal) ? map.square().mean() : backbone.Head(map).square().sum();
        loss.backward();

        var headless = backbone.TrainableParameters(NetworkPart.Head).Select(entry => entry.Name).ToHashSet();
        var expected = backbone.TrainableParameters(NetworkPart.All)
            .Where(entry => !name.StartsWith("squeezenet", StringComparison.Ordinal) || !headless.Contains(entry.Name));
        Assert.All(expected, entry => Assert.True(entry.Parameter.grad is { } gradient && gradient.isfinite().all().item<bool>(), entry.Name));
    }

    [Theory]
    [MemberData(nameof(OnePerFamily))]
    public void A_new_head_leaves_the_rest_as_it_was(string name)
    {
        using var backbone = Networks.Filled(name, 1000);
        using var small = Networks.Factory.Create(name, 2, seed: 3);
        var before = Networks.Bits(backbone);

        backbone.ReplaceHead(2, seed: 3);

        var after = Networks.Bits(backbone);
        Assert.Equal(2, backbone.Classes);
        Assert.Equal(before.Keys, after.Keys);
        Assert.Equal(Changed(name), before.Keys.Where(key => before[key] != after[key]));
        var drawn = small.Network.state_dict();
        Assert.All(Changed(name), key => Assert.Equal(Networks.Bits(drawn[key]), after[key]));
    }

    [Fact]
    public void A_new_head_keeps_device_and_type()
    {
        using var backbone = Networks.Factory.Create("resnet18", 3);
        backbone.Network.to(ScalarType.Float64);

        backbone.ReplaceHead(2, seed: 0);

        Assert.All(backbone.TrainableParameters(NetworkPart.All), entry => Assert.Equal(ScalarType.Float64, entry.Parameter.dtype));
        Assert.All(backbone.TrainableParameters(NetworkPart.Head), entry => Assert.True(entry.Parameter.requires_grad));
    }

    [Fact]
    public void A_head_has_at_least_one_class()
    {
        using var backbone = Networks.Factory.Create("squeezenet1_1", 3);

        Assert.Throws<ArgumentOutOfRangeException>("classes", () => backbone.ReplaceHead(0, seed: 0));
        Assert.Equal(3, backbone.Classes);
    }

    [Theory]
    [InlineData("squeezenet1_1", "classifier.1")]
    [InlineData("inception_v3", "fc")]
    [InlineData("resnet18", "fc")]
    [InlineData("xception", "fc")]
    [InlineData("shufflenet_v2_x1_0", "fc")]
    [InlineData("densenet121", "classifier")]
    public void The_head_is_the_classifier_alone(string name, string classifier)
    {
        using var backbone = Networks.Factory.CreateForLoading(name, 2);

        Assert.Equal([$"{classifier}.weight", $"{classifier}.bias"], backbone.TrainableParameters(NetworkPart.Head).Select(entry => entry.Name));
    }

    [Fact]
    public void The_auxiliary_head_is_resized_and_saved_but_never_trained()
    {
        using var backbone = Networks.Factory.CreateForLoading("inception_v3", 7);
        var state = backbone.Network.state_dict();
        var auxiliary = state.Keys.Where(key => key.StartsWith("AuxLogits.", StringComparison.Ordinal)).ToList();

        Assert.Equal([7, 768], state["AuxLogits.fc.weight"].shape);
        Assert.Equal([7], state["AuxLogits.fc.bias"].shape);
        Assert.Equal(14, auxiliary.Count);
        var trained = backbone.TrainableParameters(NetworkPart.All).Select(entry => entry.Name).ToList();
        Assert.Empty(trained.Intersect(auxiliary));
        Assert.Equal(state.Keys.Except(auxiliary).Intersect(backbone.Network.named_parameters().Select(entry => entry.name)), trained);
    }

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Large))]
    public void So_they_do_in_large_networks(string name) => Equal_seeds_give_equal_bits_and_others_other_ones(name);

    [Theory]
    [MemberData(nameof(Small))]
    public void Equal_seeds_give_equal_bits_and_others_other_ones(string name)
    {
        using var one = Networks.Factory.Create(name, 2, seed: 1L << 40);
        using var same = Networks.Factory.Create(name, 2, seed: 1L << 40);
        using var other = Networks.Factory.Create(name, 2, seed: 0);

        Assert.Equal(Networks.Bits(one), Networks.Bits(same));
        Assert.False(Networks.SameBits(one.TrainableParameters(NetworkPart.All)[0].Parameter, other.TrainableParameters(NetworkPart.All)[0].Parameter));
    }

    [Theory]
    [InlineData("squeezenet1_1", "features.12.expand3x3.weight", 0.0589)] // uniform in ±√(6/fan-in): √(2 / (64·9))
    [InlineData("squeezenet1_1", "classifier.1.weight", 0.01)]
    [InlineData("inception_v3", "Mixed_7b.branch3x3dbl_2.conv.weight", 0.1)]
    [InlineData("inception_v3", "AuxLogits.fc.weight", 0.001)]
    [InlineData("resnet18", "layer4.0.conv1.weight", 0.02083)] // √(2 / (512·9))
    [InlineData("resnet18", "fc.weight", 0.02552)] // uniform in ±1/√512
    [InlineData("resnext50_32x4d", "layer4.0.conv2.weight", 0.01473)] // √(2 / (1024·9))
    [InlineData("xception", "conv4.pointwise.weight", 0.03125)] // √(2 / 2048)
    [InlineData("shufflenet_v2_x1_0", "conv5.0.weight", 0.02680)] // uniform in ±1/√464
    [InlineData("densenet121", "features.denseblock4.denselayer16.conv1.weight", 0.04490)] // √(2 / 992)
    public void Initial_weights_spread_as_published(string name, string key, double deviation)
    {
        using var scope = NewDisposeScope();
        using var backbone = Networks.Factory.Create(name, 1000);
        var weights = backbone.Network.state_dict()[key];

        Assert.Equal(1, weights.std().item<float>() / deviation, 0.02);
        Assert.Equal(0, weights.mean().item<float>() / deviation, 0.02);
    }

    [Theory]
    [InlineData("squeezenet1_1", true)]
    [InlineData("inception_v3", true)]
    [InlineData("resnet18", false)]
    public void Dropout_before_the_classifier_acts_in_training_alone(string name, bool drops)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var backbone = Networks.Factory.Create(name, 1000, seed: 3);
        var map = rand(1, backbone.Spec.FeatureWidth, 3, 3);

        backbone.Network.eval();
        Assert.True(Networks.SameBits(backbone.Head(map), backbone.Head(map)));
        backbone.Network.train();
        Assert.Equal(drops, !Networks.SameBits(backbone.Head(map), backbone.Head(map)));
    }

    private static IEnumerable<string> Changed(string name) => name switch
    {
        "squeezenet1_1" => ["classifier.1.weight", "classifier.1.bias"],
        "densenet121" => ["classifier.weight", "classifier.bias"],
        "inception_v3" => ["AuxLogits.fc.weight", "AuxLogits.fc.bias", "fc.weight", "fc.bias"],
        _ => ["fc.weight", "fc.bias"],
    };
}
