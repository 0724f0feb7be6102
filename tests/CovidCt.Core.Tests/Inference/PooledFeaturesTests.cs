using CovidCt.Answers;
using CovidCt.Core.Tests.Training;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Models;
using static TorchSharp.torch;

namespace CovidCt.Core.Tests.Inference;

public sealed class PooledFeaturesTests(PhantomCanvases phantom) : IClassFixture<PhantomCanvases>
{
    [Theory]
    [InlineData(false, Traits = ["Category", "Long"])]
    [InlineData(true)]
    public void Every_row_has_the_features_of_its_image(bool isWatched)
    {
        using var scope = NewDisposeScope();
        using var backbone = new BackboneFactory().Create("shufflenet_v2_x1_0", 2, seed: 0);
        var model = new ModelDescription("shufflenet_v2_x1_0", phantom.Dataset.Classes, phantom.Dataset.Positive, PhantomCanvases.Size, CanvasFit.KeepAspect, PhantomCanvases.Fill);
        int[] rows = [.. phantom.Rows.Reverse()];
        var reports = new List<int>();

        var features = PooledFeatures.Of(
            backbone, model, phantom.Store, rows, isWatched ? new Relay<int>(reports.Add) : null, TestContext.Current.CancellationToken);

        Assert.True(rows.Length > 16);
        for (var i = 0; i < rows.Length; i++)
        {
            var alone = PooledFeatures.Of(backbone, model, phantom.Store, [rows[i]], cancellationToken: TestContext.Current.CancellationToken);
            Assert.True(allclose(alone[0], features[i], rtol: 1e-3, atol: 1e-5));
        }

        Assert.Equal(isWatched ? rows.Length : 0, reports.LastOrDefault());
    }
}
