using System.Collections.Concurrent;
using CovidCt.Explanation;
using CovidCt.Maps;
using CovidCt.Models;
using CovidCt.Models.Tests.Parity;
using CovidCt.Networks;
using CovidCt.Recipes;
using CsCheck;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Explanation;

[Collection(NativeMemory.Name)]
public sealed class GradCamTests
{
    private const string SqueezeNet = "squeezenet1_1";
    private const string ResNet = "resnet18";
    private const string ShuffleNet = "shufflenet_v2_x1_0";

    private static readonly BackboneFactory Factory = new();

    private static readonly string[] QuickLinear = ["inception_v3", "resnet18", "shufflenet_v2_x1_0", "densenet121"];

    /// <summary>Small networks of different families whose head is linear.</summary>
    public static TheoryData<string> LinearHeads => [.. QuickLinear];

    public static TheoryData<string> DeeperLinearHeads =>
    [
        .. Factory.Specs.Select(spec => spec.Name)
            .Where(name => !name.StartsWith("squeezenet", StringComparison.Ordinal) && !QuickLinear.Contains(name)),
    ];

    public static TheoryData<CamMethod> Methods => [.. Enum.GetValues<CamMethod>()];

    [Theory]
    [InlineData(SqueezeNet)]
    [InlineData(ResNet, Traits = ["Category", "Long"])]
    public void Maps_are_those_of_autograd_in_PyTorch(string name)
    {
        using var scope = NewDisposeScope();
        using var backbone = Factory.CreateForLoading(name, 1000);
        ReferenceFill.Weights(backbone.Network);
        using var answering = backbone.ForInference();
        var images = ReferenceFill.Input(new(112, 96));

        foreach (var (golden, i) in GoldenCams.Read().Networks[name].Select((golden, i) => (golden, i)))
        {
            foreach (var method in Enum.GetValues<CamMethod>())
            {
                // The first and the last are at the feature map, which has no name of its own.
                var isFeatureMap = golden.Layer is "features" or "layer4";
                foreach (var layer in isFeatureMap ? new string?[] { null, golden.Layer } : [golden.Layer])
                {
                    foreach (var copy in layer is null ? new[] { null, answering } : [null])
                    {
                        var cam = new GradCam(backbone, new GradCamOptions { Method = method, Layer = layer });
                        var classes = i == 3 ? golden.Classes : null;
                        golden.Compare(method, copy is null ? cam.Explain(images, classes) : OfCopy(cam, copy, images, classes), 1e-4);
                    }
                }
            }
        }
    }

    private static IReadOnlyList<ClassActivationMap> OfCopy(GradCam cam, IInferenceNetwork copy, Tensor images, IReadOnlyList<int>? classes)
    {
        var map = copy.FeatureMap(images);
        return cam.ExplainMap(map, classes ?? [.. copy.Head(map).argmax(1).data<long>().ToArray().Select(number => (int)number)]);
    }

