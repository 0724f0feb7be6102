using CovidCt.Calibration;
using CovidCt.Evaluation.Tests.Statistics;
using CovidCt.Records;
using CovidCt.Statistics;
using CovidCt.Tests;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Records;

public sealed class SeedEnsembleTests
{
    private const string Positive = "COVID";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static readonly BootstrapOptions Few = new() { Resamples = 200 };

    /// <summary>Two to four seeds' answers about the same images of two folds, an image a patient.</summary>
    private static readonly Gen<Prediction[][]> Seeds = Gen.Int[2, 4].SelectMany(seeds => Gen.Select(Gen.Bool, Gen.Int[1, 39].Array[seeds]).Array[8, 60])
        .Select(images => Enumerable.Range(0, images[0].Item2.Length).Select(seed => images.Select((image, i) =>
            Of($"{i:00}.png", image.Item1, i % 2, image.Item2[seed] / 40.0)).ToArray()).ToArray());

    [Fact]
    public void A_probability_is_the_mean_over_the_seeds_and_all_else_is_the_first_ones()
    {
        Prediction[] first = [Of("b", true, 0, 0.9) with { Source = "s" }, Of("a", false, 1, 0.3)];
        Prediction[] second = [Of("a", false, 1, 0.5), Of("b", true, 0, 0.2)];
        Prediction[] third = [Of("a", false, 1, 0.1), Of("b", true, 0, 0.4)];

        var together = SeedEnsemble.Average([first, second, third]);

        Assert.Equal([first[1] with { Probability = together[0].Probability }, first[0] with { Probability = together[1].Probability }], together);
        Assert.Equal(0.3, together[0].Probability, 1e-15);
        Assert.Equal(0.5, together[1].Probability, 1e-15);
    }

    [Fact]
    public void The_order_of_seeds_and_images_does_not_matter() => Seeds.Sample(seeds =>
    {
        var turned = SeedEnsemble.Average([.. seeds.Reverse().Select(seed => seed.Reverse().ToArray())]);
        Assert.All(SeedEnsemble.Average(seeds).Zip(turned), pair => Assert.Equal(pair.First.Probability, pair.Second.Probability, 1e-15));
    });

