using System.Globalization;
using System.Text.Json;
using CovidCt.Data;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Data;

public class FoldTests
{
    /// <summary>Patients with images of one class or of both, at least five of each class.</summary>
    private static readonly Gen<CtDataset> WithPatients =
        Gen.Select(Gen.Int[1, 9].Array[5, 40], Gen.Int[1, 9].Array[5, 40], Gen.Select(Gen.Int[1, 4], Gen.Int[1, 4]).Array[0, 20]).Select((negative, positive, both) =>
            Dataset(
            [
                .. negative.SelectMany((images, p) => Slices($"n{p}", 0, images)),
                .. positive.SelectMany((images, p) => Slices($"p{p}", 1, images)),
                .. both.SelectMany((images, p) => Slices($"b{p}", 0, images.Item1).Concat(Slices($"b{p}", 1, images.Item2))),
            ]));

    internal static IReadOnlyList<Golden> Goldens { get; } = JsonSerializer.Deserialize<Golden[]>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", "Fixtures", "folds-golden.json")), JsonSerializerOptions.Web)!;

    [Fact]
    public void Folds_by_image_equal_scikit_learn()
    {
        Assert.NotEmpty(Goldens);
        Assert.All(Goldens, golden => Assert.Equal(
            golden.TestFold, Digits(Fold.ByImage(Dataset([.. golden.Labels.Select(label => ("p", label - '0'))]), golden.Folds, golden.Seed))));
    }

    [Fact]
    public void Every_row_is_tested_once_and_trained_on_otherwise() =>
        Gen.Select(WithPatients, Gen.Int[2, 5], Gen.Int[0, 1000], Gen.Bool).Sample((dataset, count, seed, byPatient) =>
        {
            var folds = byPatient ? Fold.ByPatient(dataset, count, seed) : Fold.ByImage(dataset, count, seed);
            var rows = Enumerable.Range(0, dataset.Samples.Count).ToArray();
            Assert.Equal(Enumerable.Range(0, count), folds.Select(fold => fold.Index));
            Assert.Equal(rows, folds.SelectMany(fold => fold.Test).Order());
            Assert.All(folds, fold =>
            {
                Assert.Equal(rows, fold.Test.Concat(fold.Train).Order());
                Assert.Equal(fold.Test.Order(), fold.Test);
                Assert.Equal(fold.Train.Order(), fold.Train);
                Assert.NotEmpty(fold.Test);
            });
        });

    [Fact]
    public void No_patient_is_on_both_sides() => Gen.Select(WithPatients, Gen.Int[2, 5], Gen.Int[0, 1000]).Sample((dataset, count, seed) =>
        Assert.All(Fold.ByPatient(dataset, count, seed), fold =>
            Assert.Empty(fold.Test.Select(row => dataset.Samples[row].Patient).Intersect(fold.Train.Select(row => dataset.Samples[row].Patient)))));

    [Fact]
    public void Numbers_of_patients_of_a_class_differ_by_at_most_one() => Gen.Select(WithPatients, Gen.Int[2, 5], Gen.Int[0, 1000]).Sample((dataset, count, seed) =>
    {
        var folds = Fold.ByPatient(dataset, count, seed);
        for (var label = 0; label < 2; label++)
        {
            var patients = folds.Select(fold => fold.Test.Where(row => dataset.Samples[row].Label == label)
                .Select(row => dataset.Samples[row].Patient).Distinct().Count()).ToArray();
            Assert.InRange(patients.Max() - patients.Min(), 0, 1);
        }
    });

    [Fact]
    public void Numbers_of_images_are_nearly_even()
    {
        // Many patients with one slice and a few with many, as in COVID19-CT.
        var random = new Mt19937(3);
        var dataset = Dataset([.. Enumerable.Range(0, 400).SelectMany(p => Slices($"p{p:000}", p % 2, 1 + (p % 40 == 0 ? 15 : (int)random.NextUpTo(3))))]);

        for (var seed = 0; seed < 20; seed++)
        {
            foreach (var label in (int[])[0, 1])
            {
                var images = Fold.ByPatient(dataset, 5, seed).Select(fold => fold.Test.Count(row => dataset.Samples[row].Label == label)).ToArray();
                Assert.InRange(images.Max() - images.Min(), 0, 1);
            }
        }
    }

