using CovidCt.Answers;
using CovidCt.Controls;
using CovidCt.Core.Tests.Training;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Models;
using CovidCt.Recipes;
using CovidCt.Studies;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Studies;

public class RidgeStartTests(PhantomCanvases phantom) : IClassFixture<PhantomCanvases>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("squeezenet1_1+linear")]
    [InlineData("resnet18", Traits = ["Category", "Long"])]
    public void The_head_answers_as_the_ridge_solution_does_with_the_spread_of_the_one_that_was_drawn(string network)
    {
        using var scope = NewDisposeScope();
        using var backbone = new BackboneFactory().Create(network, 2, seed: 5);
        backbone.Network.eval();
        var model = new ModelDescription(network, ["a", "b"], 1, PhantomCanvases.Size, CanvasFit.KeepAspect, PhantomCanvases.Fill);
        var rows = phantom.Rows;
        var features = PooledFeatures.Of(backbone, model, phantom.Store, rows, cancellationToken: Token);
        var before = Answers(backbone, features);
        var drawn = before.std(unbiased: false).item<float>();

        RidgeStart.Apply(backbone, model, phantom.Store, phantom.Labels, rows, Token);

        var answers = Answers(backbone, features);
        var labels = tensor(phantom.Labels.Select(label => (double)label).ToArray()).unsqueeze(1);
        var wide = features.to_type(ScalarType.Float64);
        var ridge = RidgeHead.Scores(wide, labels, wide).flatten();
        var scale = drawn / ridge.std(unbiased: false).item<double>();
        Assert.True(drawn > 0);
        Assert.Equal(drawn, answers.std(unbiased: false).item<float>(), 1e-4 * drawn);
        Assert.True((answers.to_type(ScalarType.Float64) - (ridge * scale)).abs().max().item<double>() < 1e-3 * drawn);
    }

    [Fact]
    public void Nothing_but_the_classifier_changes_and_no_tensor_is_left()
    {
        using var backbone = new BackboneFactory().Create("squeezenet1_1+linear", 2, seed: 5);
        var model = new ModelDescription("squeezenet1_1+linear", ["a", "b"], 1, PhantomCanvases.Size, CanvasFit.KeepAspect, PhantomCanvases.Fill);
        var head = backbone.TrainableParameters(NetworkPart.Head).Select(entry => entry.Name).ToHashSet();
        Dictionary<string, byte[]> before = backbone.Network.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.bytes.ToArray());

        RidgeStart.Apply(backbone, model, phantom.Store, phantom.Labels, phantom.Rows, Token);
        var tensors = Tensor.TotalCount;
        RidgeStart.Apply(backbone, model, phantom.Store, phantom.Labels, phantom.Rows, Token);

        Assert.Equal(tensors, Tensor.TotalCount);
        Assert.All(backbone.Network.state_dict(), entry =>
            Assert.Equal(head.Contains(entry.Key), !entry.Value.bytes.SequenceEqual(before[entry.Key])));
    }

    /// <summary>The second class's score less the first one's, of pooled features: [n].</summary>
    private static Tensor Answers(IBackbone backbone, Tensor features)
    {
        using var guard = no_grad();
        var scores = backbone.Head(features.unsqueeze(-1).unsqueeze(-1));
        return scores.select(1, 1) - scores.select(1, 0);
    }
}
