using CovidCt.Data;
using CovidCt.Recipes;
using CovidCt.Records;
using CovidCt.Statistics;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Records;

public sealed class ControlVerdictsTests
{
    [Fact]
    public void Random_labels_are_judged_by_the_mean_of_the_draws_and_not_by_their_spread()
    {
        // Five points above chance, a standard error of 0.4: among single draws 0.5 is nothing unusual.
        var verdict = Assert.Single(Of(Random(0.55, 0.004)).Verdicts);

        Assert.True(verdict.Result.Interval!.Contains(0.5));
        Assert.False(verdict.IsClean);
        Assert.Equal(Distributions.TwoSidedStudentP(12.5, 99) / 2, verdict.PValue!.Value, 1e-12);
    }

    [Fact]
    public void Other_controls_are_judged_by_the_lower_half_of_their_interval()
    {
        Assert.Equal(0.025, Assert.Single(Of(Background(0.6, 0.5)).Verdicts).PValue!.Value, 1e-9);
        Assert.False(Assert.Single(Of(Background(0.6, 0.51)).Verdicts).IsClean);
        Assert.True(Assert.Single(Of(Background(0.6, 0.47)).Verdicts).IsClean);
        Assert.True(Assert.Single(Of(Background(0.4, 0.3)).Verdicts).PValue > 0.95);
    }

    [Fact]
    public void The_more_controls_there_are_the_further_one_must_be_off_and_the_larger_a_leak_has_to_be() =>
        Gen.Select(Gen.Double[0.48, 0.56], Gen.Double[0.001, 0.02], Gen.Int[1, 40]).Sample((auc, error, others) =>
        {
            var alone = Of(Random(auc, error)).Verdicts[0];
            var among = Of([Random(auc, error), .. Enumerable.Repeat(Random(0.5, 0.01), others)]).Verdicts[0];

            Assert.Equal(alone.PValue, among.PValue);
            Assert.True(among.AdjustedPValue >= alone.AdjustedPValue);
            Assert.True(among.Detectable > alone.Detectable);
            Assert.InRange(among.Detectable!.Value, 0.5, 1);
        });

    [Fact]
    public void A_leak_of_the_size_that_is_stated_is_found_four_times_in_five()
    {
        const int times = 4000;
        var random = new Random(5);
        var detectable = Of(Random(0.5, 0.004)).Verdicts[0].Detectable!.Value;

        var found = Enumerable.Range(0, times).Count(_ =>
        {
            double[] draws = [.. Enumerable.Range(0, 100).Select(_ => detectable + (0.04 * Distributions.NormalQuantile(1 - random.NextDouble())))];
            var mean = draws.Average();
            return Of(Random(mean, Math.Sqrt(draws.Sum(draw => (draw - mean) * (draw - mean)) / 99 / 100))).Verdicts[0].IsClean == false;
        });

        Assert.InRange((double)found / times, 0.77, 0.83);
    }

    [Fact]
    public void The_data_are_no_control_and_what_is_older_than_standard_errors_is_not_judged()
    {
        var older = Random(0.7, 0.01) with { StandardError = null };
        var report = Of(new(ControlKind.Real, GroupBy.Image, ControlReport.Classifier.Head, 0.9, new(0.8, 0.95, 0.95), 0.8), older, Random(0.5, 0.01));

        Assert.Equal([older, Random(0.5, 0.01)], report.Verdicts.Select(verdict => verdict.Result));
        Assert.Equal([null, true], report.Verdicts.Select(verdict => verdict.IsClean));
        Assert.Equal(report.Verdicts[1].PValue, report.Verdicts[1].AdjustedPValue);
    }

    [Fact]
    public void Draws_that_are_all_the_same_are_at_chance_or_above_it() =>
        Assert.Equal([true, false], Of(Random(0.5, 0), Random(0.51, 0)).Verdicts.Select(verdict => verdict.IsClean));

    private static ControlReport Of(params ControlReport.Result[] results) => new(100, 0, [new("resnet18", "random", results)]);

    private static ControlReport.Result Random(double auc, double error) =>
        new(ControlKind.RandomLabels, GroupBy.Image, ControlReport.Classifier.Head, auc, new(auc - 0.08, auc + 0.08, 0.95), 0.5) { StandardError = error };

    private static ControlReport.Result Background(double auc, double low) =>
        new(ControlKind.BackgroundOnly, GroupBy.Image, ControlReport.Classifier.Head, auc, new(low, auc + 0.1, 0.95), 0.5);
}
