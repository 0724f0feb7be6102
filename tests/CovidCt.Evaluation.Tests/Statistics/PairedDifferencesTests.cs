using CovidCt.Statistics;

namespace CovidCt.Evaluation.Tests.Statistics;

public sealed class PairedDifferencesTests
{
    private static readonly BootstrapOptions Few = new() { Resamples = 300 };

    [Theory]
    [InlineData(FoldSummary.Mean)]
    [InlineData(FoldSummary.Pooled)]
    public void Are_those_of_every_pair_by_itself(FoldSummary folds)
    {
        Prediction[][] networks = [Network("a", 1), Network("b", 2), Network("c", 3)];
        var all = PairedDifferences.Of(networks.SelectMany(n => n), "COVID", folds, Few, TestContext.Current.CancellationToken);
        Assert.Equal([("a", "b"), ("a", "c"), ("b", "c")], all.Auc.Select(pair => (pair.First, pair.Second)));
        foreach (var (pair, i) in all.Auc.Select((pair, i) => (pair, i)))
        {
            var one = FigureIntervals.OfDifference(
                networks.Single(n => n[0].Network == pair.First), networks.Single(n => n[0].Network == pair.Second), "COVID", folds, Few,
                TestContext.Current.CancellationToken);
            Assert.Equal(one.Auc, pair.Difference);
            Assert.Equal(one.Accuracy, all.Accuracy[i].Difference);
            Assert.Equal(pair.PValue <= 0.05, !pair.Difference.Interval!.Contains(0));
        }
    }

    [Fact]
    public void Networks_of_an_unfinished_study_are_compared_on_the_folds_that_both_have()
    {
        var (first, second) = (Network("a", 1), Network("b", 2).Where(p => p.Fold < 2).ToArray());
        var pair = PairedDifferences.Of([.. first, .. second], "COVID", FoldSummary.Mean, Few, TestContext.Current.CancellationToken).Accuracy.Single();
        double Accuracy(Prediction[] rows) => NetworkResult.From(rows[0].Network, NetworkResult.Random, rows.Where(p => p.Fold < 2), "COVID").Mean.Accuracy!.Value;
        Assert.Equal(Accuracy(first) - Accuracy(second), pair.Difference.Value!.Value, 12);
    }

    [Fact]
    public void A_network_does_not_differ_from_itself()
    {
        var pair = PairedDifferences.Of(
            [.. Network("a", 1), .. Network("a", 1).Select(p => p with { Network = "b" })], "COVID", FoldSummary.Mean, Few,
            TestContext.Current.CancellationToken).Auc.Single();
        Assert.Equal(new("a", "b", new(0, null), 1), pair);
    }

    private static Prediction[] Network(string name, int seed)
    {
        var random = new CounterRandom(seed);
        return
        [
            .. new SimulatedPatients(15, 15, 1, 0.5, 2).Draw(5).Select(p => p with
            {
                Network = name,
                Fold = int.Parse(p.Patient!, System.Globalization.CultureInfo.InvariantCulture) % 3,
                Probability = Math.Clamp(p.Probability + random.NextUniform(-0.1 * seed, 0.1 * seed), 0, 1),
            }),
        ];
    }
}
