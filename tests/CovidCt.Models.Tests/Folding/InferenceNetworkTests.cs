using CovidCt.Models.Blocks;
using CovidCt.Models.Folding;
using TorchSharp;
using static TorchSharp.torch;

namespace CovidCt.Models.Tests.Folding;

public sealed class InferenceNetworkTests
{
    public static TheoryData<string> Others => Networks.OthersSampled;

    public static TheoryData<string> Small => Networks.Small;

    public static TheoryData<string> Large => Networks.Large;

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Others))]
    public void So_it_does_in_other_networks(string name) => It_answers_what_the_network_answers_with_fused_operators_and_without(name);

    [Theory]
    [MemberData(nameof(Small))]
    public void It_answers_what_the_network_answers_with_fused_operators_and_without(string name)
    {
        using var scope = NewDisposeScope();
        using var guard = inference_mode();
        using var backbone = Networks.Filled(name, 1000);
        var images = Networks.Images(3);
        var (map, logits) = (backbone.FeatureMap(images), backbone.Network.call(images));
        var tolerance = 1e-5 * logits.std().item<float>();

        foreach (var fused in (bool[])[true, false])
        {
            using var network = backbone.ForInference(fused, imagesAtOnce: 2);
            var folded = network.FeatureMap(images);

            Assert.True(logits.sub(network.Logits(images)).abs().max().item<float>() <= tolerance);
            Assert.True(logits.sub(network.Head(folded)).abs().max().item<float>() <= tolerance);
            Assert.True(Networks.Difference(map, folded) < 1e-5);
            Assert.True(Networks.Difference(backbone.Pool(map), network.Pool(folded)) < 1e-5);
        }
    }

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Large))]
    public void Nor_does_anything_else_in_large_networks(string name) => In_double_precision_nothing_but_rounding_differs(name);

    [Theory]
    [MemberData(nameof(Small))]
    public void In_double_precision_nothing_but_rounding_differs(string name)
    {
        using var scope = NewDisposeScope();
        using var guard = inference_mode();
        using var backbone = Networks.Filled(name, 5);
        backbone.Network.to(ScalarType.Float64);
        var images = Networks.Images(1).to(ScalarType.Float64);
        using var network = backbone.ForInference();

        var logits = backbone.Network.call(images);

        Assert.True(logits.sub(network.Logits(images)).abs().max().item<double>() < 1e-12 * logits.abs().max().item<double>());
    }

    [Theory]
    [InlineData("squeezenet1_1", 0)]
    [InlineData("inception_v3", 0)]
    [InlineData("resnet18", 0)]
    [InlineData("resnext50_32x4d", 0)]
    [InlineData("xception", 0)]
    [InlineData("shufflenet_v2_x1_0", 0)]
    [InlineData("densenet121", 58 + 3 + 1)] // Those before a layer's and a transition's convolution, and the last one.
    public void No_batch_norm_that_follows_a_convolution_remains(string name, int remaining)
    {
        using var backbone = Networks.Filled(name, 2);
        using var network = backbone.ForInference(fused: true);

        Assert.Equal(remaining, network.Layers.OfType<FoldedNorm>().Count());
    }

    [Theory]
    [InlineData("resnet18", ScalarType.Float32)]
    [InlineData("squeezenet1_1", ScalarType.Float64)]
    public void It_leaves_its_network_and_the_images_and_shares_no_weights_with_it(string name, ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var backbone = Networks.Filled(name, 5);
        backbone.Network.to(type);
        backbone.Network.train();
        var (bits, images) = (Networks.Bits(backbone), Networks.Images().to(type));
        var before = images.clone();

        using var network = backbone.ForInference();
        var logits = network.Logits(images);

        Assert.True(backbone.Network.training);
        Assert.Equal(bits, Networks.Bits(backbone));
        Assert.True(Networks.SameBits(before, images));
        using (no_grad())
        {
            foreach (var parameter in backbone.Network.parameters())
            {
                parameter.zero_();
            }
        }

        Assert.True(Networks.SameBits(logits, network.Logits(images)));
    }

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Large))]
    public void So_do_large_networks(string name) => It_works_channels_last_whatever_the_layout_of_the_images(name);

    [Theory]
    [MemberData(nameof(Small))]
    public void It_works_channels_last_whatever_the_layout_of_the_images(string name)
    {
        using var scope = NewDisposeScope();
        using var backbone = Networks.Filled(name, 5);
        using var network = backbone.ForInference();
        var images = Networks.Images(1, 128, 160);

        var map = network.FeatureMap(images);

        Assert.Equal(1, map.stride(1));
        Assert.Equal(backbone.Spec.FeatureWidth, map.stride(3));
        Assert.True(Networks.SameBits(map, network.FeatureMap(Networks.ChannelsLast(images))));
    }

    [Fact]
    public void It_keeps_no_gradient()
    {
        using var scope = NewDisposeScope();
        using var backbone = Networks.Filled("resnet18", 5);
        using var network = backbone.ForInference();
        var images = Networks.Images().requires_grad_();

        var map = network.FeatureMap(images);

        Assert.False(map.requires_grad);
        Assert.False(network.Head(map).requires_grad);
        Assert.False(network.Pool(map).requires_grad);
    }

    [Fact]
    public void Two_of_them_give_the_same_bits_whatever_they_saw_first_and_from_many_threads()
    {
        using var scope = NewDisposeScope();
        using var backbone = Networks.Filled("shufflenet_v2_x1_0", 5);
        using var network = backbone.ForInference();
        using var other = backbone.ForInference();
        var images = Networks.Images(4);
        using var first = other.Logits(Networks.Images(1, 64, 80));

        // The threads race to be the first.
        var answers = Enumerable.Range(0, 8).AsParallel().WithDegreeOfParallelism(4).Select(_ =>
        {
            using var inner = NewDisposeScope();
            return network.Logits(images).data<float>().ToArray();
        }).ToList();

        Assert.All(answers, answer => Assert.Equal(other.Logits(images).data<float>().ToArray(), answer));
    }

    [Theory]
    [InlineData("squeezenet1_1", "features.0.bias", float.NaN)]
    [InlineData("squeezenet1_1", "features.3.squeeze.weight", 1e38f)]
    [InlineData("resnet18", "layer2.0.bn1.running_mean", float.NaN)]
    [InlineData("densenet121", "features.denseblock2.denselayer1.norm1.weight", float.NaN)]
    public void Broken_weights_end_in_no_numbers_as_in_the_network(string name, string entry, float value)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using var backbone = Networks.Filled(name, 5);
        backbone.Network.state_dict()[entry].fill_(value);
        using var network = backbone.ForInference();
        var images = Networks.Images();

        Assert.False(backbone.Network.call(images).isfinite().any().item<bool>());
        Assert.False(network.Logits(images).isfinite().any().item<bool>());
    }

    [Fact]
    public void What_is_no_image_is_refused()
    {
        using var scope = NewDisposeScope();
        using var backbone = Networks.Filled("squeezenet1_1", 5);
        using var network = backbone.ForInference();

        foreach (var images in (Tensor[])[ones(3, 64, 64), ones(1, 1, 64, 64), ones(0, 3, 64, 64), ones(1, 3, 64, 64).to(ScalarType.Float64)])
        {
            var refused = Assert.Throws<ArgumentException>("images", () => network.Logits(images));
            Assert.Contains("[N, 3, H, W], Float32 on cpu", refused.Message, StringComparison.Ordinal);
        }

        Assert.ThrowsAny<SystemException>(() => network.Logits(ones(1, 3, 1, 1)));
    }

    [Fact]
    public void A_sum_leaves_an_argument_that_others_read()
    {
        using var scope = NewDisposeScope();
        using var convolution = nn.Conv2d(3, 3, 3, padding: 1);
        using var guard = no_grad();
        var x = Networks.ChannelsLast(Networks.Images());
        var before = x.clone();
        var direct = Steps.Residual(Steps.Identity, ("conv", convolution));
        var behindView = Steps.Chain(new Alias(), direct, Steps.ReluCopy);

        foreach (var fused in (bool[])[true, false])
        {
            using var steps = new FoldedSteps(fused);

            Assert.True(Networks.Difference(direct.Run(x), steps.Fold(direct).Run(x)) < 1e-5);
            Assert.True(Networks.Difference(behindView.Run(x), steps.Fold(behindView).Run(x)) < 1e-5);
            Assert.True(Networks.SameBits(before, x));
        }
    }

    [Fact]
    public void A_layer_without_a_rule_is_refused()
    {
        using var layer = nn.LayerNorm(4);
        using var steps = new FoldedSteps(fused: true);

        Assert.Throws<NotSupportedException>(() => steps.Fold(("layer", layer)));
    }

    private sealed class Alias : Step
    {
        public override bool IsView => true;

        public override Tensor Run(Tensor x) => x.alias();
    }
}
