using CovidCt.Reporting.Wording;
using CovidCt.Statistics;

namespace CovidCt.Reporting.Tests.Wording;

public sealed class PairWordsTests
{
    [Fact]
    public void Both_tests_name_what_they_tell_apart() => Assert.Equal(
        "These trained networks on other patients (paired bootstrap with Holm’s correction, at 0.05), by accuracy: a is better than b; "
            + "c is better than b. The other pair can’t be told apart. Trained anew on other images (corrected resampled t-test over the "
            + "folds, with the same correction): none of the three networks can be told apart from another by accuracy.",
        PairWords.Sentences(Of([Pair("a", "b", 0.001), Pair("c", "b", 0.02), Pair("a", "c", 0.8)], "a", "b", "c"), ClusterUnit.Patient));

    [Fact]
    public void One_network_that_beats_all_others_comes_first() => Assert.Contains(
        "by AUC: x is better than y and z; z is better than y. All pairs can be told apart.",
        PairWords.Sentences(Of([Pair("z", "y", 0.01), Pair("x", "y", 0.01), Pair("x", "z", 0.01)], "x", "y", "z") with { Figure = "AUC" }, ClusterUnit.Patient)!,
        StringComparison.Ordinal);

    [Fact]
    public void Without_a_test_over_folds_none_is_claimed()
    {
        var words = PairWords.Sentences(Of([Pair("a", "b", 0.2) with { ResampledPValue = null }], "a", "b"), ClusterUnit.Image)!;
        Assert.Contains("on other images (paired bootstrap", words, StringComparison.Ordinal);
        Assert.Contains("the two networks can’t be told apart by accuracy.", words, StringComparison.Ordinal);
        Assert.EndsWith("can’t be tested, which takes figures of at least two folds.", words, StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_network_is_compared_with_none() => Assert.Null(PairWords.Sentences(Of([], "a"), ClusterUnit.Patient));

    [Theory]
    [InlineData(null, "—")]
    [InlineData(0.0004, "< 0.001")]
    [InlineData(0.0312, "0.031")]
    public void P_values_have_three_decimals(double? p, string words) => Assert.Equal(words, PairWords.PValue(p));

    [Fact]
    public void The_caption_names_the_figure() => Assert.StartsWith("Pairs of networks by AUC", PairWords.Caption("AUC"), StringComparison.Ordinal);

    [Theory]
    [InlineData(1, "The difference to m of other leaves out 1 image, whose labels differ between the two.")]
    [InlineData(12, "The difference to m of other leaves out 12 images, whose labels differ between the two.")]
    public void Images_of_two_labels_are_said_to_be_left_out(int images, string words) =>
        Assert.Equal(words, PairWords.Relabelled("other", "m", images));

    private static Distinguishable Of(NetworkPair[] pairs, params string[] networks) => new("accuracy", 0.05, networks, pairs);

    private static NetworkPair Pair(string better, string worse, double p) =>
        new(better, worse, new(0.1, new(0.05, 0.15, 0.95)), p, p <= 0.05, 0.4, false);
}
