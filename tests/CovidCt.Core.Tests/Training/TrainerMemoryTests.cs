using CovidCt.Models;
using CovidCt.Recipes;
using CovidCt.Tests;
using CovidCt.Training;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Training;

[Collection(NativeMemory.Name)]
public class TrainerMemoryTests(PhantomCanvases phantom) : IClassFixture<PhantomCanvases>
{
    [Theory]
    [InlineData("squeezenet1_1", NetworkPart.All, null, ComputePrecision.Float32, false)]
    [InlineData("shufflenet_v2_x1_0", NetworkPart.All, 3, ComputePrecision.Float32, false, Traits = ["Category", "Long"])]
    [InlineData("resnet18", NetworkPart.Head, null, ComputePrecision.Float32, false, Traits = ["Category", "Long"])]
    [InlineData("shufflenet_v2_x1_0", NetworkPart.All, null, ComputePrecision.Float32, false)]
    [InlineData("shufflenet_v2_x1_0", NetworkPart.All, 5, ComputePrecision.BFloat16, true, Traits = ["Category", "Long"])]
    [InlineData("shufflenet_v2_x1_0", NetworkPart.Head, null, ComputePrecision.BFloat16, true)]
    public void Three_epochs_and_a_prediction_end_with_as_many_native_tensors_as_they_began_with(
        string network, NetworkPart part, int? microBatch, ComputePrecision precision, bool isFlat)
    {
        using var folder = new TemporaryFolder();
        using var backbone = new BackboneFactory().Create(network, 2); // TorchSharp counts what a Parameter was made of for ever.
        var options = TrainerTests.Options(epochs: 3);
        (options.Train, options.MicroBatchSize, options.Precision) = (part, microBatch, precision);
        var trainer = new Trainer(options, seed: 1) { IsFlat = isFlat };
        var token = TestContext.Current.CancellationToken;
        NativeTensors.Settle();
        var before = Tensor.TotalCount;

        trainer.Fit(backbone, phantom.Store, phantom.Labels, phantom.Few, PhantomCanvases.Fill, Path.Combine(folder.Path, "c.safetensors"), null, token);
        trainer.Predict(backbone, phantom.Store, phantom.Few, PhantomCanvases.Fill, token);
        DropGradients(backbone);

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void So_they_do_with_a_larger_network() =>
        Three_epochs_and_a_prediction_end_with_as_many_native_tensors_as_they_began_with("resnet18", NetworkPart.All, 3, ComputePrecision.Float32, false);

    [Fact]
    public void Training_makes_no_more_native_tensors_the_longer_it_runs()
    {
        using var backbone = new BackboneFactory().Create("squeezenet1_1", 2);
        List<long> counts = [];
        NativeTensors.Settle();

        new Trainer(TrainerTests.Options(epochs: 4), seed: 1).Fit(
            backbone, phantom.Store, phantom.Labels, phantom.Few, PhantomCanvases.Fill, null, new AtEpochEnds(() => counts.Add(Tensor.TotalCount)),
            TestContext.Current.CancellationToken);

        Assert.Equal(4, counts.Count);
        Assert.Single(counts.Distinct());
    }

    /// <summary>Each parameter keeps its last gradient, as in PyTorch.</summary>
    private static void DropGradients(IBackbone backbone)
    {
        foreach (var parameter in backbone.Network.parameters())
        {
            parameter.grad = null;
        }
    }

    private sealed class AtEpochEnds(Action look) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Finished is not null)
            {
                look();
            }
        }
    }
}