    [Fact]
    public void Folds_by_patient_are_a_function_of_the_seed()
    {
        var dataset = Dataset([.. Enumerable.Range(0, 60).SelectMany(p => Slices($"p{p}", p % 2, 1 + (p % 4)))]);

        Assert.Equal(Digits(Fold.ByPatient(dataset, 5, 7)), Digits(Fold.ByPatient(dataset, 5, 7)));
        Assert.Equal(20, Enumerable.Range(0, 20).Select(seed => Digits(Fold.ByPatient(dataset, 5, seed))).Distinct().Count());
    }

    [Theory]
    [InlineData("image", "214141230202332102441142331341122121413323301204223341441042220433004440202032333312040240014000331042434421302213340400002412341132011014314142030113")]
    [InlineData("patient", "422333222223311100003222224444144000444442200022221112222222000333000044433333332114443333300111000000044433333114441111244222111103300011111331114444")]
    [InlineData("official", "0----------00----------000----------0000----------0----------00----------000----------0000----------0----------00----------000----------0000----------")]
    public void Folds_are_those_of_studies_that_are_older_than_folds_by_source(string groupBy, string expected)
    {
        var dataset = Dataset([.. Enumerable.Range(0, 60).SelectMany(p => Slices($"p{p}", p % 2, 1 + (p % 4)))]);
        dataset = dataset with { Samples = [.. dataset.Samples.Select(sample => sample with { Split = int.Parse(sample.Patient![1..], CultureInfo.InvariantCulture) % 5 == 0 ? "test" : "train" })] };

        var digits = Enumerable.Repeat('-', dataset.Samples.Count).ToArray();
        foreach (var fold in Fold.Of(dataset, GroupBy.Parse(groupBy), 5, 7))
        {
            foreach (var row in fold.Test)
            {
                digits[row] = (char)('0' + fold.Index);
            }
        }

        Assert.Equal(expected, new string(digits));
    }

    [Fact]
    public void Thousands_of_patients_and_several_classes_are_no_matter()
    {
        var dataset = Dataset([.. Enumerable.Range(0, 3000).SelectMany(p => Slices($"p{p}", p % 3, 1 + (p % 17)))], classes: 3);

        var images = Fold.ByPatient(dataset, 10, 0).Select(fold => fold.Test.Count).ToArray();

        Assert.InRange(images.Max() - images.Min(), 0, 3);
    }