    [Theory]
    [InlineData(SqueezeNet)]
    [InlineData("shufflenet_v2_x1_0")]
    public void Explanations_at_the_feature_map_run_at_once_and_give_the_bits_of_one_alone(string name)
    {
        using var scope = NewDisposeScope();
        using var backbone = Factory.Create(name, 2, seed: 1);
        backbone.Network.eval();
        var images = rand(1, 3, 64, 64, generator: new Generator(8));
        var alone = new GradCam(backbone).Explain(images)[0];
        using var meeting = new Barrier(2);
        var network = new MeetingNetwork(backbone, meeting);

        var maps = new ClassActivationMap[2];
        var threads = Enumerable.Range(0, 2).Select(i => new Thread(() => maps[i] = new GradCam(network).Explain(images)[0])).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.True(network.HaveMet);
        Assert.All(maps, map => Assert.Equal(alone.Raw, map.Raw));
    }

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(DeeperLinearHeads))]
    public void So_they_do_in_deeper_networks(string name) => Both_ways_give_the_same_map_which_is_CAM_over_its_places(name);

    [Theory]
    [MemberData(nameof(LinearHeads))]
    public void Both_ways_give_the_same_map_which_is_CAM_over_its_places(string name)
    {
        using var scope = NewDisposeScope();
        using var backbone = Factory.CreateForLoading(name, 3);
        ReferenceFill.Weights(backbone.Network);
        var images = rand(2, 3, 96, 112, generator: new Generator(5)) * 2 - 1;
        foreach (var method in Enum.GetValues<CamMethod>())
        {
            var direct = new GradCam(backbone, new GradCamOptions { Method = method }).Explain(images, [2, 0]);
            var backward = new GradCam(backbone, new GradCamOptions { Method = method }) { AlwaysBackward = true }.Explain(images, [2, 0]);
            for (var i = 0; i < 2; i++)
            {
                var most = backward[i].Raw.Max(Math.Abs);
                Assert.True(most > 0);
                Assert.Equal(backward[i].Score, direct[i].Score, 1e-6 * (1 + Math.Abs(backward[i].Score)));
                Assert.All(backward[i].Raw.Zip(direct[i].Raw), pair => Assert.Equal(pair.First, pair.Second, 1e-5f * most));
            }
        }

        backbone.Network.eval();
        using var guard = no_grad();
        var map = new GradCam(backbone).Explain(images, [2, 0])[0];
        var weights = backbone.TrainableParameters(NetworkPart.Head)[0].Parameter.select(0, 2);
        var cam = weights.view(-1, 1, 1).mul(backbone.FeatureMap(images)[0]).sum([0L]).contiguous().data<float>().ToArray();
        Assert.All(cam.Zip(map.Raw), pair => Assert.Equal(pair.First, pair.Second * map.Width * map.Height, 1e-4f * cam.Max(Math.Abs)));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_batch_has_the_maps_of_its_images(CamMethod method)
    {
        using var scope = NewDisposeScope();
        using var backbone = Factory.Create(SqueezeNet, 5, seed: 3);
        var images = rand(3, 3, 96, 112, generator: new Generator(1));
        var cam = new GradCam(backbone, new GradCamOptions { Method = method });
        var together = cam.Explain(images);
        for (var i = 0; i < 3; i++)
        {
            var alone = Assert.Single(cam.Explain(images.narrow(0, i, 1)));
            Assert.Equal(alone.Class, together[i].Class);
            Assert.Equal(alone.Score, together[i].Score, 1e-5);
            Assert.All(alone.Raw.Zip(together[i].Raw), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        }
    }

    [Fact]
    public void The_raw_map_is_linear_in_the_class_score()
    {
        using var scope = NewDisposeScope();
        using var backbone = Factory.Create(ShuffleNet, 3, seed: 2);
        var images = rand(1, 3, 64, 64, generator: new Generator(8));
        var head = backbone.TrainableParameters(NetworkPart.Head);
        foreach (var backward in new[] { false, true })
        {
            var cam = new GradCam(backbone, new GradCamOptions()) { AlwaysBackward = backward };
            var two = Enumerable.Range(0, 2).Select(number => cam.Explain(images, [number])[0]).ToArray();
            Gen.Select(Gen.Float[-2, 2], Gen.Float[-2, 2]).Sample(
                (a, b) =>
                {
                    using var inner = NewDisposeScope();
                    using (no_grad())
                    {
                        foreach (var (_, parameter) in head)
                        {
                            parameter.select(0, 2).copy_(parameter.select(0, 0).mul(a).add(parameter.select(0, 1).mul(b)));
                        }
                    }

                    ClassActivationMap[] maps = [.. two, cam.Explain(images, [2])[0]];
                    var scale = 1e-4f * (1 + maps.Max(map => map.Raw.Max(Math.Abs)));
                    Assert.Equal((a * maps[0].Score) + (b * maps[1].Score), maps[2].Score, 1e-3);
                    for (var i = 0; i < maps[0].Raw.Length; i++)
                    {
                        Assert.Equal((a * maps[0].Raw[i]) + (b * maps[1].Raw[i]), maps[2].Raw[i], scale);
                    }
                },
                iter: 20, threads: 1);
        }
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(null, true)]
    [InlineData("layer3.0.bn2", false)]
    public void The_network_is_left_as_it_was_found(string? layer, bool throws)
    {
        using var scope = NewDisposeScope();
        using var backbone = Factory.Create(ResNet, 2, seed: 1);
        var network = backbone.Network;
        network.train();
        var modules = network.named_modules().ToList();
        modules.First(entry => entry.name == "layer2").module.eval();
        modules.First(entry => entry.name == "layer2.1.bn1").module.train();
        modules.First(entry => entry.name == "layer4.0.downsample.1").module.eval();
        var images = rand(2, 3, 64, 64, generator: new Generator(8));
        network.call(images).sum().backward();
        network.named_parameters().First(entry => entry.name == "layer3.0.conv1.weight").parameter.requires_grad_(false);
        if (throws)
        {
            using var guard = no_grad();
            network.named_parameters().First(entry => entry.name == "conv1.weight").parameter.fill_(float.NaN);
        }

        var before = Picture(network);
        foreach (var (grad, inference) in new[] { (true, false), (false, false), (false, true) })
        {
            using var mode = inference ? inference_mode() : null;
            using var gradients = grad ? enable_grad() : no_grad();
            var cam = new GradCam(backbone, new GradCamOptions { Layer = layer }) { AlwaysBackward = throws };
            var error = Record.Exception(() => cam.Explain(images));
            Assert.Equal(throws, error is WeightsException);
            Assert.True(throws || error is null, $"{error}");
            Assert.Equal(grad, is_grad_enabled());
            Assert.Equal(inference, is_inference_mode_enabled());
            Assert.Equal(before, Picture(network));
        }
    }

    [Fact]
    public void A_hook_that_throws_leaves_the_network_as_it_was_found()
    {
        using var scope = NewDisposeScope();
        using var backbone = Factory.Create(SqueezeNet, 2, seed: 1);
        backbone.Network.train();
        var calls = 0;
        var late = (nn.Module<Tensor, Tensor>)backbone.Network.named_modules().First(entry => entry.name == "features.12").module;
        var hook = late.register_forward_hook((_, _, _) => ++calls > 0 ? throw new InvalidOperationException("the user's own") : null!);
        var images = rand(1, 3, 64, 64);
        var before = Picture(backbone.Network);
        foreach (var layer in new[] { null, "features.6" })
        {
            Assert.Throws<InvalidOperationException>(() => new GradCam(backbone, new GradCamOptions { Layer = layer }).Explain(images));
            Assert.Equal(before, Picture(backbone.Network));
            Assert.True(is_grad_enabled());
        }

        hook.remove();
        Assert.Equal(2, calls);
        using var kept = backbone.Network.call(images);
        new GradCam(backbone, new GradCamOptions { Layer = "features.6" }).Explain(images);
        Assert.Equal(2, calls);
    }

    [Fact]
    public void A_layer_that_is_not_there_is_told_with_those_that_are()
    {
        using var backbone = Factory.Create("densenet121", 2);
        var error = Assert.Throws<ArgumentException>(() => new GradCam(backbone, new GradCamOptions { Layer = "denseblock4" }));
        Assert.Contains("densenet121", error.Message, StringComparison.Ordinal);
        Assert.Contains("features.denseblock4", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("inception_v3", "AuxLogits.conv0", "not run")]
    [InlineData("inception_v3", "fc", "before the pooling")]
    public void A_layer_without_a_map_is_told(string network, string layer, string reason)
    {
        using var scope = NewDisposeScope();
        using var backbone = Factory.Create(network, 2);
        var cam = new GradCam(backbone, new GradCamOptions { Layer = layer });
        var error = Assert.Throws<ArgumentException>(() => cam.Explain(rand(1, 3, 96, 112)));
        Assert.Contains(layer, error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Input_that_fits_no_network_is_told()
    {
        using var scope = NewDisposeScope();
        using var backbone = Factory.Create(SqueezeNet, 2);
        var cam = new GradCam(backbone);
        Assert.Throws<ArgumentException>(() => cam.Explain(rand(3, 64, 64)));
        Assert.Throws<ArgumentException>(() => cam.Explain(rand(0, 3, 64, 64)));
        Assert.Throws<ArgumentException>(() => cam.Explain(rand(1, 1, 64, 64)));
        Assert.Throws<ArgumentException>(() => cam.Explain(rand(1, 3, 64, 64).to_type(ScalarType.Float64)));
        Assert.Throws<ArgumentException>(() => cam.Explain(rand(2, 3, 64, 64), [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => cam.Explain(rand(1, 3, 64, 64), [2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => cam.Explain(rand(1, 3, 64, 64), [-1]));
        Assert.Throws<WeightsException>(() => cam.Explain(full([1, 3, 64, 64], float.NaN)));
        Assert.Throws<ArgumentException>(() => new GradCam(backbone, new GradCamOptions { Method = (CamMethod)9 }));
    }

    [Theory]
    [InlineData(SqueezeNet, null, 25)]
    [InlineData("shufflenet_v2_x1_0", null, 8)]
    [InlineData(ResNet, "layer3", 4, Traits = ["Category", "Long"])]
    public void Maps_from_many_threads_are_those_of_one_and_leak_nothing(string network, string? layer, int each)
    {
        const int Threads = 4;
        using var images = rand(Threads, 3, 64, 64, generator: new Generator(3)).DetachFromDisposeScope();
        using var backbone = Factory.Create(network, 2, seed: 1);
        backbone.Network.train();
        var parts = Enumerable.Range(0, Threads).Select(i => images.narrow(0, i, 1)).ToArray();
        var cam = new GradCam(backbone, new GradCamOptions { Layer = layer });
        var alone = Array.ConvertAll(parts, image => cam.Explain(image)[0].Raw);
        NativeTensors.Settle();
        var before = Tensor.TotalCount;

        var faults = new ConcurrentBag<Exception>();
        var threads = Enumerable.Range(0, Threads).Select(number => new Thread(() =>
        {
            try
            {
                for (var i = 0; i < each; i++)
                {
                    Assert.Equal(alone[number], cam.Explain(parts[number])[0].Raw);
                }
            }
            catch (Exception e)
            {
                faults.Add(e);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.Empty(faults);
        Assert.Equal(before, Tensor.TotalCount);
        Assert.True(backbone.Network.training);
        Array.ForEach(parts, part => part.Dispose());
    }

    /// <summary>Everything of a network that an explanation could change.</summary>
    private static string Picture(nn.Module network)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var modes = network.named_modules().Select(entry => $"{entry.name} {entry.module.training}").Prepend($"{network.training}");
        var parameters = network.named_parameters().Select(entry =>
            $"{entry.name} {entry.parameter.requires_grad} {entry.parameter.nan_to_num(7).sum().item<float>():R} {entry.parameter.grad?.sum().item<float>():R}");
        var buffers = network.named_buffers().Select(entry => $"{entry.name} {entry.buffer.to_type(ScalarType.Float64).sum().item<double>():R}");
        return string.Join('\n', modes.Concat(parameters).Concat(buffers));
    }
}
