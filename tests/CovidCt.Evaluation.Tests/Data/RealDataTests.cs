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
    public void Every_image_of_covid19_ct_has_its_source_and_its_collection()
    {
        var dataset = CtDataset.Open(RealData.Folder("covid19-ct"));
        var covid = dataset.Samples.Where(sample => sample.Label == 1).ToList();
        var others = dataset.Samples.Where(sample => sample.Label == 0).ToList();

        Assert.True(dataset.HasSources);
        Assert.Equal(
            [("MedPix", 195), ("crawled", 202), ("publications", 349)],
            dataset.Samples.CountBy(sample => sample.Collection!).Select(one => (one.Key, one.Value)).OrderBy(one => one.Key, StringComparer.Ordinal));
        Assert.Equal(171, others.Select(sample => sample.Source).Distinct().Count());
        Assert.All(others, sample => Assert.Equal(sample.Patient, sample.Source));

        // 55 beginnings of names with a page, and three articles of the Lancet whose 15 files name no page.
        Assert.Equal(58, covid.Select(sample => sample.Source).Distinct().Count());
        Assert.Equal(40, covid.GroupBy(sample => sample.Source).Count(source => source.Select(sample => sample.Patient).Distinct().Count() > 1));
        Assert.All(covid.GroupBy(sample => sample.Patient), patient => Assert.Single(patient.Select(sample => sample.Source).Distinct()));
    }

    [Fact]
    public void What_the_metadata_of_covid19_ct_say_of_its_images_is_kept()
    {
        var dataset = CtDataset.Open(RealData.Folder("covid19-ct"));

        Assert.Equal(["age", "doi", "location", "severity", "sex"], dataset.Columns);
        Assert.Equal(
            [169, 203, 228, 178, 137],
            dataset.Columns.Select(column => dataset.Samples.Count(sample => sample.Columns.ContainsKey(column))));
        Assert.All(dataset.Samples.Where(sample => sample.Label == 0), sample => Assert.Empty(sample.Columns));
        Assert.Contains("for 543 of 746 images", Assert.Throws<UnusableDataException>(() => Fold.ByColumn(dataset, "DOI", 5, 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folds_of_covid19_ct_across_collections_train_on_one_and_half_of_the_publications()
    {
        var dataset = CtDataset.Open(RealData.Folder("covid19-ct"));

        var folds = Fold.ByCollection(dataset, 0);

        Assert.All(folds, fold =>
        {
            Assert.Single(fold.Test.Select(row => dataset.Samples[row]).Where(sample => sample.Label == 0).Select(sample => sample.Collection).Distinct());
            Assert.InRange(fold.Test.Count(row => dataset.Samples[row].Label == 1), 173, 176);
            Assert.Equal(29, fold.Test.Where(row => dataset.Samples[row].Label == 1).Select(row => dataset.Samples[row].Source).Distinct().Count());
            Assert.Empty(fold.Test.Select(row => dataset.Samples[row].Source).Intersect(fold.Train.Select(row => dataset.Samples[row].Source)));
        });
    }

    [Fact]
    public void Folds_of_covid19_ct_by_source_are_nearly_as_even_as_can_be()
    {
        var dataset = CtDataset.Open(RealData.Folder("covid19-ct"));
        for (var seed = 0; seed < 10; seed++)
        {
            var folds = Fold.BySource(dataset, 5, seed);
            Assert.All(folds, fold =>
            {
                Assert.Empty(fold.Test.Select(row => dataset.Samples[row].Source).Intersect(fold.Train.Select(row => dataset.Samples[row].Source)));
                Assert.Empty(fold.Test.Select(row => dataset.Samples[row].Patient).Intersect(fold.Train.Select(row => dataset.Samples[row].Patient)));
            });
            foreach (var label in (int[])[0, 1])
            {
                var tests = folds.Select(fold => fold.Test.Where(row => dataset.Samples[row].Label == label).ToArray()).ToArray();
                Assert.InRange(tests.Max(rows => rows.Length) - tests.Min(rows => rows.Length), 0, 1);
                var sources = tests.Select(rows => rows.Select(row => dataset.Samples[row].Source).Distinct().Count()).ToArray();
                Assert.InRange(sources.Max() - sources.Min(), 0, 1);
            }
        }
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
