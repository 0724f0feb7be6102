using CovidCt.Canvases;
using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Tests;

namespace CovidCt.Core.Tests.Canvases;

[Collection(NativeMemory.Name)]
[Trait("Category", "Long")]
public class RealDataTests
{
    private static readonly ImageSize[] Sizes = [new(335, 255), new(349, 253)];

    [Fact]
    public void Covid19_ct_decodes_whole_with_every_patient()
    {
        var dataset = CtDataset.Open(RealData.Folder("covid19-ct"));
        using var decoded = Decode(dataset);

        Assert.Equal("COVID19-CT", dataset.Name);
        Assert.Equal(["non-COVID", "COVID"], dataset.Classes);
        Assert.Equal(746, decoded.Dataset.Samples.Count);
        Assert.Empty(decoded.Dataset.Rejected);
        Assert.Equal((349, 213), Count(dataset, 1));
        Assert.Equal((397, 171), Count(dataset, 0));
        Assert.True(dataset.HasPatients);
        Assert.All(decoded.Stores.Values, store => Assert.Equal(746, store.Count));
    }

    [Fact]
    public void The_sample_of_sars_cov_2_ct_decodes_whole_without_patients()
    {
        var dataset = CtDataset.Open(RealData.Folder("sars-cov-2-ct-sample"));
        using var decoded = Decode(dataset);

        Assert.Equal("SARS-CoV-2 CT-scan", dataset.Name);
        Assert.Equal(["non-COVID", "COVID"], dataset.Classes);
        Assert.Equal([40, 40], [.. dataset.Samples.CountBy(sample => sample.Label).Select(pair => pair.Value)]);
        Assert.Equal(80, decoded.Dataset.Samples.Count);
        Assert.False(dataset.HasPatients);
        Assert.Equal(5, Fold.ByImage(dataset, 5, 0).Count);
    }

    private static DecodedDataset Decode(CtDataset dataset) => CanvasDecoding.Decode(
        dataset, Sizes, new CanvasTransform(new CanvasOptions()), new SkiaImageDecoder(), cancellationToken: TestContext.Current.CancellationToken);


    private static (int Images, int Patients) Count(CtDataset dataset, int label)
    {
        var samples = dataset.Samples.Where(sample => sample.Label == label).ToArray();
        return (samples.Length, samples.Select(sample => sample.Patient).Distinct().Count());
    }
}
