using System.Globalization;
using System.Text.Json;
using CovidCt.Calibration;
using CovidCt.Evaluation.Tests.Statistics;
using CovidCt.Records;
using CovidCt.Statistics;
using CovidCt.Tests;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Calibration;

public sealed class ConformalSetsTests(ITestOutputHelper output)
{
    private static readonly string[] Kinds = ["own", "cross-fitted", "ensemble"];

    /// <summary>Images of up to twelve clusters a class, with ties.</summary>
    private static readonly Gen<(string Cluster, bool IsPositive, double Probability)[]> Images =
        Gen.Select(Gen.Int[0, 11], Gen.Bool, Gen.Int[0, 64]).Array[0, 80].Select(rows =>
            rows.Select(row => ($"{row.Item2}{row.Item1}", row.Item2, row.Item3 / 64.0)).ToArray());

    private static readonly Gen<double> Levels = Gen.Int[10, 19].Select(twentieths => twentieths / 20.0);

    [Fact]
    public void Equals_the_definition_computed_in_fractions()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Calibration", "Fixtures", "conformal-golden.json")));
        Assert.All(document.RootElement.EnumerateArray(), golden =>
        {
            var sets = ConformalSets.Of(
                [
                    .. golden.Integers("cluster").Zip(golden.Integers("actual"), golden.Numbers("probability"))
                        .Select(row => (row.First.ToString(CultureInfo.InvariantCulture), row.Second == 1, row.Third)),
                ],
                ClusterUnit.Patient,
                golden.Number("level"));

            Assert.Equal((Stated(golden, "positive"), Stated(golden, "negative")), (sets.Positive.Probability, sets.Negative.Probability));
        });