    [Fact]
    public void Unknown_patients_are_said_to_be_unknown()
    {
        var dataset = Dataset([("p", 0), (null, 1), ("q", 0), (null, 1)]);

        var e = Assert.Throws<UnusableDataException>(() => Fold.ByPatient(dataset, 2, 0));

        Assert.Contains("made does not say it for 2 of 4 images", e.Message, StringComparison.Ordinal);
        Assert.Contains("by image", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_too_small_for_the_folds_is_named()
    {
        var dataset = Dataset([.. Slices("a", 0, 9), .. Slices("b", 0, 9), .. Slices("c", 1, 2), .. Slices("d", 1, 2)]);

        Assert.Contains("'class 1' of made has 4 images", Assert.Throws<UnusableDataException>(() => Fold.ByImage(dataset, 5, 0)).Message, StringComparison.Ordinal);
        Assert.Contains("'class 0' of made has 2 patients", Assert.Throws<UnusableDataException>(() => Fold.ByPatient(dataset, 3, 0)).Message, StringComparison.Ordinal);
        Assert.Equal(4, Fold.ByImage(dataset, 4, 0).Count);
        Assert.Equal(2, Fold.ByPatient(dataset, 2, 0).Count);
    }

    [Fact]
    public void Numbers_without_meaning_are_refused()
    {
        var dataset = Dataset([.. Slices("a", 0, 9), .. Slices("b", 1, 9)]);

        Assert.Throws<ArgumentOutOfRangeException>(() => Fold.ByImage(dataset, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Fold.ByPatient(dataset, 2, -1));
    }

    [Fact]
    public void Each_source_is_left_out_once_and_never_trained_on_meanwhile()
    {
        var dataset = Dataset([("a", 0), ("b", 1), ("c", 0), ("d", 1), ("e", 1), ("f", 0)]);
        dataset = dataset with { Samples = [.. dataset.Samples.Select((sample, i) => sample with { Source = i == 4 ? "Rome" : i % 2 == 0 ? "Oslo" : "Ulm" })] };

        var folds = Fold.Of(dataset, GroupBy.EachSource, 5, 0);

        Assert.Equal(3, Fold.Number(dataset, GroupBy.EachSource, 5));
        Assert.Equal([[0, 2], [4], [1, 3, 5]], folds.Select(fold => fold.Test));
        Assert.All(folds, fold => Assert.Equal(Enumerable.Range(0, 6), fold.Test.Concat(fold.Train).Order()));
    }

    [Fact]
    public void Sources_that_are_unknown_single_or_all_of_a_class_are_told()
    {
        var dataset = Dataset([("a", 0), ("b", 1), ("c", 0)]);
        Assert.Contains("for 3 of 3 images", Failure(dataset), StringComparison.Ordinal);
        Assert.Contains("one source, Oslo", Failure(From(dataset, "Oslo", "Oslo", "Oslo")), StringComparison.Ordinal);
        Assert.Contains("Without the source Ulm made has no image of class 1", Failure(From(dataset, "Oslo", "Ulm", "Ulm")), StringComparison.Ordinal);

        static string Failure(CtDataset dataset) => Assert.Throws<UnusableDataException>(() => Fold.ByEachSource(dataset)).Message;

    }

    [Fact]
    public void Neither_a_source_nor_a_patient_is_on_both_sides_of_folds_by_source() =>
        Gen.Select(WithPatients, Gen.Int[2, 3], Gen.Int[2, 200], Gen.Int[0, 1000]).Sample((patients, count, modulus, seed) =>
        {
            // Several patients a source, and every seventh patient in two sources.
            var dataset = From(patients, [.. patients.Samples.Select((sample, row) => $"s{(sample.Patient!.Length + (sample.Patient[1] * 7) + (sample.Patient[1] % 7 == 0 ? row % 2 : 0)) % modulus}")]);
            if (TooFew(dataset, count))
            {
                return;
            }

            var folds = Fold.Of(dataset, GroupBy.Source, count, seed);

            Assert.Equal(Enumerable.Range(0, dataset.Samples.Count), folds.SelectMany(fold => fold.Test).Order());
            Assert.All(folds, fold =>
            {
                Assert.Empty(fold.Test.Select(row => dataset.Samples[row].Source).Intersect(fold.Train.Select(row => dataset.Samples[row].Source)));
                Assert.Empty(fold.Test.Select(row => dataset.Samples[row].Patient).Intersect(fold.Train.Select(row => dataset.Samples[row].Patient)));
                Assert.Equal(2, fold.Test.Select(row => dataset.Samples[row].Label).Distinct().Count());
            });
        });

    [Fact]
    public void Folds_of_sources_that_are_patients_are_those_by_patient() => Gen.Select(WithPatients, Gen.Int[2, 5], Gen.Int[0, 1000]).Sample((dataset, count, seed) =>
        Assert.Equal(
            Digits(Fold.ByPatient(dataset, count, seed)),
            Digits(Fold.BySource(From(dataset, [.. dataset.Samples.Select(sample => sample.Patient!)]), count, seed))));

    [Fact]
    public void Numbers_of_sources_and_images_of_folds_by_source_are_nearly_even()
    {
        // Publications of some sizes for one class, and cases for the other, as in COVID19-CT.
        int[] sizes = [26, 16, 14, 13, 12, 12, 12, 10, 9, 8, .. Enumerable.Range(0, 48).Select(i => 2 + (i % 5))];
        var dataset = Dataset(
            [
                .. sizes.SelectMany((size, s) => Enumerable.Range(0, size).Select(i => ((string?)$"p{s}-{i / 2}", 1))),
                .. Enumerable.Range(0, 170).SelectMany(p => Slices($"n{p}", 0, 1 + (p % 4))),
            ]);
        dataset = From(dataset, [.. dataset.Samples.Select(sample => sample.Patient!.Split('-')[0])]);

        for (var seed = 0; seed < 20; seed++)
        {
            var folds = Fold.BySource(dataset, 5, seed);
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
    public void Sources_that_a_patient_ties_together_count_as_one()
    {
        var dataset = From(
            Dataset([("a", 0), ("a", 0), ("b", 0), ("c", 0), ("d", 1), ("e", 1), ("f", 1)]), "Oslo", "Rome", "Rome", "Ulm", "x", "y", "z");

        Assert.Equal(["Oslo", "Oslo", "Oslo", "Ulm", "x", "y", "z"], dataset.GroupsOf(GroupBy.Source));
        var e = Assert.Throws<UnusableDataException>(() => Fold.BySource(dataset, 3, 0));
        Assert.Contains("'class 0' of made has 2 sources, too few for 3 folds", e.Message, StringComparison.Ordinal);
        Assert.Contains("for 7 of 7 images", Assert.Throws<UnusableDataException>(() => Fold.BySource(Dataset([.. Slices("a", 0, 3), .. Slices("b", 1, 4)]), 2, 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folds_by_a_column_are_those_by_source_of_the_same_values() => Gen.Select(WithPatients, Gen.Int[2, 4], Gen.Int[0, 1000]).Sample((patients, count, seed) =>
    {
        string[] values = [.. patients.Samples.Select((sample, row) => $"v{sample.Patient!.Length + (sample.Patient[1] * 7)}")];
        var dataset = From(patients, values);
        if (!TooFew(dataset, count))
        {
            Assert.Equal(Digits(Fold.BySource(dataset, count, seed)), Digits(Fold.Of(Columns(patients, "Scanner", values), GroupBy.OfColumn("scanner"), count, seed)));
        }
    });

    [Fact]
    public void A_column_that_is_unknown_has_empty_cells_or_too_few_values_is_told_in_a_sentence()
    {
        var dataset = Dataset([("a", 0), ("b", 1), ("c", 0), ("d", 1), ("e", 0), ("f", 1)]);
        Assert.Equal("made has no column 'scanner' to draw folds by; it has none.", Failure(dataset));
        Assert.Equal("made has no column 'scanner' to draw folds by; it has 'age'.", Failure(Columns(dataset, "age", "1", "2", "3", "4", "5", "6")));
        Assert.Equal(
            "Folds by 'scanner' need to know it of each image; made does not say it for 2 of 6 images. Add it (a manifest's column 'scanner').",
            Failure(Columns(dataset, "scanner", "A", "", "B", "C", "", "D")));
        Assert.Equal(
            "The class 'class 1' of made has 2 values of 'scanner', too few for 3 folds. Ask for fewer folds, or another column.",
            Failure(Columns(dataset, "scanner", "A", "B", "C", "D", "E", "B")));

        static string Failure(CtDataset dataset) => Assert.Throws<UnusableDataException>(() => Fold.Of(dataset, GroupBy.OfColumn("scanner"), 3, 0)).Message;
    }

    [Fact]
    public void Across_collections_no_network_is_tested_on_a_collection_source_or_patient_that_it_has_seen()
    {
        // The negatives are of two collections, and the positives of one, as in COVID19-CT.
        var dataset = Collected();
        for (var seed = 0; seed < 20; seed++)
        {
            var folds = Fold.Of(dataset, GroupBy.Collection, 5, seed);
            Assert.Equal((2, 2), (folds.Count, Fold.Number(dataset, GroupBy.Collection, 5)));
            Assert.Equal(folds[0].Train, folds[1].Test);
            Assert.All(folds, fold =>
            {
                var (train, test) = (fold.Train.Select(row => dataset.Samples[row]).ToList(), fold.Test.Select(row => dataset.Samples[row]).ToList());
                Assert.Equal(["positives"], test.Select(sample => sample.Collection).Intersect(train.Select(sample => sample.Collection)));
                Assert.Empty(test.Select(sample => sample.Source).Intersect(train.Select(sample => sample.Source)));
                Assert.Empty(test.Select(sample => sample.Patient).Intersect(train.Select(sample => sample.Patient)));
                Assert.InRange(test.Count(sample => sample.Label == 1) - train.Count(sample => sample.Label == 1), 0, 0);
            });
        }

        Assert.True(Enumerable.Range(0, 20).Select(seed => Digits(Fold.ByCollection(dataset, seed))).Distinct().Count() > 15);
    }

    [Fact]
    public void Collections_of_both_classes_are_shared_out_whole()
    {
        var dataset = Dataset([.. Enumerable.Range(0, 40).Select(i => ((string?)$"p{i}", i % 2))]);
        dataset = dataset with { Samples = [.. dataset.Samples.Select((sample, row) => sample with { Collection = $"c{row / 8}" })] };

        var folds = Fold.ByCollection(dataset, 3);

        Assert.Equal([16, 24], folds.Select(fold => fold.Test.Count).Order());
        Assert.Empty(folds[0].Test.Select(row => dataset.Samples[row].Collection).Intersect(folds[1].Test.Select(row => dataset.Samples[row].Collection)));
    }

    [Fact]
    public void Collections_that_are_unknown_single_tied_together_or_of_unknown_sources_are_told()
    {
        var dataset = Collected();
        Assert.Contains("for 48 of 48 images", Failure(sample => sample with { Collection = null }), StringComparison.Ordinal);
        Assert.Contains("one collection, all;", Failure(sample => sample with { Collection = "all" }), StringComparison.Ordinal);
        Assert.Contains("where each image comes from; made does not say it for 32 of 32 images", Failure(sample => sample with { Source = null }), StringComparison.Ordinal);
        Assert.Contains("'class 0' of made has 1 collections or sources", Failure(sample => sample with { Patient = sample.Label == 0 ? "one" : sample.Patient }), StringComparison.Ordinal);

        string Failure(Func<CtSample, CtSample> change) => Assert.Throws<UnusableDataException>(
            () => Fold.ByCollection(dataset with { Samples = [.. dataset.Samples.Select(change)] }, 0)).Message;
    }

    private static CtDataset Collected()
    {
        var dataset = Dataset([.. Enumerable.Range(0, 32).Select(i => ((string?)$"p{i / 2}", 1)), .. Enumerable.Range(0, 16).Select(i => ((string?)$"n{i}", 0))]);
        return dataset with
        {
            Samples =
            [
                .. dataset.Samples.Select((sample, row) => sample.Label == 1
                    ? sample with { Source = $"s{row / 4}", Collection = "positives" }
                    : sample with { Source = sample.Patient, Collection = row % 2 == 0 ? "A" : "B" }),
            ],
        };
    }

    private static CtDataset Columns(CtDataset dataset, string column, params string[] values) =>
        dataset with { Samples = [.. dataset.Samples.Zip(values, (sample, value) => sample with { Columns = CtSample.ColumnsOf([(column, value)]) })] };

    private static bool TooFew(CtDataset dataset, int folds) =>
        dataset.Samples.Zip(dataset.GroupsOf(GroupBy.Source), (sample, source) => (sample.Label, source)).Distinct().CountBy(pair => pair.Label).Min(count => count.Value) < folds;

    private static CtDataset From(CtDataset dataset, params string[] sources) =>
        dataset with { Samples = [.. dataset.Samples.Zip(sources, (sample, source) => sample with { Source = source })] };

    [Fact]
    public void The_official_split_is_one_fold_that_trains_on_all_but_its_test_part()
    {
        var dataset = Split(Dataset([("a", 0), ("b", 1), ("c", 0), ("d", 1)]), "train", "val", "test", "test");

        var fold = Assert.Single(Fold.Of(dataset, GroupBy.Official, 5, 0));

        Assert.Equal(1, Fold.Number(dataset, GroupBy.Official, 5));
        Assert.Equal([0, 1], fold.Train);
        Assert.Equal([2, 3], fold.Test);
    }

    [Fact]
    public void A_split_that_is_missing_or_lacks_a_part_is_told()
    {
        var dataset = Dataset([("a", 0), ("b", 1), ("c", 0), ("d", 1)]);
        Assert.Contains("for 4 of 4 images", Failure(dataset), StringComparison.Ordinal);
        Assert.Contains("no test part", Failure(Split(dataset, "train", "val", "train", "train")), StringComparison.Ordinal);
        Assert.Contains("no image of class 1 to train on", Failure(Split(dataset, "train", "test", "train", "test")), StringComparison.Ordinal);

        static string Failure(CtDataset dataset) => Assert.Throws<UnusableDataException>(() => Fold.ByOfficialSplit(dataset)).Message;
    }

    private static CtDataset Split(CtDataset dataset, params string[] parts) =>
        dataset with { Samples = [.. dataset.Samples.Zip(parts, (sample, part) => sample with { Split = part })] };

    internal static string Digits(IReadOnlyList<Fold> folds)
    {
        var digits = new char[folds.Sum(fold => fold.Test.Count)];
        foreach (var fold in folds)
        {
            foreach (var row in fold.Test)
            {
                digits[row] = (char)('0' + fold.Index);
            }
        }

        return new string(digits);
    }

    private static IEnumerable<(string?, int)> Slices(string patient, int label, int images) =>
        Enumerable.Repeat<(string?, int)>((patient, label), images);

    private static CtDataset Dataset(IReadOnlyList<(string? Patient, int Label)> rows, int classes = 0) => new(
        "made",
        "/",
        [.. Enumerable.Range(0, Math.Max(classes, rows.Max(row => row.Label) + 1)).Select(label => $"class {label}")],
        1,
        [.. rows.Select((row, i) => new CtSample($"{i:000000}.png", row.Label, row.Patient, null))],
        []);

    internal sealed record Golden(string Name, string Labels, int Folds, int Seed, string TestFold);
}