    [Fact]
    public void Seeds_that_were_not_tested_alike_are_refused()
    {
        Prediction[] seed = [Of("a", false, 0, 0.3), Of("b", true, 1, 0.3)];

        Refuses("no predictions of any seed");
        Refuses("Only one of the two has 'b'", seed, [seed[0]]);
        Refuses("in fold 1 of net with one seed and in fold 0", seed, [seed[0], seed[1] with { Fold = 0 }]);
        Refuses("fold 0 of other", seed, [.. seed.Select(image => image with { Network = "other" })]);

        static void Refuses(string message, params Prediction[][] seeds) => Assert.Contains(
            message, Assert.Throws<ArgumentException>(() => SeedEnsemble.Average(seeds)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Figures_are_those_of_the_means_and_gains_are_differences_on_the_same_images()
    {
        var seeds = Trainings(3);
        var together = SeedEnsemble.Average(seeds);

        var ensemble = SeedEnsemble.Of(seeds, Positive, FoldSummary.Mean, 0.9, Few);

        Assert.Equal(3, ensemble.Seeds);
        Assert.Equal(together, ensemble.Predictions);
        Assert.Equal(Alone([.. together]), ensemble.Statistics.Images);
        Assert.Equal(FigureIntervals.OfDifference(together, seeds[0], Positive, FoldSummary.Mean, Few, Token), ensemble.OverFirst.Figures);
        Assert.Equal(
            ensemble.Statistics.Images.Auc.Value!.Value - seeds.Average(seed => Alone(seed).Auc.Value!.Value),
            ensemble.OverMean.Figures.Auc.Value!.Value, 12);
        Assert.Equal(Brier(together) - Brier(seeds[0]), ensemble.OverFirst.Brier.Value!.Value, 12);
        Assert.Equal(Brier(together) - seeds.Average(Brier), ensemble.OverMean.Brier.Value!.Value, 12);
        Assert.Equal(seeds.Select(Brier), ensemble.EachSeed.Select(one => one.Brier!.Value));
        Assert.Equal(seeds.Average(Error), ensemble.Mean.CalibrationError!.Value, 12);
        Assert.Equal(NetworkResult.From("net", NetworkResult.Random, seeds[1], Positive, false).Mean, ensemble.EachSeed[1].Figures);

        static double Error(Prediction[] seed) => CalibrationError.Binary([.. seed.Select(p => (p.Label == Positive, p.Probability))])!.Value;
    }

    [Fact]
    public void Together_the_Brier_score_is_never_above_the_mean_of_single_seeds_and_equal_seeds_gain_nothing() => Seeds.Sample(
        seeds =>
        {
            var gain = SeedEnsemble.Of(seeds, Positive, FoldSummary.Pooled, 0.9, new() { Resamples = 100 }).OverMean;
            Assert.True(gain.Brier.Value <= 1e-15);

            var same = SeedEnsemble.Of([seeds[0], seeds[0]], Positive, FoldSummary.Pooled, 0.9, new() { Resamples = 100 }).OverMean;
            Assert.All((double?[])[same.Brier.Value, same.Figures.Accuracy.Value, same.Figures.Auc.Value], value => Assert.True(value is null || Math.Abs(value.Value) < 1e-15));
            Assert.Null(same.Brier.Interval);
        },
        iter: 20);

    [Fact]
    public void The_file_has_every_figure_of_each_seed_of_all_together_and_of_the_differences()
    {
        using var folder = new TemporaryFolder();
        var ensemble = SeedEnsemble.Of(Trainings(2), Positive, FoldSummary.Mean, 0.9, Few);
        new StudyLayout(folder.Path).WriteSeeds([ensemble]);

        var rows = File.ReadAllLines(folder["seeds.csv"]).Skip(1).Select(line => line.Split(',')).ToList();
        Assert.Equal(
            ["seed 0", "seed 1", "mean of seeds", "together", "together less seed 0", "together less mean of seeds"], rows.Select(row => row[1]).Distinct());
        Assert.Equal(6 * 8, rows.Count);
        var auc = rows.Single(row => row[1] == "together" && row[2] == "auc");
        Assert.Equal(
            (ensemble.Statistics.Images.Auc.Value, ensemble.Statistics.Images.Auc.Interval!.Low, ensemble.Statistics.Images.Auc.Interval.High),
            (Number(auc[3]), Number(auc[4]), Number(auc[5])));
        Assert.Equal(auc[3], ensemble.ToJson()["together"]!["auc"]!["value"]!.ToJsonString());
        Assert.Equal(ensemble.Predictions, new StudyLayout(folder.Path).ReadEnsemble().OrderBy(p => p.Path, StringComparer.Ordinal));

        static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Its_calibration_is_the_logistic_regression_on_the_logits_of_the_means()
    {
        var together = SeedEnsemble.Average(Trainings(3));
        var (intercept, slope) = Regression([.. together.Select(p => (p.Label == Positive, Math.Log(p.Probability / (1 - p.Probability))))]);

        var calibration = NetworkCalibration.OfAllFolds(together.Reverse(), Positive)!;

        Assert.Equal(intercept, calibration.Intercept, 1e-8);
        Assert.Equal(slope, calibration.Slope, 1e-8);
        Assert.Equal((together.Count, together.Count(p => p.Label == Positive)), (calibration.Images, calibration.Positives));
        Assert.Null(NetworkCalibration.OfAllFolds(together.Select(p => p with { Fold = 0 }), Positive));
    }

    [Fact]
    public void Its_thresholds_leave_out_the_share_of_patients_that_the_level_says()
    {
        var together = SeedEnsemble.Average(Trainings(2, slices: 1));

        var sets = ConformalSets.OfAllFolds(together, Positive, 0.9);

        double[] positives = [.. together.Where(p => p.Label == Positive).Select(p => p.Probability).OrderDescending()];
        double[] negatives = [.. together.Where(p => p.Label != Positive).Select(p => p.Probability).Order()];
        Assert.Equal(positives[(int)Math.Ceiling((positives.Length + 1) * 0.9) - 1], sets.Positive.Probability);
        Assert.Equal(negatives[(int)Math.Ceiling((negatives.Length + 1) * 0.9) - 1], sets.Negative.Probability);
        Assert.Equal((0.9, ClusterUnit.Patient, positives.Length), (sets.Level, sets.Unit, sets.Positive.Clusters));
    }

    /// <summary>Newton's method on the likelihood, which has nothing in common with the library's.</summary>
    private static (double Intercept, double Slope) Regression((bool Actual, double Logit)[] outcomes)
    {
        var (a, b) = (0.0, 1.0);
        for (var step = 0; step < 50; step++)
        {
            double ga = 0, gb = 0, haa = 0, hab = 0, hbb = 0;
            foreach (var (actual, x) in outcomes)
            {
                var p = 1 / (1 + Math.Exp(-a - (b * x)));
                var (rest, weight) = ((actual ? 1 : 0) - p, p * (1 - p));
                (ga, gb, haa, hab, hbb) = (ga + rest, gb + (rest * x), haa + weight, hab + (weight * x), hbb + (weight * x * x));
            }

            var determinant = (haa * hbb) - (hab * hab);
            (a, b) = (a + (((hbb * ga) - (hab * gb)) / determinant), b + (((haa * gb) - (hab * ga)) / determinant));
        }

        return (a, b);
    }

    private static FigureIntervals Alone(Prediction[] predictions) => FigureIntervals.Of(predictions, Positive, FoldSummary.Mean, Few, Token);

    private static double Brier(IEnumerable<Prediction> predictions) =>
        predictions.Average(p => Math.Pow(p.Probability - (p.Label == Positive ? 1 : 0), 2));

    /// <summary>Trainings that each add noise of their own to the log-odds of the same images.</summary>
    private static Prediction[][] Trainings(int seeds, double slices = 2)
    {
        var images = new SimulatedPatients(20, 25, 0.8, 0.5, slices).Draw(7);
        return
        [
            .. Enumerable.Range(0, seeds).Select(seed =>
            {
                var random = new CounterRandom(CounterRandom.Key(11, seed));
                return images.OrderBy(p => p.Path, StringComparer.Ordinal).Select(p => p with
                {
                    Fold = int.Parse(p.Patient!, System.Globalization.CultureInfo.InvariantCulture) % 3,
                    Probability = 1 / (1 + (Math.Exp(-0.7 * SimulatedPatients.Normal(ref random)) * ((1 / p.Probability) - 1))),
                }).ToArray();
            }),
        ];
    }

    private static Prediction Of(string path, bool isPositive, int fold, double probability) =>
        new(path, isPositive ? Positive : "non-COVID", path, "net", fold, probability);
}
