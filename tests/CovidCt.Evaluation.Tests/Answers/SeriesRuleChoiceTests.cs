using CovidCt.Answers;
using CovidCt.Records;
using CovidCt.Tests;

namespace CovidCt.Evaluation.Tests.Answers;

public sealed class SeriesRuleChoiceTests
{
    [Fact]
    public void The_rule_that_tells_series_apart_best_is_chosen_with_the_cut_between_them()
    {
        // Of the positive ones one slice alone is high, which the mean can't see.
        var choice = SeriesRuleChoice.Of([.. Series("a", "COVID", 0, 0.9, 0.1, 0.1), .. Series("b", "COVID", 0, 0.8, 0.1, 0.1), .. Series("c", "well", 0, 0.6, 0.6, 0.6), .. Series("d", "well", 0, 0.2, 0.3, 0.2)], "COVID")!;
        Assert.Equal(("top:1", 1, 4), (choice.Rule.ToString(), choice.Auc, choice.Series));
        Assert.Equal(0.7, choice.Rule.Cut, 12);
    }

    [Fact]
    public void Of_equally_good_rules_it_is_the_mean_and_of_equally_good_cuts_that_nearest_to_one_half()
    {
        var choice = SeriesRuleChoice.Of([.. Series("a", "COVID", 0, 0.9, 0.9), .. Series("b", "well", 0, 0.2, 0.2)], "COVID")!;
        Assert.Equal("mean", choice.Rule.ToString());
        Assert.Equal(0.55, choice.Rule.Cut, 12);
        Assert.Null(SeriesRuleChoice.Of(Series("a", "COVID", 0, 0.9), "COVID"));
    }

    [Fact]
    public void A_series_has_no_say_in_the_rule_that_it_is_judged_by()
    {
        var random = new Random(5);
        List<Prediction> predictions = [.. Enumerable.Range(0, 12).SelectMany(series => Series(
            $"s{series}", series % 2 == 0 ? "COVID" : "well", series % 3, [.. Enumerable.Range(0, 6).Select(_ => random.NextDouble())]))];
        var before = SeriesPrediction.From(predictions, "COVID");
        var changed = SeriesPrediction.From(predictions.Select(one => one.Path.StartsWith("s4/", StringComparison.Ordinal) ? one with { Probability = 1 - one.Probability, Label = "well" } : one), "COVID");

        Assert.Equal(12, before.Count);
        Assert.All(before.Zip(changed).Where(pair => pair.First.Fold == 1), pair => Assert.Equal(pair.First.Rule, pair.Second.Rule));
        Assert.All(before, one => Assert.Equal(one.Rule!.Of([.. predictions.Where(prediction => SeriesRuleChoice.SeriesOf(prediction.Path) == one.Series).Select(prediction => prediction.Probability)]), one.Score));
    }

    [Fact]
    public void Series_are_written_a_row_each()
    {
        using var folder = new TemporaryFolder();
        SeriesPrediction.Write(folder["series.csv"], SeriesPrediction.From([.. Series("a", "COVID", 0, 0.75, 0.25), .. Series("b", "well", 1, 0.5)], "COVID"));
        Assert.Equal(
            ["series,label,patient,network,fold,slices,mean,rule,cut,score", "a,COVID,,net,0,2,0.5,,,", "b,well,,net,1,1,0.5,,,"],
            File.ReadAllLines(folder["series.csv"]));
    }

    private static IEnumerable<Prediction> Series(string name, string label, int fold, params double[] probabilities) =>
        probabilities.Select((probability, slice) => new Prediction($"{name}/{slice:0000}", label, null, "net", fold, probability));
}
