using CovidCt.Statistics;

namespace CovidCt.Evaluation.Tests.Statistics;

public sealed class DistinguishableTests
{
    [Fact]
    public void Tests_every_pair_with_the_ratio_of_the_folds_and_corrects()
    {
        NetworkResult[] networks = [Network("b", 0.70, 0.72, 0.69, 0.71, 0.70), Network("c", 0.91, 0.90, 0.92, 0.91, 0.90), Network("a", 0.90, 0.91, 0.90, 0.93, 0.90)];
        var found = Distinguishable.Of(networks, "accuracy", f => f.Accuracy);
        Assert.Equal(["a", "b", "c"], found.Networks);
        Assert.Equal(3, found.Pairs.Count);

        double[] differences = [0.91 - 0.70, 0.90 - 0.72, 0.92 - 0.69, 0.91 - 0.71, 0.90 - 0.70];
        var expected = CorrectedResampledTTest.Of(differences, 0.25)!;
        var pair = Assert.Single(found.Pairs, p => p is { Better: "c", Worse: "b" });
        Assert.Equal(expected.PValue!.Value, pair.Test!.PValue!.Value, 12);
        Assert.True(pair.ToldApart);
        Assert.Equal(
            "On this data, by accuracy, a is better than b; c is better than b. The other pair can't be told apart.", found.Sentence);
    }

    [Fact]
    public void Networks_of_the_paper_that_differ_by_chance_cannot_be_told_apart()
    {
        var random = new CounterRandom(1);
        List<NetworkResult> networks = [];
        for (int n = 0; n < 12; n++)
            networks.Add(Network($"n{n:00}", [.. Enumerable.Range(0, 5).Select(_ => random.NextUniform(0.88, 0.96))]));
        var found = Distinguishable.Of(networks, "accuracy", f => f.Accuracy);
        Assert.Equal(66, found.Pairs.Count);
        Assert.Equal("On this data none of the twelve networks can be told apart from another by accuracy.", found.Sentence);
    }

    [Fact]
    public void One_better_network_is_named_with_all_it_beats()
    {
        var found = Distinguishable.Of(
            [Network("x", 0.95, 0.951, 0.949), Network("y", 0.5, 0.502, 0.501), Network("z", 0.6, 0.601, 0.6), Network("y2", 0.501, 0.5, 0.5)],
            "AUC", f => f.Accuracy);
        Assert.StartsWith("On this data, by AUC, x is better than y, y2 and z; z is better than y and y2.", found.Sentence, StringComparison.Ordinal);
        Assert.EndsWith("The other pair can't be told apart.", found.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_fold_compares_nothing()
    {
        var found = Distinguishable.Of([Network("a", 0.9), Network("b", 0.1)], "accuracy", f => f.Accuracy);
        var pair = Assert.Single(found.Pairs);
        Assert.Equal((null, 1, false), (pair.Test, pair.AdjustedPValue, pair.ToldApart));
        Assert.Equal("The networks can't be compared, which takes at least two folds.", found.Sentence);
    }

    [Fact]
    public void Equal_differences_in_every_fold_count_as_not_told_apart()
    {
        var found = Distinguishable.Of([Network("a", 0.75, 0.75), Network("b", 0.5, 0.5)], "accuracy", f => f.Accuracy);
        Assert.False(Assert.Single(found.Pairs).ToldApart);
        Assert.Equal("On this data the two networks can't be told apart by accuracy.", found.Sentence);
    }

    [Fact]
    public void Folds_where_a_figure_is_undefined_are_left_out()
    {
        var found = Distinguishable.Of(
            [Network("a", 0.9, 0.8, 0.85), Network("b", 0.9, 0.7, 0.8)], "figure", f => f.Accuracy == 0.7 ? null : f.Accuracy);
        Assert.Equal(1, Assert.Single(found.Pairs).Test!.DegreesOfFreedom);
    }

    [Fact]
    public void One_network_has_none_to_be_told_apart_from()
    {
        Assert.Equal("There are no two networks to tell apart.", Distinguishable.Of([Network("a", 0.5, 0.6)], "accuracy", f => f.Accuracy).Sentence);
        Assert.Empty(Distinguishable.Of([], "accuracy", f => f.Accuracy).Pairs);
    }

    [Fact]
    public void Refuses_a_network_that_is_there_twice() => Assert.Throws<ArgumentException>(
        () => Distinguishable.Of([Network("a", 0.5), Network("a", 0.5)], "accuracy", f => f.Accuracy));

    private static NetworkResult Network(string name, params double[] accuracies)
    {
        FoldResult[] folds =
        [
            .. accuracies.Select((a, fold) => new FoldResult(fold, new(50, 0, 50, 0), new(a, null, null, null, null, null))),
        ];
        FiguresOfMerit[] figures = [.. folds.Select(f => f.Figures)];
        return new(name, NetworkResult.Random, folds, FiguresOfMerit.Mean(figures), FiguresOfMerit.StandardDeviation(figures));
    }
}
