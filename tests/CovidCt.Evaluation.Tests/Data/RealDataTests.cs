using CovidCt.Data;
using CovidCt.Tests;

namespace CovidCt.Evaluation.Tests.Data;

[Trait("Category", "Long")]
public class RealDataTests
{
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

        Assert.All(FoldTests.Goldens.Where(golden => golden.Name == dataset.Name), golden =>
            Assert.Equal(golden.TestFold, FoldTests.Digits(Fold.ByImage(dataset, golden.Folds, golden.Seed))));
    }

    [Fact]
    public void Folds_of_covid19_ct_by_patient_are_as_even_as_can_be()
    {
        var dataset = CtDataset.Open(RealData.Folder("covid19-ct"));
        for (var seed = 0; seed < 10; seed++)
        {
            var folds = Fold.ByPatient(dataset, 5, seed);
            foreach (var label in (int[])[0, 1])
            {
                var tests = folds.Select(fold => fold.Test.Where(row => dataset.Samples[row].Label == label).ToArray()).ToArray();
                Assert.InRange(tests.Max(rows => rows.Length) - tests.Min(rows => rows.Length), 0, 1);
                var patients = tests.Select(rows => rows.Select(row => dataset.Samples[row].Patient).Distinct().Count()).ToArray();
                Assert.InRange(patients.Max() - patients.Min(), 0, 1);
            }
        }
    }
}
