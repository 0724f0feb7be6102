using CovidCt.Calibration;
using CovidCt.Evaluation.Tests.Statistics;
using CovidCt.Records;
using CovidCt.Statistics;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Records;

public sealed class SetStatisticsTests
{
    private static readonly SimulatedFolds World = new(30, 24, 3, 2, (1, 0), (1.2, 0.2), (0.8, -0.1));

    [Fact]
    public void Counts_coverage_and_size_are_those_of_the_images_sets_by_the_other_folds() => Gen.Int[0, 1000].Sample(seed =>
    {
        var predictions = World.Draw(seed);
        var sets = Of(predictions, 0.8).Sets!;
        var thresholds = ConformalSets.CrossFitted(predictions, "COVID", 0.8);

        Assert.Equal(0.8, sets.Level);
        Assert.Equal(thresholds, sets.CrossFitted);
        Assert.Equal(ConformalSets.OfFolds(predictions, "COVID", 0.8), sets.Own);
        Assert.Equal(predictions.Length, sets.All.Images);
        Assert.Equal((sets.All.Both, sets.All.Neither), (sets.Positives.Both + sets.Negatives.Both, sets.Positives.Neither + sets.Negatives.Neither));
        Assert.Equal((90, 72, 162), (sets.Positives.Clusters, sets.Negatives.Clusters, sets.All.Clusters));
        Assert.Equal(
            predictions.Count(p => thresholds[p.Fold].HoldsPositive(p.Probability) && !thresholds[p.Fold].HoldsNegative(p.Probability)), sets.All.PositiveAlone);
        Assert.Equal(
            predictions.Where(p => p.Label == "COVID").GroupBy(p => p.Patient).Average(patient =>
                patient.Average(p => thresholds[p.Fold].HoldsPositive(p.Probability) ? 1.0 : 0)),
            sets.Positives.Coverage.Value!.Value, 1e-12);
        Assert.Equal(
            predictions.GroupBy(p => p.Patient).Average(patient => patient.Average(p =>
                (thresholds[p.Fold].HoldsPositive(p.Probability) ? 1.0 : 0) + (thresholds[p.Fold].HoldsNegative(p.Probability) ? 1 : 0))),
            sets.All.Size.Value!.Value, 1e-12);
        Assert.True(sets.All.Coverage.Interval!.Contains(sets.All.Coverage.Value!.Value));
    }, iter: 3);

    [Fact]
    public void One_fold_leaves_none_to_judge_by() => Assert.Null(Of(World.Draw(1).Where(p => p.Fold == 0), 0.9).Sets);

    [Fact]
    public void Sets_that_rule_nothing_out_hold_all_with_an_interval_as_of_so_many_patients()
    {
        var sets = Of(new SimulatedFolds(3, 3, 1, 2, (1, 0), (1, 0)).Draw(2), 0.9).Sets!;

        Assert.Equal((6, 0, 0, 0), (sets.Positives.Both, sets.Positives.PositiveAlone, sets.Positives.NegativeAlone, sets.Positives.Neither));
        Assert.Equal(new(1, Interval.OfShare(6, 6)), sets.Positives.Coverage);
        Assert.Equal(new(2, null), sets.Positives.Size);
    }

    [Fact]
    public void Groups_add_up_to_all_images_and_few_patients_have_no_interval()
    {
        var predictions = World.Draw(5);
        var columns = new ImageColumns(
            ["sex"], predictions.ToDictionary(p => p.Path, p => (IReadOnlyDictionary<string, string>)new Dictionary<string, string>
            {
                ["sex"] = p.Patient is "0-0" or "1-1" ? "F" : "M",
            }));
        var sets = Of(predictions, 0.9).Sets!;

        var groups = sets.ByGroup(predictions, "COVID", columns).ToList();

        Assert.Equal(["F", "M"], groups.Select(group => group.Band.Value));
        Assert.Equal(sets.Positives.PositiveAlone, groups.Sum(group => group.Positives.PositiveAlone));
        Assert.Equal(sets.All.Images, groups.Sum(group => group.Positives.Images + group.Negatives.Images));
        Assert.Equal((2, 0), (groups[0].Positives.Clusters, groups[0].Negatives.Clusters));
        Assert.Null(groups[0].Positives.Coverage.Interval);
        Assert.Null(groups[0].Negatives.Coverage.Value);
        Assert.NotNull(groups[1].Positives.Coverage.Interval);
    }

    private static NetworkStatistics Of(IEnumerable<Prediction> predictions, double level) => NetworkStatistics.Of(
        predictions, "COVID", FoldSummary.Mean, TestContext.Current.CancellationToken, new BootstrapOptions { Resamples = 200 }, level);
}
