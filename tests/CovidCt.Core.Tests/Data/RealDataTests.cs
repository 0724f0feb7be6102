using CovidCt.Data;
using CovidCt.Imaging;
using CovidCt.Models;

namespace CovidCt.Core.Tests.Data;

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
    public void The_official_split_of_covid19_ct_is_whole_and_disjoint_by_patient()
    {
        var dataset = CtDataset.Open(RealData.Folder("covid19-ct"));

        Assert.Equal(
            [("test", 203), ("train", 425), ("val", 118)],
            dataset.Samples.CountBy(sample => sample.Split!).Select(split => (split.Key, split.Value)).OrderBy(split => split.Key, StringComparer.Ordinal));
        Assert.All(
            dataset.Samples.GroupBy(sample => sample.Patient),
            patient => Assert.Single(patient.Select(sample => sample.Split).Distinct()));
    }

    [Fact]
    public void Folds_of_covid19_ct_by_image_equal_scikit_learn()
    {
        var dataset = CtDataset.Open(RealData.Folder("covid19-ct"));

        Assert.All(FoldsTests.Goldens.Where(golden => golden.Name == dataset.Name), golden =>
            Assert.Equal(golden.TestFold, FoldsTests.Digits(Folds.ByImage(dataset, golden.Folds, golden.Seed))));
    }

    [Fact]
    public void Folds_of_covid19_ct_by_patient_are_as_even_as_can_be()
    {
        var dataset = CtDataset.Open(RealData.Folder("covid19-ct"));
        for (var seed = 0; seed < 10; seed++)
        {
            var folds = Folds.ByPatient(dataset, 5, seed);
            foreach (var label in (int[])[0, 1])
            {
                var tests = folds.Select(fold => fold.Test.Where(row => dataset.Samples[row].Label == label).ToArray()).ToArray();
                Assert.InRange(tests.Max(rows => rows.Length) - tests.Min(rows => rows.Length), 0, 1);
                var patients = tests.Select(rows => rows.Select(row => dataset.Samples[row].Patient).Distinct().Count()).ToArray();
                Assert.InRange(patients.Max() - patients.Min(), 0, 1);
            }
        }
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
        Assert.Equal(5, Folds.ByImage(dataset, 5, 0).Count);
    }

    private static (int Images, int Patients) Count(CtDataset dataset, int label)
    {
        var samples = dataset.Samples.Where(sample => sample.Label == label).ToArray();
        return (samples.Length, samples.Select(sample => sample.Patient).Distinct().Count());
    }

    private static DecodedDataset Decode(CtDataset dataset) => CanvasStores.Decode(
        dataset, Sizes, new CanvasTransform(new CanvasOptions()), new SkiaImageDecoder(), cancellationToken: TestContext.Current.CancellationToken);
}
