using CsCheck;

namespace CovidCt.Evaluation.Tests.Evaluation;

public sealed class FiguresOfMeritTests
{
    private static readonly Gen<(bool, double)[]> Outcomes =
        Gen.Select(Gen.Bool, Gen.Int[0, 20].Select(v => v / 20.0)).Array[0, 60];

    [Fact]
    public void Equals_scikit_learn()
    {
        foreach (var golden in GoldenMetrics.Cases())
        {
            (bool, double)[] outcomes =
            [
                .. golden.GetProperty("actual").EnumerateArray().Zip(
                    golden.GetProperty("probability").EnumerateArray(), (a, p) => (a.GetInt32() == 1, p.GetDouble())),
            ];
            string name = golden.GetProperty("name").GetString()!;
            Assert.Equal(GoldenMetrics.Matrix(golden), ConfusionMatrix.From(outcomes));
            GoldenMetrics.AssertFigures(golden, FiguresOfMerit.From(outcomes), name);
        }
    }

    [Fact]
    public void The_area_is_the_share_of_pairs_in_the_right_order_ties_counted_half() => Outcomes.Sample(outcomes =>
    {
        double[] positives = [.. outcomes.Where(o => o.Item1).Select(o => o.Item2)];
        double[] negatives = [.. outcomes.Where(o => !o.Item1).Select(o => o.Item2)];
        double pairs = positives.Sum(p => negatives.Sum(n => p > n ? 1.0 : p == n ? 0.5 : 0));
        double? expected = positives.Length * negatives.Length == 0 ? null : pairs / (positives.Length * negatives.Length);
        Assert.Equal(expected, FiguresOfMerit.AreaUnderCurve(outcomes));
    });

    [Fact]
    public void The_area_turns_over_with_the_classes() => Outcomes.Sample(outcomes =>
    {
        double? area = FiguresOfMerit.AreaUnderCurve(outcomes);
        double? turned = FiguresOfMerit.AreaUnderCurve(outcomes.Select(o => (!o.Item1, o.Item2)));
        Assert.True(area is null ? turned is null : Math.Abs(area.Value + turned!.Value - 1) < 1e-15 * 4);
    });

    [Fact]
    public void The_order_of_the_outcomes_changes_no_bit() => Gen.Select(Outcomes, Gen.Int).Sample((outcomes, seed) =>
    {
        var shuffled = outcomes.ToArray();
        new Random(seed).Shuffle(shuffled);
        Assert.Equal(FiguresOfMerit.From(outcomes), FiguresOfMerit.From(shuffled));
    });

    [Fact]
    public void Every_figure_is_undefined_without_images() =>
        Assert.Equal(new FiguresOfMerit(null, null, null, null, null, null), FiguresOfMerit.From([]));

    [Fact]
    public void Mean_and_deviation_leave_out_the_folds_where_a_figure_is_undefined()
    {
        FiguresOfMerit[] folds =
        [
            new(0.5, null, 0.2, null, null, 0.9),
            new(0.7, null, null, null, 0.4, 0.9),
            new(0.9, null, 0.4, null, null, 0.9),
        ];
        var mean = FiguresOfMerit.Mean(folds);
        var deviation = FiguresOfMerit.StandardDeviation(folds);
        Assert.Equal(0.7, mean.Accuracy!.Value, 15);
        Assert.Equal(0.2, deviation.Accuracy!.Value, 15);
        Assert.Equal(0.3, mean.Sensitivity!.Value, 15);
        Assert.Equal(0.2 / Math.Sqrt(2), deviation.Sensitivity!.Value, 15);
        Assert.Equal((0.4, (double?)null), (mean.F1!.Value, deviation.F1));
        Assert.Equal((null, null), (mean.Precision, deviation.Precision));
        Assert.Equal(0, deviation.Auc);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Refuses_a_probability_that_is_no_number(double probability)
    {
        (bool, double)[] outcomes = [(true, 0.5), (false, probability)];
        Assert.Throws<ArgumentException>(() => FiguresOfMerit.From(outcomes));
        Assert.Throws<ArgumentException>(() => FiguresOfMerit.AreaUnderCurve(outcomes));
        Assert.Throws<ArgumentException>(() => ConfusionMatrix.From(outcomes));
    }
}
