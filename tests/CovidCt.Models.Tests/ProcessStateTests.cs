using CovidCt.Models.Weights;
using CovidCt.Networks;
using static TorchSharp.torch;

namespace CovidCt.Models.Tests;

/// <summary>Networks leave nothing behind in what the whole process shares.</summary>
[Collection(Alone.Name)]
public sealed class ProcessStateTests
{
    public static TheoryData<string> Small => Networks.Small;

    public static TheoryData<string> Large => Networks.Large;

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Large))]
    public void Nor_does_it_in_large_networks(string name) => Running_and_training_leaves_no_native_tensor(name);

    [Theory]
    [MemberData(nameof(Small))]
    public void Running_and_training_leaves_no_native_tensor(string name)
    {
        using var backbone = Networks.Filled(name, 2);
        RunAndTrain(backbone); // Gradients are made here, and kept.
        Settle();
        var before = Tensor.TotalCount;

        RunAndTrain(backbone);

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Large))]
    public void Nor_does_answering_in_large_networks(string name) => Answering_leaves_no_native_tensor(name);

    [Theory]
    [MemberData(nameof(Small))]
    public void Answering_leaves_no_native_tensor(string name)
    {
        using var backbone = Networks.Filled(name, 2);
        using var images = Networks.Images(5, 80, 80);
        Settle();
        var before = Tensor.TotalCount;

        using (var network = backbone.ForInference())
        {
            for (var i = 0; i < 2; i++)
            {
                using var map = network.FeatureMap(images);
                using var pooled = network.Pool(map);
                using var logits = network.Head(map);
            }
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Loading_and_saving_leaves_no_native_tensor()
    {
        using var folder = new TemporaryFolder();
        using var backbone = Networks.Factory.Create("squeezenet1_1", 3);
        using var other = Networks.Factory.Create("squeezenet1_1", 2);
        Settle();
        var before = Tensor.TotalCount;

        BackboneWeights.Save(backbone, folder.File("weights"));
        BackboneWeights.Load(backbone, folder.File("weights"));

        Assert.Equal(before, Tensor.TotalCount);

        // A refusal says whose weights they are, which makes networks, whose parameters are counted as below.
        _ = BackboneWeights.Identify(Networks.Factory, folder.File("weights"));
        var identified = Tensor.TotalCount - before;
        Assert.Throws<WeightsException>(() => BackboneWeights.Load(other, folder.File("weights")));
        Assert.Equal(before + (2 * identified), Tensor.TotalCount);
    }

    /// <remarks>
    /// By the process's memory: a tensor that becomes a parameter is counted twice by <see cref="Tensor.TotalCount"/>
    /// and once taken off (TorchSharp 0.107), so that the count grows with every parameter that was ever made.
    /// </remarks>
    [Fact]
    [Trait("Category", "Long")]
    public void Networks_and_heads_that_are_disposed_give_their_memory_back()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("weights");
        MakeAndDispose();
        Settle();
        var before = Environment.WorkingSet;

        for (var i = 0; i < 8; i++)
        {
            MakeAndDispose();
        }

        // 45 MB a network, two networks a time.
        Assert.True(Environment.WorkingSet - before < 300_000_000, $"{Environment.WorkingSet - before} bytes more");

        void MakeAndDispose()
        {
            using var backbone = Networks.Factory.Create("resnet18", 1000);
            backbone.ReplaceHead(3, seed: 0);
            BackboneWeights.Save(backbone, file);
            BackboneWeights.LoadPretrained(Networks.Factory, "resnet18", file, 2, seed: 0).Dispose();
        }
    }

    [Fact]
    public void Initial_values_neither_read_nor_move_the_global_generator()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var before = get_rng_state();
        using var one = Networks.Factory.Create("shufflenet_v2_x1_0", 2);
        Assert.True(Networks.SameBits(before, get_rng_state()));

        manual_seed(2);
        using var other = Networks.Factory.Create("shufflenet_v2_x1_0", 2);
        Assert.Equal(Networks.Bits(one), Networks.Bits(other));
    }

    private static void RunAndTrain(Backbone backbone)
    {
        using var images = Networks.Images(2, 80, 80);
        backbone.Network.eval();
        using (inference_mode())
        {
            using var logits = backbone.Network.call(images);
        }

        using var scope = NewDisposeScope();
        backbone.Network.train();
        backbone.Network.call(images).sum().backward();
    }

    /// <summary>Lets the finalizers of what other tests left take their tensors first, not during the count.</summary>
    private static void Settle()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }
}
