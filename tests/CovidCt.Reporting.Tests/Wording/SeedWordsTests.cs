using CovidCt.Records;
using CovidCt.Reporting.Wording;
using CovidCt.Statistics;

namespace CovidCt.Reporting.Tests.Wording;

public sealed class SeedWordsTests
{
    [Theory]
    [InlineData(3, 3, "Each network was trained from three seeds on the same folds.")]
    [InlineData(1, 20, "Each network was trained from one to 20 seeds on the same folds.")]
    public void The_first_seed_is_told_from_the_others(int least, int most, string words)
    {
        Assert.StartsWith(words, SeedWords.First(least, most), StringComparison.Ordinal);
        Assert.EndsWith("are those of the first seed, but for what is said to be over seeds.", SeedWords.First(least, most), StringComparison.Ordinal);
    }

    [Fact]
    public void A_further_training_says_which_it_is() =>
        Assert.StartsWith("This is training 3 of the networks of another study, from another seed on the same folds.", SeedWords.Further(2), StringComparison.Ordinal);

    [Fact]
    public void A_network_has_its_means_and_their_spread()
    {
        var figure = new EstimatedFigure(0.9, new(0.8, 0.95, 0.95));
        var spread = new SeedSpread(
            "resnet18", 2, new(figure, figure, figure, figure, figure, new(null, null)), new(0.01, 0.01, 0.01, 0.01, 0.01, null));

        Assert.Equal(
            "ResNet18 over two seeds: Accuracy 90.0 ± 1.0, Precision 90.0 ± 1.0, Sensitivity 90.0 ± 1.0, Specificity 90.0 ± 1.0, F1 90.0 ± 1.0, AUC —",
            SeedWords.Spread("ResNet18", spread));
        Assert.Equal(("90.0 (80.0 to 95.0) ± 1.0", "—"), (SeedWords.Figure(figure, 0.01), SeedWords.Figure(new(null, null), null)));
    }

    [Fact]
    public void Intervals_over_seeds_hold_for_other_trainings()
    {
        var words = SeedWords.Meaning(ClusterUnit.Patient);
        Assert.StartsWith("95 % intervals by bootstrap (BCa) over seeds, and over patients", words, StringComparison.Ordinal);
        Assert.Contains("other trainings by the same recipe", words, StringComparison.Ordinal);
        Assert.DoesNotContain("nor for the chance in training", words, StringComparison.Ordinal);
    }
}
