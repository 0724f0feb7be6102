using CovidCt.Imaging;
using CovidCt.Models;

namespace CovidCt.Data;

[Trait("Category", "Long")]
public class RealDataTests
{
    private static readonly ImageSize[] Sizes = [new(335, 255), new(349, 253)];

    [Fact]
    public void Covid19_ct_decodes_whole_with_every_patient()
    {
        var dataset = CtDataset.Open(RealData.Folder("covid19-ct"));
        using var decoded = CanvasStores.Decode(
            dataset, Sizes, new CanvasTransform(new CanvasOptions()), new SkiaImageDecoder(), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("COVID19-CT", dataset.Name);
        Assert.Equal(["non-COVID", "COVID"], dataset.Classes);
        Assert.Equal(746, decoded.Dataset.Samples.Count);
        Assert.Empty(decoded.Dataset.Rejected);
        Assert.Equal(349, dataset.Samples.Count(sample => sample.Label == 1));
        Assert.Equal(213, dataset.Samples.Where(sample => sample.Label == 1).Select(sample => sample.Patient).Distinct().Count());
        Assert.Equal(171, dataset.Samples.Where(sample => sample.Label == 0).Select(sample => sample.Patient).Distinct().Count());
        Assert.True(dataset.HasPatients);
        Assert.All(decoded.Stores.Values, store => Assert.Equal(746, store.Gray.shape[0]));
    }
}
