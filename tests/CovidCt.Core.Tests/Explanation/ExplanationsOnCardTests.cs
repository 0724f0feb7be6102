using CovidCt.Answers;
using CovidCt.Augmentation;
using CovidCt.Core.Tests.Training;
using CovidCt.Explanation;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Maps;
using CovidCt.Models;
using CovidCt.Networks;
using CovidCt.Recipes;
using TorchSharp;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Explanation;

/// <summary>What is done with a trained network, on a card as on the processor.</summary>
[Trait("Category", "Card")]
public sealed class ExplanationsOnCardTests(PhantomCanvases phantom) : IClassFixture<PhantomCanvases>
{
    private const int Images = 6;

    private static readonly BackboneFactory Factory = new();

    [Theory]
    [InlineData("resnet18", null)]
    [InlineData("resnet18", "layer3")]
    [InlineData("squeezenet1_1", null)]
    public void Maps_are_those_of_the_processor(string network, string? layer)
    {
        CardTests.Require();
        using var scope = NewDisposeScope();
        using var here = Factory.Create(network, 2, seed: 3);
        using var there = Factory.Create(network, 2, seed: 3);
        there.Network.cuda();
        foreach (var method in Enum.GetValues<CamMethod>())
        {
            var options = new GradCamOptions { Method = method, Layer = layer };
            var expected = new GradCam(here, options).Explain(Input(CPU), [0, 1, 0, 1, 0, 1]);
            var actual = new GradCam(there, options).Explain(Input(CUDA), [0, 1, 0, 1, 0, 1]);
            foreach (var (one, other) in expected.Zip(actual))
            {
                Assert.Equal(one.Score, other.Score, 1e-2);
                Assert.InRange(MapStatistics.RankCorrelation(one.Normalised, other.Normalised) ?? 1, 0.98, 1);
            }
        }
    }

    [Fact]
    public void An_audit_runs_and_leaves_the_network_on_its_card()
    {
        CardTests.Require();
        using var scope = NewDisposeScope();
        using var backbone = Factory.Create("resnet18", 2, seed: 3);
        backbone.Network.cuda();
        var report = new CamAudit(Factory).Run(backbone, Input(CUDA), [.. phantom.Store.Geometries.Take(Images)], cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(Images, report.Images.Count);
        Assert.All(backbone.Network.parameters(), parameter => Assert.Equal(DeviceType.CUDA, parameter.device_type));
    }

    [Fact]
    public void A_classifier_of_a_network_on_a_card_answers_and_explains_as_on_the_processor()
    {
        CardTests.Require();
        using var scope = NewDisposeScope();
        var model = new ModelDescription("resnet18", ["a", "b"], 1, PhantomCanvases.Size, CanvasFit.KeepAspect, PhantomCanvases.Fill);
        var there = Factory.Create("resnet18", 2, seed: 3);
        there.Network.cuda();
        using var ensemble = new CtEnsemble([new(Factory.Create("resnet18", 2, seed: 3), model), new(there, model)]);
        var image = new GrayImage(80, 60, [.. Enumerable.Range(0, 4800).Select(i => (byte)(i * 7 % 256))]);

        var answer = ensemble.Classify(image);
        Assert.Equal(answer.Members![0].Probability, answer.Members[1].Probability, 1e-2);
        Assert.Equal(2, ensemble.Explain(image, new GradCamOptions(), null).Answer.Probabilities.Count);
    }

    [Fact]
    public void Features_are_those_of_the_processor()
    {
        CardTests.Require();
        using var scope = NewDisposeScope();
        var model = new ModelDescription("resnet18", ["a", "b"], 1, PhantomCanvases.Size, CanvasFit.KeepAspect, PhantomCanvases.Fill);
        using var here = Factory.Create("resnet18", 2, seed: 3);
        using var there = Factory.Create("resnet18", 2, seed: 3);
        there.Network.cuda();
        using var expected = PooledFeatures.Of(here, model, phantom.Store, phantom.Rows, cancellationToken: TestContext.Current.CancellationToken);
        using var actual = PooledFeatures.Of(there, model, phantom.Store, phantom.Rows, cancellationToken: TestContext.Current.CancellationToken);
        Assert.InRange((expected - actual).abs().max().item<float>(), 0, 1e-2 * expected.abs().max().item<float>()); // TF32 keeps ten bits.
    }

    private Tensor Input(Device device)
    {
        using var batch = phantom.Store.Batch([.. Enumerable.Range(0, Images)], device);
        return new Augmenter(AugmentationOptions.None, ChannelNormalisation.ImageNet, PhantomCanvases.Fill).Prepare(batch);
    }
}
