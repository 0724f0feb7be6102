using CovidCt.Evaluation.Tests.Evaluation;
using CovidCt.Records;
using CovidCt.Statistics;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Statistics;

public sealed class FigureIntervalsTests
{
    private const string Positive = "COVID";

    private static readonly BootstrapOptions Few = new() { Resamples = 200 };

    private static readonly Gen<Prediction[]> Predictions =
        Gen.Select(Gen.Bool, Gen.Int[0, 10], Gen.Int[0, 6], Gen.Int[0, 2]).Array[0, 40].Select(rows => rows
            .Select((row, i) => Predicted($"{i}", row.Item1, row.Item3 == 0 ? null : $"{row.Item3}", row.Item2 / 10.0, row.Item4)).ToArray());

    [Fact]
    public void Values_are_those_of_the_results()
    {
        foreach (var network in PredictionsCsv.Read(Path.Combine(GoldenMetrics.Folder, "predictions.csv")).GroupBy(p => p.Network))
        {
            var expected = NetworkResult.From(network.Key, NetworkResult.Random, network, Positive);
            Assert.Equal(expected.Mean, Of([.. network]).Values);
            Assert.Equal(
                FiguresOfMerit.From([.. network.Select(p => (p.Label == Positive, p.Probability))]),
                FigureIntervals.Of(network, Positive, FoldSummary.Pooled, Few, TestContext.Current.CancellationToken).Values);
        }
    }

    [Fact]
    public void Figures_of_weights_are_those_of_repeated_images() =>
        Gen.Select(Predictions, Gen.Int[0, 3].Array[40]).Sample((predictions, draws) =>
        {
            var clusters = Clusters.Of(predictions.Select(p => (p.Patient, p.Label == Positive)));
            var figures = new double?[WeightedOutcomes.Figures];
            new WeightedOutcomes(predictions, Positive, clusters.OfRow, FoldSummary.Pooled).Compute(draws.AsSpan(0, clusters.Count), figures);
            var repeated = predictions.Zip(clusters.OfRow).SelectMany(row => Enumerable.Repeat(row.First, draws[row.Second]));
            var expected = FiguresOfMerit.From([.. repeated.Select(p => (p.Label == Positive, p.Probability))]);
            Assert.Equal(expected, new(figures[0], figures[1], figures[2], figures[3], figures[4], figures[5]));
        });

    [Fact]
    public void Intervals_lie_in_the_unit_interval_and_are_missing_where_the_figure_is() => Predictions.Sample(predictions =>
    {
        foreach (var folds in Enum.GetValues<FoldSummary>())
        {
            foreach (var figure in All(FigureIntervals.Of(predictions, Positive, folds, new() { Resamples = 100 }, TestContext.Current.CancellationToken)))
            {
                if (figure.Interval is { } interval)
                    Assert.True(figure.Value is not null && interval is { Low: >= 0, High: <= 1 } && interval.Low <= interval.High);
            }
        }
    }, iter: 100);

    [Fact]
    public void The_order_of_the_predictions_changes_no_bit()
    {
        var predictions = new SimulatedPatients(12, 9, 1, 0.5, 3).Draw(4);
        var shuffled = predictions.ToArray();
        new Random(1).Shuffle(shuffled);
        Assert.Equal(Of(predictions), Of(shuffled));
    }

    [Fact]
    public void Intervals_widen_when_the_images_of_a_patient_are_kept_together()
    {
        var predictions = new SimulatedPatients(40, 40, 1, 0.9, 6).Draw(1);
        var byPatient = Of(predictions);
        var byImage = Of([.. predictions.Select(p => p with { Patient = null })]);
        Assert.Equal(byImage.Values, byPatient.Values);
        Assert.All(All(byPatient).Zip(All(byImage)), pair => Assert.True(pair.First.Interval!.Width > 1.3 * pair.Second.Interval!.Width));
    }