        static double? Stated(JsonElement golden, string name) =>
            golden.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;
    }

    /// <summary>
    /// The theorem on any data whatever: of K clusters, each judged by thresholds from the others, the share whose sets hold their class is
    /// the level at least. That is why a new cluster, any of the K + 1 with the same chance, is held so often.
    /// </summary>
    [Fact]
    public void Of_clusters_judged_by_all_others_the_level_is_held_whatever_the_data() => Gen.Select(Images, Levels).Sample((images, level) =>
    {
        foreach (var isPositive in (bool[])[true, false])
        {
            var clusters = images.Where(image => image.IsPositive == isPositive).Select(image => image.Cluster).Distinct().ToList();
            var held = clusters.Sum(cluster =>
            {
                var sets = ConformalSets.Of([.. images.Where(image => image.Cluster != cluster)], ClusterUnit.Patient, level);
                return images.Where(image => image.Cluster == cluster && image.IsPositive == isPositive)
                    .Average(image => (isPositive ? sets.HoldsPositive(image.Probability) : sets.HoldsNegative(image.Probability)) ? 1.0 : 0);
            });
            Assert.True(held >= (level * clusters.Count) - 1e-6, $"{held} of {clusters.Count} at {level}");
        }
    }, iter: 100);

    [Fact]
    public void With_one_image_a_cluster_the_threshold_is_the_usual_order_statistic() =>
        Gen.Select(Gen.Int[0, 1000].Array[1, 60], Levels).Sample((thousandths, level) =>
        {
            double[] ascending = [.. thousandths.Select(p => p / 1000.0).Order()];
            var rank = (int)Math.Ceiling(((ascending.Length + 1) * level) - 1e-9);

            var sets = ConformalSets.Of([.. ascending.Select((p, i) => ($"{i}", false, p))], ClusterUnit.Patient, level);

            Assert.Equal(rank > ascending.Length ? null : ascending[rank - 1], sets.Negative.Probability);
            Assert.Equal(ascending.Length < ConformalSets.FewestClusters(level), sets.Negative.Probability is null);
        });

    [Fact]
    public void Neither_order_nor_names_nor_repeated_images_change_a_set() => Gen.Select(Images, Levels, Gen.Int[2, 4]).Sample((images, level, times) =>
    {
        var sets = ConformalSets.Of(images, ClusterUnit.Patient, level);

        Assert.Equal(sets, ConformalSets.Of([.. images.Reverse()], ClusterUnit.Patient, level));
        Assert.Equal(sets, ConformalSets.Of([.. images.Select(image => image with { Cluster = $"other {image.Cluster}" })], ClusterUnit.Patient, level));
        var repeated = ConformalSets.Of([.. images.SelectMany(image => Enumerable.Repeat(image, times))], ClusterUnit.Patient, level);
        Assert.Equal((sets.Positive.Probability, sets.Negative.Probability), (repeated.Positive.Probability, repeated.Negative.Probability));
    });

    [Fact]
    public void A_higher_level_rules_out_no_more() => Gen.Select(Images, Levels, Levels, Gen.Double[0, 1]).Sample((images, one, other, p) =>
    {
        var (low, high) = (ConformalSets.Of(images, ClusterUnit.Patient, Math.Min(one, other)), ConformalSets.Of(images, ClusterUnit.Patient, Math.Max(one, other)));

        Assert.True(!low.HoldsPositive(p) || high.HoldsPositive(p));
        Assert.True(!low.HoldsNegative(p) || high.HoldsNegative(p));
    });

    [Fact]
    public void Calibrated_probabilities_give_the_same_sets() =>
        Gen.Select(Images, Levels, Gen.Double[-2, 2], Gen.Double[0.2, 3]).Sample((images, level, intercept, slope) =>
        {
            var calibration = new NetworkCalibration(intercept, slope, 1, 1);
            var (raw, calibrated) = (
                ConformalSets.Of(images, ClusterUnit.Patient, level),
                ConformalSets.Of([.. images.Select(image => image with { Probability = calibration.Apply(image.Probability) })], ClusterUnit.Patient, level));

            Assert.All(Enumerable.Range(0, 41).Select(i => i / 40.0), p =>
            {
                Assert.Equal(raw.HoldsPositive(p), calibrated.HoldsPositive(calibration.Apply(p)));
                Assert.Equal(raw.HoldsNegative(p), calibrated.HoldsNegative(calibration.Apply(p)));
            });
        }, iter: 50);

    [Fact]
    public void Classes_and_their_names_change_places_together() => Gen.Select(Images, Levels).Sample((images, level) =>
    {
        var sets = ConformalSets.Of(images, ClusterUnit.Patient, level);
        var mirrored = ConformalSets.Of([.. images.Select(image => (image.Cluster, !image.IsPositive, 1 - image.Probability))], ClusterUnit.Patient, level);

        Assert.Equal(sets.Positive.Probability, 1 - mirrored.Negative.Probability);
        Assert.Equal(sets.Negative.Probability, 1 - mirrored.Positive.Probability);
        var alone = ConformalSets.Of([.. images.Where(image => image.IsPositive)], ClusterUnit.Patient, level);
        Assert.Equal(sets.Positive, alone.Positive);
        Assert.Equal(new(null, 0, 0), alone.Negative);
    });

    [Fact]
    public void A_folds_own_images_alone_decide_what_lies_beside_its_network_and_all_others_what_it_is_judged_by()
    {
        var predictions = new SimulatedFolds(14, 14, 2, 2, (1, 0), (1.2, 0.2), (0.8, -0.1)).Draw(3);
        var (own, judged) = (ConformalSets.OfFolds(predictions, "COVID", 0.8), ConformalSets.CrossFitted(predictions, "COVID", 0.8));

        Assert.Equal([0, 1, 2], own.Keys);
        Assert.Equal(own, ConformalSets.OfFolds(predictions.Reverse(), "COVID", 0.8));
        Assert.Equal((14, 14), (own[1].Positive.Clusters, own[1].Negative.Clusters));
        Assert.Equal((28, 28), (judged[1].Positive.Clusters, judged[1].Negative.Clusters));
        Assert.Equal(ClusterUnit.Patient, own[1].Unit);
        var changed = predictions.Select(p => p.Fold == 1 ? p : p with { Probability = 0.5 }).ToArray();
        Assert.Equal(own[1], ConformalSets.OfFolds(changed, "COVID", 0.8)[1]);
        Assert.NotEqual(judged[1], ConformalSets.CrossFitted(changed, "COVID", 0.8)[1]);
        Assert.Equal(judged[1], ConformalSets.CrossFitted(predictions.Select(p => p.Fold == 1 ? p with { Probability = 0.5 } : p), "COVID", 0.8)[1]);
    }

    [Fact]
    public void Sources_take_the_patients_place_where_intervals_draw_them()
    {
        var predictions = Enumerable.Range(0, 80).Select(i => new Prediction($"{i:00}", i % 2 == 0 ? "COVID" : "non-COVID", $"p{i}", "net", i % 4 / 2, i / 80.0)
        {
            Source = $"s{i / 4}-{i % 2}",
        }).ToArray();

        var sets = ConformalSets.OfFolds(predictions, "COVID", 0.9);

        Assert.Equal((ClusterUnit.Source, 20, 20), (sets[0].Unit, sets[0].Positive.Clusters, sets[0].Positive.Images));
    }

    [Fact]
    public void Of_several_sets_the_classes_in_more_than_half_are_in_theirs()
    {
        Assert.Equal(["a"], ConformalSets.Majority([["a"], ["a", "b"], ["b"], ["a"]]));
        Assert.Equal(["a", "b"], ConformalSets.Majority([["a", "b"], ["b", "a"], []]));
        Assert.Empty(ConformalSets.Majority([["a"], ["b"]]));
        Assert.Equal(["b"], ConformalSets.Majority([["b"]]));
        Assert.Empty(ConformalSets.Majority([]));
    }

    [Fact]
    public void Too_few_patients_rule_nothing_out()
    {
        Assert.Equal([1, 4, 9, 19, 99], ((double[])[0.5, 0.8, 0.9, 0.95, 0.99]).Select(ConformalSets.FewestClusters));
        var eight = ConformalSets.Of([.. Enumerable.Range(0, 8).Select(i => ($"{i}", true, 0.9))], ClusterUnit.Patient, 0.9);
        Assert.True(eight.HoldsPositive(0) && eight.HoldsNegative(1));
        var nine = ConformalSets.Of([.. Enumerable.Range(0, 9).Select(i => ($"{i}", true, 0.9))], ClusterUnit.Patient, 0.9);
        Assert.Equal(0.9, nine.Positive.Probability);
        Assert.False(nine.HoldsPositive(0.899));
    }

    [Fact]
    public void What_is_no_probability_and_no_level_is_refused()
    {
        Assert.All((double[])[0, 1, -1, double.NaN], level => Assert.Throws<ArgumentException>(() => ConformalSets.Of([], ClusterUnit.Patient, level)));
        Assert.Throws<ArgumentException>(() => ConformalSets.Of([("a", true, 1.2)], ClusterUnit.Patient, 0.9));
        Assert.Throws<ArgumentException>(() => new ConformalSets.Threshold(double.NaN, 1, 1));
    }

    /// <summary>
    /// Of new patients the sets of each class hold it as often as they say, over many data sets: those of single networks exactly, those by
    /// other folds' answers while networks are alike, and an ensemble's far above what is certain of it.
    /// </summary>
    [Theory]
    [Trait("Category", "Long")]
    [InlineData(12, 9, 3, 0.6)]
    [InlineData(40, 30, 3, 0.6)]
    [InlineData(40, 30, 6, 0.95)]
    [InlineData(74, 60, 2, 0.3)]
    public void New_patients_are_held_as_often_as_the_level_says(int positives, int negatives, double slices, double sharing)
    {
        var draws = LargeCount.Of("COVIDCT_COVERAGE_DRAWS", 150);
        (double Separation, double Shift)[] networks = [(1, 0), (0.9, 0.1), (1.1, -0.1), (1, 0.05), (0.95, 0)];
        var covered = new double[3, 2];
        var sizes = new double[3];
        for (var draw = 0; draw < draws; draw++)
        {
            var folds = networks.SelectMany((network, fold) => Patients(network).Draw(CounterRandom.Key(19, draw, fold)).Select(p => p with
            {
                Path = $"{fold}-{p.Path}",
                Patient = $"{fold}-{p.Patient}",
                Fold = fold,
            })).ToArray();
            var (own, judged) = (ConformalSets.OfFolds(folds, "COVID"), ConformalSets.CrossFitted(folds, "COVID"));

            // Each network answers about the same new patients, by the same chance in them and with a shift and a sharpness of its own.
            var fresh = networks.Select(network => Patients(network).Draw(CounterRandom.Key(20, draw))).ToArray();
            foreach (var isPositive in (bool[])[true, false])
            {
                var patients = Enumerable.Range(0, fresh[0].Length).Where(i => (fresh[0][i].Label == "COVID") == isPositive)
                    .GroupBy(i => fresh[0][i].Patient).ToList();
                Add(0, isPositive, patients.Average(images => images.Average(i => Held(own[0], fresh[0][i].Probability, isPositive))));
                Add(1, isPositive, patients.Average(images => images.Average(i => Held(judged[0], fresh[0][i].Probability, isPositive))));
                Add(2, isPositive, patients.Average(images => images.Average(i => Voted(i, isPositive))));
            }

            sizes[0] += fresh[0].Average(image => Size(own[0], image.Probability)) / draws;
            sizes[1] += fresh[0].Average(image => Size(judged[0], image.Probability)) / draws;
            sizes[2] += Enumerable.Range(0, fresh[0].Length).Average(i => Voted(i, true) + Voted(i, false)) / draws;

            double Voted(int image, bool isPositive) => 2 * networks.Index().Sum(one =>
                Held(own[one.Index], fresh[one.Index][image].Probability, isPositive)) > networks.Length ? 1 : 0;
        }

        foreach (var (kind, name) in Kinds.Index())
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{name}: COVID {covered[kind, 1]:0.0000}, non-COVID {covered[kind, 0]:0.0000}, size {sizes[kind]:0.000}"));
        }

        // A data set's coverage scatters by some six points around the level, and by that over the root of the draws.
        var margin = draws >= 2000 ? 0.01 : 0.02;
        Assert.All(covered.Cast<double>(), share => Assert.InRange(share, 0.9 - margin, 1));

        SimulatedPatients Patients((double Separation, double Shift) network) =>
            new(positives, negatives, network.Separation, sharing, slices, network.Shift);

        void Add(int kind, bool isPositive, double share) => covered[kind, isPositive ? 1 : 0] += share / draws;

        static double Held(ConformalSets sets, double probability, bool isPositive) =>
            (isPositive ? sets.HoldsPositive(probability) : sets.HoldsNegative(probability)) ? 1 : 0;

        static double Size(ConformalSets sets, double probability) => Held(sets, probability, true) + Held(sets, probability, false);
    }

    /// <summary>
    /// An ensemble over folds and seeds, on new patients: its own thresholds, from means over the seeds alone, beside the vote of its
    /// networks' sets, and its own calibration beside the mean of its networks'. Each network adds noise of its own to every image.
    /// </summary>
    [Theory]
    [Trait("Category", "Long")]
    [InlineData(12, 9, 3, 0.6, 0.5)]
    [InlineData(40, 30, 3, 0.6, 0.5)]
    [InlineData(40, 30, 3, 0.6, 1)]
    [InlineData(74, 60, 2, 0.3, 0.5)]
    public void New_patients_are_held_by_what_an_ensemble_over_seeds_has_of_its_own(int positives, int negatives, double slices, double sharing, double noise)
    {
        const int folds = 5, seeds = 3;
        var draws = LargeCount.Of("COVIDCT_COVERAGE_DRAWS", 100);
        var world = new SimulatedPatients(positives, negatives, 1, sharing, slices);
        var (covered, sizes, brier) = (new double[2, 2], new double[2], new double[3]);
        for (var draw = 0; draw < draws; draw++)
        {
            Prediction[][] tested =
            [
                .. Enumerable.Range(0, seeds).Select(seed => Enumerable.Range(0, folds).SelectMany(fold =>
                    Noisy(world.Draw(CounterRandom.Key(31, draw, fold)), CounterRandom.Key(32, draw, fold, seed)).Select(p => p with
                    {
                        Path = $"{fold}-{p.Path}",
                        Patient = $"{fold}-{p.Patient}",
                        Fold = fold,
                    })).ToArray()),
            ];
            var means = SeedEnsemble.Average(tested);
            var (own, calibration) = (ConformalSets.OfAllFolds(means, "COVID"), NetworkCalibration.OfAllFolds(means, "COVID")!);
            var (setsOf, calibrationsOf) = (
                tested.Select(seed => ConformalSets.OfFolds(seed, "COVID")).ToArray(), tested.Select(seed => NetworkCalibration.CrossFitted(seed, "COVID")).ToArray());

            var people = world.Draw(CounterRandom.Key(33, draw));
            var answers = Enumerable.Range(0, seeds).Select(seed => Enumerable.Range(0, folds)
                .Select(fold => Noisy(people, CounterRandom.Key(34, draw, fold, seed))).ToArray()).ToArray();
            double[] together = [.. people.Select((_, i) => answers.Average(seed => seed.Average(fold => fold[i].Probability)))];
            foreach (var patient in people.Index().GroupBy(image => image.Item.Patient))
            {
                var isPositive = patient.First().Item.Label == "COVID";
                var share = 1.0 / draws / (isPositive ? positives : negatives);
                covered[0, isPositive ? 1 : 0] += share * patient.Average(image => Held(own, together[image.Index], isPositive));
                covered[1, isPositive ? 1 : 0] += share * patient.Average(image => Voted(image.Index, isPositive));
            }

            for (var i = 0; i < people.Length; i++)
            {
                var share = 1.0 / draws / people.Length;
                sizes[0] += share * (Held(own, together[i], true) + Held(own, together[i], false));
                sizes[1] += share * (Voted(i, true) + Voted(i, false));
                var actual = people[i].Label == "COVID" ? 1 : 0;
                var ofMembers = answers.Index().Average(seed => seed.Item.Index().Average(fold => calibrationsOf[seed.Index][fold.Index]!.Apply(fold.Item[i].Probability)));
                brier[0] += share * Math.Pow(calibration.Apply(together[i]) - actual, 2);
                brier[1] += share * Math.Pow(ofMembers - actual, 2);
                brier[2] += share * Math.Pow(together[i] - actual, 2);
            }

            double Voted(int image, bool isPositive) => 2 * answers.Index().Sum(seed => seed.Item.Index().Sum(fold =>
                Held(setsOf[seed.Index][fold.Index], fold.Item[image].Probability, isPositive))) > folds * seeds ? 1 : 0;
        }

        foreach (var (kind, name) in ((string[])["own", "vote"]).Index())
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{name}: COVID {covered[kind, 1]:0.0000}, non-COVID {covered[kind, 0]:0.0000}, size {sizes[kind]:0.000}"));
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Brier score: own {brier[0]:0.0000}, mean of members {brier[1]:0.0000}, as stated {brier[2]:0.0000}"));
        Assert.All(covered.Cast<double>(), share => Assert.InRange(share, 0.88, 1));
        Assert.True(brier[0] <= brier[1] + 0.001);

        Prediction[] Noisy(Prediction[] images, long key)
        {
            var random = new CounterRandom(key);
            return
            [
                .. images.Select(p => p with
                {
                    Probability = 1 / (1 + (((1 / p.Probability) - 1) * Math.Exp(-noise * SimulatedPatients.Normal(ref random)))),
                }),
            ];
        }

        static double Held(ConformalSets sets, double probability, bool isPositive) =>
            (isPositive ? sets.HoldsPositive(probability) : sets.HoldsNegative(probability)) ? 1 : 0;
    }
}
