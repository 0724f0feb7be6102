using CovidCt.Statistics;

namespace CovidCt.Evaluation.Tests.Statistics;

public sealed class DistinguishableTests
{
    [Fact]
    public void Tests_every_pair_in_both_ways_and_corrects_each()
    {
        NetworkResult[] networks = [Network("b", 0.70, 0.72, 0.69, 0.71, 0.70), Network("c", 0.91, 0.90, 0.92, 0.91, 0.90), Network("a", 0.90, 0.91, 0.90, 0.93, 0.90)];
        var found = Of(networks, [Pair("a", "b", 0.2, 0.001), Pair("a", "c", 0, 0.8), Pair("b", "c", -0.204, 0.01)]);
        Assert.Equal(["a", "b", "c"], found.Networks);

        var first = CorrectedResampledTTest.Of([0.90 - 0.70, 0.91 - 0.72, 0.90 - 0.69, 0.93 - 0.71, 0.90 - 0.70], 0.25)!.PValue!.Value;
        var second = CorrectedResampledTTest.Of([0.91 - 0.70, 0.90 - 0.72, 0.92 - 0.69, 0.91 - 0.71, 0.90 - 0.70], 0.25)!.PValue!.Value;
        var holm = Holm.Adjust([first, 1, second]);
        Assert.Equal([("a", "b"), ("c", "b"), ("a", "c")], found.Pairs.Select(pair => (pair.Better, pair.Worse)));
        Assert.Equal([0.003, 0.02, 0.8], found.Pairs.Select(pair => Math.Round(pair.PValue!.Value, 12)));
        Assert.Equal(holm[0], found.Pairs[0].ResampledPValue!.Value, 12);
        Assert.Equal(holm[2], found.Pairs[1].ResampledPValue!.Value, 12);
        Assert.Equal([true, true, false], found.Pairs.Select(pair => pair.ToldApart));
        Assert.Equal([true, true, false], found.Pairs.Select(pair => pair.ToldApartByFolds));
    }

    [Fact]
    public void A_difference_is_turned_so_that_the_better_network_comes_first()
    {
        var pair = Assert.Single(Of([Network("a", 0.5, 0.5), Network("b", 0.7, 0.75)], [Pair("a", "b", -0.2, 0.01)]).Pairs);
        Assert.Equal(("b", "a", 0.2), (pair.Better, pair.Worse, pair.Difference.Value));
        Assert.Equal(new(0.1, 0.3, 0.95), pair.Difference.Interval! with { Low = Math.Round(pair.Difference.Interval.Low, 12), High = Math.Round(pair.Difference.Interval.High, 12) });
    }

    [Fact]
    public void The_ratio_of_test_to_training_images_is_that_of_all_folds_though_only_some_are_finished()
    {
        var networks = new[] { Network("a", 0.9, 0.95), Network("b", 0.7, 0.72) };
        var pair = Assert.Single(Of(networks, [Pair("a", "b", 0.2, 0.01)], folds: 5).Pairs);
        Assert.Equal(CorrectedResampledTTest.Of([0.9 - 0.7, 0.95 - 0.72], 0.25)!.PValue!.Value, pair.ResampledPValue!.Value, 12);
    }

    [Fact]
    public void Pooled_folds_are_not_tested_one_by_one_and_their_order_is_that_of_the_pooled_figures()
    {
        // Every fold is for a, and the images together are for b.
        var found = Of([Network("a", 0.9, 0.95, 0.8), Network("b", 0.7, 0.72, 0.7)], [Pair("a", "b", -0.1, 0.01)], summary: FoldSummary.Pooled);
        var pair = Assert.Single(found.Pairs);
        Assert.Equal(("b", null, false), (pair.Better, pair.ResampledPValue, pair.ToldApartByFolds));
    }

    [Fact]
    public void A_single_fold_has_no_test_over_folds()
    {
        var pair = Assert.Single(Of([Network("a", 0.9), Network("b", 0.1)], [Pair("a", "b", 0.8, 0.001)], folds: 1).Pairs);
        Assert.Equal((true, null, false), (pair.ToldApart, pair.ResampledPValue, pair.ToldApartByFolds));
    }

    [Fact]
    public void Equal_differences_in_every_fold_and_pairs_without_a_p_value_count_as_not_told_apart()
    {
        var pair = Assert.Single(Of([Network("a", 0.75, 0.75), Network("b", 0.5, 0.5)], [Pair("a", "b", 0.25, null)]).Pairs);
        Assert.Equal((null, false, null, false), (pair.PValue, pair.ToldApart, pair.ResampledPValue, pair.ToldApartByFolds));
    }

    [Fact]
    public void Folds_where_a_figure_is_undefined_are_left_out()
    {
        var found = Distinguishable.Of(
            [Network("a", 0.9, 0.8, 0.85), Network("b", 0.9, 0.7, 0.8)], 3, "figure", f => f.Accuracy == 0.7 ? null : f.Accuracy, [Pair("a", "b", 0.1, 0.5)]);
        Assert.Equal(CorrectedResampledTTest.Of([0, 0.85 - 0.8], 0.5)!.PValue!.Value, Assert.Single(found.Pairs).ResampledPValue!.Value, 12);
    }

    [Fact]
    public void One_network_has_none_to_be_told_apart_from() => Assert.Empty(Of([Network("a", 0.5, 0.6)], []).Pairs);

    [Fact]
    public void Refuses_a_network_that_is_there_twice_and_one_that_is_not_there()
    {
        Assert.Throws<ArgumentException>(() => Of([Network("a", 0.5), Network("a", 0.5)], []));
        Assert.Throws<ArgumentException>(() => Of([Network("a", 0.5)], [Pair("a", "b", 0, 1)]));
    }

    private static Distinguishable Of(
        NetworkResult[] networks, PairedDifference[] differences, int? folds = null, FoldSummary summary = FoldSummary.Mean) =>
        Distinguishable.Of(networks, folds ?? networks[0].Folds.Count, "accuracy", f => f.Accuracy, differences, summary);

    private static PairedDifference Pair(string first, string second, double difference, double? p) =>
        new(first, second, new(difference, new(difference - 0.1, difference + 0.1, 0.95)), p);

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
