using CovidCt.Calibration;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Calibration;

public sealed class WeightedThresholdTests
{
    private static readonly Gen<(int Fold, bool Actual, double Probability, int Cluster)[]> Rows = Gen.Select(
        Gen.Int[0, 2], Gen.Bool, Gen.Int[0, 20].Select(v => v / 20.0), Gen.Int[0, 9]).Array[0, 40].Select(drawn =>
        ((int, bool, double, int)[])[(0, true, 0.3, 0), (1, true, 0.6, 1), (2, true, 0.9, 2), .. drawn]);

    [Fact]
    public void Figures_of_weights_are_those_of_repeated_images() => Gen.Select(Rows, Gen.Int[0, 3].Array[10], Gen.Double[0.05, 1]).Sample((rows, weights, wanted) =>
    {
        var point = new WeightedThreshold(wanted, rows);
        var figures = new double?[WeightedThreshold.Figures];
        point.Compute(weights, figures);
        var repeated = rows.SelectMany(row => Enumerable.Repeat(row, weights[row.Cluster])).ToList();
        var chosen = new ConfusionMatrix(0, 0, 0, 0);
        ConfusionMatrix? anew = new(0, 0, 0, 0);
        for (int fold = 0; fold < 3; fold++)
        {
            (bool, double)[] tested = [.. Of(repeated, row => row.Fold == fold)];
            var threshold = OperatingPoint.ForSensitivity([.. Of(rows, row => row.Fold != fold)], wanted)!.Threshold;
            Assert.Equal(threshold, point.Thresholds[fold]);
            chosen += ConfusionMatrix.From(tested, threshold);
            anew = OperatingPoint.ForSensitivity([.. Of(repeated, row => row.Fold != fold)], wanted) is { } again && anew is not null
                ? anew + again.On(tested)
                : null;
        }

        Assert.Equal([chosen.Sensitivity, chosen.Specificity, chosen.Precision, anew?.Specificity], figures);
    });

    [Fact]
    public void Counts_are_over_all_folds_at_their_own_thresholds() => Rows.Sample(rows =>
    {
        var point = new WeightedThreshold(0.9, rows);
        Assert.Equal(rows.Length, point.Counts.Total);
        Assert.Equal(
            rows.Count(row => row.Actual && row.Probability >= point.Thresholds[row.Fold]), point.Counts.TruePositives);
    });

    private static IEnumerable<(bool, double)> Of(
        IEnumerable<(int Fold, bool Actual, double Probability, int Cluster)> rows, Func<(int Fold, bool Actual, double Probability, int Cluster), bool> wanted) =>
        rows.Where(wanted).Select(row => (row.Actual, row.Probability));
}
