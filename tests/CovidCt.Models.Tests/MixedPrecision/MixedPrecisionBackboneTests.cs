using CovidCt.Recipes;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CovidCt.Models.Tests.MixedPrecision;

public sealed class MixedPrecisionBackboneTests
{
    public static TheoryData<string> OnePerFamily => Networks.OnePerFamily;

    public static TheoryData<string> Others => Networks.Deeper;

    public static TheoryData<string> Small => Networks.Small;

    public static TheoryData<string> Large => Networks.Large;

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Large))]
    public void So_has_it_of_large_networks(string name) => With_float32_for_the_shorter_type_it_has_the_bits_of_its_network(name);

    [Theory]
    [MemberData(nameof(Small))]
    public void With_float32_for_the_shorter_type_it_has_the_bits_of_its_network(string name)
    {
        using var scope = NewDisposeScope();
        using var backbone = Prepared(name);
        var (logits, gradients) = Step(backbone, backbone);
        using var flat = Flat(Trained(backbone));
        foreach (var buffer in (Tensor?[])[null, flat])
        {
            using var mixed = backbone.ForMixedPrecision(Trained(backbone), buffer, ScalarType.Float32);

            var (again, arrived) = Step(mixed, backbone);

            Assert.True(Networks.SameBits(logits, again));
            Assert.All(gradients.Zip(arrived), pair => Assert.True(Networks.SameBits(pair.First, pair.Second)));
        }
    }

    /// <remarks>
    /// Rounding changes a layer's output by up to 1/512, so that of tens of layers by about one hundredth. As many ReLUs of a hundred
    /// have their input that close to 0 and may turn over, each taking its whole gradient along: the square root of their share, a
    /// tenth, is how far a layer turns a gradient, and n layers without a way around them √n times as far: InceptionV3 has 47 of
    /// them. PyTorch's autocast on the same networks is as far off. Batch norms have fixed statistics here: those of few places are so
    /// sensitive that not even the gradients of two roundings of float32 would be alike.
    /// </remarks>
    [Theory]
    [InlineData("squeezenet1_1", 0.33)]
    [InlineData("resnet18", 0.33)]
    [InlineData("resnext50_32x4d", 0.33, Traits = ["Category", "Long"])]
    [InlineData("xception", 0.33, Traits = ["Category", "Long"])]
    [InlineData("shufflenet_v2_x1_0", 0.33)]
    [InlineData("densenet121", 0.33)]
    [InlineData("inception_v3", 0.75, Traits = ["Category", "Long"])]
    public void Gradients_differ_from_those_in_float32_by_rounding(string name, double bound)
    {
        using var scope = NewDisposeScope();
        using var backbone = Prepared((Backbone)Networks.Factory.Create(name, 3, seed: 5));
        backbone.eval();
        using var mixed = backbone.ForMixedPrecision(Trained(backbone), null);

        var (_, gradients) = Step(backbone, backbone);
        var (_, arrived) = Step(mixed, backbone);

        var distances = backbone.TrainableParameters(NetworkPart.All)
            .Select((entry, i) => (entry.Name, Cosine: Cosine(gradients[i], arrived[i]), Error: Relative(gradients[i], arrived[i]))).ToList();
        var (least, most) = (distances.Min(one => one.Cosine), distances.Max(one => one.Error));
        var middle = distances.Select(one => one.Error).Order().ElementAt(distances.Count / 2);
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant(
            $"{name}: cosine {least:F3} and error {most:F3} at worst, error {middle:F3} in the middle"));
        Assert.InRange(middle, 1e-3, bound);
        Assert.All(distances, one => Assert.InRange(one.Error, 0, bound));
        Assert.All(distances, one => Assert.InRange(one.Cosine, Math.Sqrt(1 - (bound * bound)), 1.00001)); // The sine of an angle is at most the error.
    }

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Others))]
    public void So_does_every_other_network(string name) => A_network_answers_nearly_as_in_float32(name);

    [Theory]
    [MemberData(nameof(OnePerFamily))]
    public void A_network_answers_nearly_as_in_float32(string name)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using var backbone = Networks.Filled(name, 3);
        using var mixed = backbone.ForMixedPrecision([], null);
        var images = Networks.ChannelsLast(Networks.Images(1, 80, 80));

        var rounded = mixed.Head(mixed.FeatureMap(images));

        Assert.InRange(Relative(backbone.call(images), rounded), 1e-5, 0.1); // What is computed otherwise is off by about 1.
    }

    [Fact]
    [Trait("Category", "Long")]
    public void It_has_the_modules_of_its_network_and_adds_nothing_to_them()
    {
        using var scope = NewDisposeScope();
        using var backbone = Prepared("inception_v3");
        var keys = backbone.state_dict().Keys.ToList();
        var parameters = backbone.parameters().Count();

        using var mixed = backbone.ForMixedPrecision(Trained(backbone), null);
        Step(mixed, backbone);

        Assert.Same(backbone, mixed.Network);
        Assert.Equal(keys, mixed.Network.state_dict().Keys);
        Assert.Equal(parameters, mixed.Network.parameters().Count());
        Assert.All(mixed.Network.parameters(), parameter => Assert.Equal(ScalarType.Float32, parameter.dtype));
        Assert.Equal(
            backbone.TrainableParameters(NetworkPart.All).Select(entry => entry.Name), mixed.TrainableParameters(NetworkPart.All).Select(entry => entry.Name));
        Assert.Throws<NotSupportedException>(() => mixed.ReplaceHead(3, 0));
    }

    [Theory]
    [InlineData("resnet18")]
    [InlineData("shufflenet_v2_x1_0")]
    [InlineData("squeezenet1_1")]
    public void Convolutions_compute_in_bfloat16_channels_last_and_batch_norms_with_float32_parameters(string name)
    {
        using var scope = NewDisposeScope();
        using var backbone = Prepared(name);
        using var flat = Flat(Trained(backbone));
        using var mixed = backbone.ForMixedPrecision(Trained(backbone), flat);

        var map = mixed.FeatureMap(Networks.ChannelsLast(Networks.Images(2, 64, 64)));
        var logits = mixed.Head(map);
        logits.sum().backward();

        Assert.Equal((ScalarType.BFloat16, ScalarType.Float32), (map.dtype, logits.dtype));
        Assert.Equal(1, map.stride(1));
        foreach (var module in backbone.modules())
        {
            switch (module)
            {
                case Conv2d { weight: var weight }:
                    Assert.Equal(ScalarType.BFloat16, mixed.LeafOf(weight).dtype);
                    Assert.Equal(weight.stride(), mixed.LeafOf(weight).stride());
                    Assert.True(mixed.LeafOf(weight).grad!.permute(0, 2, 3, 1).is_contiguous());
                    Assert.Null(weight.grad);
                    break;
                case BatchNorm2d norm:
                    Assert.Same(norm.weight, mixed.LeafOf(norm.weight));
                    Assert.Equal(ScalarType.Float32, norm.weight.grad!.dtype);
                    Assert.Equal(ScalarType.Float32, norm.running_var!.dtype);
                    break;
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Changes_of_the_parameters_reach_the_next_feature_map(bool isFlat)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using var backbone = Prepared("squeezenet1_1");
        using var flat = isFlat ? Flat(Trained(backbone)) : null;
        using var mixed = backbone.ForMixedPrecision(Trained(backbone), flat);
        var images = Networks.Images(1, 64, 64);
        var before = mixed.FeatureMap(images);

        foreach (var parameter in Trained(backbone))
        {
            parameter.mul_(1.5);
        }

        Assert.False(Networks.SameBits(before, mixed.FeatureMap(images)));
        Assert.All(Trained(backbone), parameter => Assert.True(Networks.SameBits(parameter.to_type(ScalarType.BFloat16), mixed.LeafOf(parameter))));
    }

    [Fact]
    public void What_is_frozen_gets_no_gradient()
    {
        using var scope = NewDisposeScope();
        using var backbone = Prepared("resnet18");
        foreach (var parameter in backbone.parameters())
        {
            parameter.requires_grad = false;
        }

        var head = backbone.TrainableParameters(NetworkPart.Head).Select(entry => entry.Parameter).ToList();
        head.ForEach(parameter => parameter.requires_grad = true);
        using var mixed = backbone.ForMixedPrecision(head, null);

        mixed.Head(mixed.FeatureMap(Networks.Images(2, 64, 64))).sum().backward();

        Assert.All(backbone.parameters(), parameter => Assert.Equal(head.Contains(parameter), mixed.LeafOf(parameter).grad is not null));
    }

    [Fact]
    public void Steps_and_disposal_leave_no_native_tensor_behind()
    {
        using var backbone = Prepared("shufflenet_v2_x1_0");
        using var flat = Flat(Trained(backbone));
        foreach (var buffer in (Tensor?[])[null, flat])
        {
            Once(buffer);
            var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            Once(buffer);
            Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }

        void Once(Tensor? buffer)
        {
            using var mixed = backbone.ForMixedPrecision(Trained(backbone), buffer);
            for (var i = 0; i < 2; i++)
            {
                using var images = Networks.Images(2, 64, 64);
                using var map = mixed.FeatureMap(images);
                using var logits = mixed.Head(map);
                using var loss = logits.sum();
                loss.backward();
            }
        }
    }

    /// <summary>The logits of a batch and the gradients of a loss, float32, with dropout drawn alike.</summary>
    private static (Tensor Logits, IReadOnlyList<Tensor> Gradients) Step(IBackbone network, Backbone backbone)
    {
        var statistics = backbone.buffers().Select(buffer => buffer.clone()).ToList();
        manual_seed(3);
        var images = Networks.ChannelsLast(Networks.Images(2, 80, 80));
        var logits = network.Head(network.FeatureMap(images));
        logits.mul(tensor(new float[] { 1, -2, 3, -1, 2, 1 }, 2, 3)).sum().backward(); // A loss whose gradient doesn't depend on the logits.
        var leaves = Trained(backbone).ConvertAll(parameter => network.LeafOf(parameter));
        var gradients = leaves.ConvertAll(leaf => leaf.grad!.to(ScalarType.Float32, copy: true));
        leaves.ForEach(leaf => leaf.grad = null);
        using var guard = no_grad();
        foreach (var (buffer, before) in backbone.buffers().Zip(statistics))
        {
            buffer.copy_(before);
        }

        return (logits.detach(), gradients);
    }

    private static Backbone Prepared(string name) => Prepared(Networks.Filled(name, 3));

    private static Backbone Prepared(Backbone backbone)
    {
        using var guard = no_grad();
        foreach (var parameter in backbone.parameters().Where(parameter => parameter.dim() == 4))
        {
            parameter.set_(Networks.ChannelsLast(parameter));
        }

        backbone.train();
        return backbone;
    }

    private static List<Parameter> Trained(Backbone backbone) => [.. backbone.TrainableParameters(NetworkPart.All).Select(entry => entry.Parameter)];

    /// <summary>Makes parameters views of one buffer, each in its own memory order.</summary>
    private static Tensor Flat(List<Parameter> parameters)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var buffer = zeros(parameters.Sum(parameter => parameter.numel()));
        var place = 0L;
        foreach (var parameter in parameters)
        {
            var view = buffer.as_strided(parameter.shape, parameter.stride(), place);
            view.copy_(parameter);
            parameter.set_(view);
            place += parameter.numel();
        }

        return buffer.MoveToOuterDisposeScope();
    }

    private static double Cosine(Tensor one, Tensor other) => one.mul(other).sum().item<float>() / (double)(one.norm() * other.norm()).item<float>();

    private static double Relative(Tensor one, Tensor other) => (one - other).norm().item<float>() / (double)one.norm().item<float>();
}