    [Fact]
    public void Turned_classes_turn_sensitivity_and_specificity()
    {
        var predictions = new SimulatedPatients(15, 15, 0.8, 0.5, 3).Draw(2);
        var turned = FigureIntervals.Of(
            predictions.Select(p => p with { Probability = 1 - p.Probability }), "non-COVID", options: Few, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(Of(predictions).Values.Sensitivity, turned.Values.Specificity);
        Assert.Equal(Of(predictions).Values.Auc!.Value, turned.Values.Auc!.Value, 12);
    }

    [Fact]
    public void A_perfect_test_is_not_certain()
    {
        Prediction[] predictions = [.. Enumerable.Range(0, 30).Select(i => Predicted($"{i}", i < 12, $"{i / 2}", i < 12 ? 0.9 : 0.1))];
        var figures = Of(predictions);
        Assert.Equal(new(1, 1, 1, 1, 1, 1), figures.Values);
        Assert.Equal(WilsonInterval.Of(15, 15), figures.Accuracy.Interval);
        Assert.Equal(WilsonInterval.Of(6, 6), figures.Precision.Interval);
        Assert.Equal(WilsonInterval.Of(6, 6), figures.Sensitivity.Interval);
        Assert.Equal(WilsonInterval.Of(9, 9), figures.Specificity.Interval);
        Assert.Equal(WilsonInterval.Of(6, 6), figures.F1.Interval);
        Assert.Equal(WilsonInterval.Of(6, 6), figures.Auc.Interval);
    }

    [Fact]
    public void Folds_whose_networks_call_all_images_alike_give_a_mean_and_no_certain_interval()
    {
        Prediction[] predictions =
            [.. Enumerable.Range(0, 90).Select(i => Predicted($"{i}", i % 2 == 0, $"{i / 2}-{i % 2}", i % 3 == 0 ? 0.4 : 0.6, i % 3))];

        var figures = Of(predictions);

        Assert.Equal(2.0 / 3, figures.Sensitivity.Value!.Value, 12);
        Assert.Null(figures.Sensitivity.Interval);
        Assert.Null(figures.Specificity.Interval);
        Assert.True(All(figures).All(figure => figure.Interval is not { } interval || interval.High - interval.Low > 1e-9));
    }

    [Fact]
    public void With_one_class_the_figures_of_the_other_are_undefined()
    {
        var figures = Of([.. Enumerable.Range(0, 20).Select(i => Predicted($"{i}", true, $"{i}", i % 3 == 0 ? 0.2 : 0.8))]);
        Assert.Equal(new(null, null), figures.Specificity);
        Assert.Equal(new(null, null), figures.Auc);
        Assert.NotNull(figures.Sensitivity.Interval);
        Assert.Equal(figures.Accuracy, figures.Sensitivity);
    }

    [Fact]
    public void Without_positive_calls_there_is_no_precision()
    {
        var figures = Of([.. Enumerable.Range(0, 20).Select(i => Predicted($"{i}", i % 2 == 0, $"{i}", i / 100.0))]);
        Assert.Equal(new(null, null), figures.Precision);
        Assert.Equal(new EstimatedFigure(0, WilsonInterval.Of(0, 10)), figures.Sensitivity);
        Assert.NotNull(figures.Auc.Interval);
    }

    [Fact]
    public void One_patient_has_figures_and_no_intervals()
    {
        var figures = Of([.. Enumerable.Range(0, 20).Select(i => Predicted($"{i}", i % 2 == 0, "a", i / 20.0))]);
        Assert.All(All(figures), figure => Assert.True(figure is { Value: not null, Interval: null }));
    }

    [Fact]
    public void No_predictions_have_no_figures() => Assert.All(All(Of([])), figure => Assert.Equal(new(null, null), figure));

    [Fact]
    public void The_difference_of_a_network_from_itself_is_0_without_an_interval()
    {
        var predictions = new SimulatedPatients(10, 10, 1, 0.5, 2).Draw(3);
        Assert.All(All(Difference(predictions, [.. predictions.Select(p => p with { Fold = 0, Network = "other" })])), figure => Assert.Equal(new(0, null), figure));
    }

    [Fact]
    public void A_paired_difference_is_surer_than_its_parts()
    {
        var first = new SimulatedPatients(60, 60, 1, 0.6, 3).Draw(3);
        var random = new CounterRandom(9);
        Prediction[] second = [.. first.Select(p => p with { Network = "other", Probability = Blurred(p.Probability, random.NextUniform()) })];
        var difference = Difference(first, second);
        var (a, b) = (Of(first), Of(second));
        Assert.Equal(a.Auc.Value - b.Auc.Value, difference.Auc.Value);
        Assert.True(difference.Auc.Interval!.Contains(difference.Auc.Value!.Value));
        Assert.True(difference.Auc.Interval!.Width < a.Auc.Interval!.Width);

        var turned = Difference(second, first);
        Assert.Equal(-difference.Accuracy.Interval!.Low, turned.Accuracy.Interval!.High, 0.01);

        static double Blurred(double probability, double noise) => 1 / (1 + Math.Exp(-Math.Log(probability / (1 - probability)) - noise + 0.5));
    }

    [Fact]
    public void Refuses_differences_of_other_images()
    {
        Prediction[] first = [Predicted("a", true, "1", 0.5), Predicted("b", false, "2", 0.5)];
        Refuses("Only one of the two has 'b'", first, [first[0]]);
        Refuses("Only one of the two has 'b'", first, [first[0], first[1] with { Path = "c" }]);
        Refuses("'b' is non-COVID of patient '2'", first, [first[0], first[1] with { Label = Positive }]);
        Refuses("'a' is COVID of patient '1'", first, [first[0] with { Patient = null }, first[1]]);
        Refuses("are mixed", [first[0], first[1] with { Network = "other" }], first);
        Refuses("'a' was predicted more than once", [first[0], first[0]], first);
        Refuses("not a finite number", [first[0] with { Probability = double.NaN }], first);

        static void Refuses(string message, Prediction[] first, Prediction[] second) => Assert.Contains(
            message, Assert.Throws<ArgumentException>(() => Difference(first, second)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Over_seeds_figures_are_the_means_and_intervals_hold_for_other_trainings()
    {
        Prediction[][] seeds = [.. Enumerable.Range(0, 4).Select(seed => Seed(0.8 * seed))];
        var over = OverSeeds(seeds);
        Assert.Equal(seeds.Average(seed => Of(seed).Accuracy.Value!.Value), over.Accuracy.Value!.Value, 12);
        Assert.True(over.Specificity.Interval!.Width > 1.2 * Of(seeds[1]).Specificity.Interval!.Width);

        // Of seeds that all answer the same, nothing but patients is drawn.
        var same = OverSeeds(seeds[1], seeds[1], seeds[1]);
        Assert.Equal(Of(seeds[1]).Accuracy.Value!.Value, same.Accuracy.Value!.Value, 12);
        Assert.Equal(Of(seeds[1]).Accuracy.Interval!.Width, same.Accuracy.Interval!.Width, 0.02);
        Assert.Equal(Of(seeds[1]), OverSeeds(seeds[1]));
    }

    [Fact]
    public void A_perfect_test_from_every_seed_has_the_interval_of_one()
    {
        Prediction[] perfect = [.. Seed(0).Select(p => p with { Probability = p.Label == Positive ? 0.9 : 0.1 })];
        Assert.Equal(Of(perfect), OverSeeds(perfect, perfect));
        Assert.True(OverSeeds(perfect, perfect).Accuracy.Interval!.Low < 1);
    }

    [Fact]
    public void A_figure_that_some_seeds_lack_is_the_mean_of_the_others()
    {
        var some = Seed(0);
        Prediction[] none = [.. some.Select(p => p with { Probability = 0.1 })];
        Assert.Null(Of(none).Precision.Value);
        Assert.Equal(Of(some).Precision.Value, OverSeeds(some, none).Precision.Value);
        Assert.Null(OverSeeds(none, none).Precision.Value);
    }

    [Fact]
    public void A_difference_of_seeds_draws_those_of_both()
    {
        Prediction[][] first = [Seed(0), Seed(2)], second = [Seed(0.5), Seed(1), Seed(2.5)];
        var difference = Less(first, second).Specificity;
        Assert.Equal(
            first.Average(s => Of(s).Specificity.Value!.Value) - second.Average(s => Of(s).Specificity.Value!.Value), difference.Value!.Value, 12);
        Assert.All(
            (FigureIntervals[])[Less([first[0]], [second[0]]), Less(first, [second[1]]), Less([first[1]], second)],
            narrower => Assert.True(difference.Interval!.Width > narrower.Specificity.Interval!.Width));
        Assert.Equal(Difference(first[0], second[0]), Less([first[0]], [second[0]]));

        static FigureIntervals Less(Prediction[][] a, Prediction[][] b) =>
            FigureIntervals.OfDifferenceOfSeeds(a, b, Positive, options: Few, cancellationToken: TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Seeds_of_other_images_are_refused()
    {
        var seed = Seed(0);
        var message = Assert.Throws<ArgumentException>(() => OverSeeds(seed, [.. seed.Skip(1)])).Message;
        Assert.Contains($"'{seed[0].Path}'", message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => OverSeeds());
        Assert.Throws<ArgumentException>(() => FigureIntervals.OfDifferenceOfSeeds(
            [seed], [seed, [.. seed.Skip(1)]], Positive, options: Few, cancellationToken: TestContext.Current.CancellationToken));
    }

    private static FigureIntervals OverSeeds(params Prediction[][] seeds) =>
        FigureIntervals.OfSeeds(seeds, Positive, options: Few, cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>A network that calls more images positive by a shift of the logit.</summary>
    private static Prediction[] Seed(double shift) =>
    [
        .. new SimulatedPatients(30, 30, 1, 0.5, 2).Draw(3)
            .Select(p => p with { Probability = 1 / (1 + (1 - p.Probability) / p.Probability * Math.Exp(-shift)) }),
    ];

    private static FigureIntervals Of(Prediction[] predictions) =>
        FigureIntervals.Of(predictions, Positive, options: Few, cancellationToken: TestContext.Current.CancellationToken);

    private static FigureIntervals Difference(Prediction[] first, Prediction[] second) =>
        FigureIntervals.OfDifference(first, second, Positive, options: Few, cancellationToken: TestContext.Current.CancellationToken);

    private static EstimatedFigure[] All(FigureIntervals figures) =>
        [figures.Accuracy, figures.Precision, figures.Sensitivity, figures.Specificity, figures.F1, figures.Auc];

    private static Prediction Predicted(string path, bool positive, string? patient, double probability, int fold = 0) =>
        new(path, positive ? Positive : "non-COVID", patient, "net", fold, probability);
}
