using CovidCt.Calibration;
using CovidCt.Evaluation.Tests.Statistics;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Calibration;

public sealed class CalibrationRegressionTests
{
    [Fact]
    public void Equals_scikit_learn_and_SciPy()
    {
        foreach (var (outcomes, golden) in GoldenCalibration.Cases())
        {
            var regression = Of(outcomes);
            foreach (var expected in golden.GetProperty("regressions").EnumerateArray())
            {
                int[] weights = expected.Integers("weights");
                Assert.Equal(expected.Number("slope"), regression.Slope(weights)!.Value, GoldenCalibration.Tolerance);
                Assert.Equal(expected.Number("inTheLarge"), regression.InTheLarge(weights)!.Value, GoldenCalibration.Tolerance);
            }
        }
    }

    [Fact]
    public void Both_are_maxima_of_the_likelihood_whatever_the_outcomes() => Outcomes.Sample(outcomes =>
    {
        var (ones, logits) = (Ones(outcomes), outcomes.Select(o => Math.Log(o.Item2 / (1 - o.Item2))).ToArray());
        var regression = Of(outcomes);
        if (regression.InTheLarge(ones) is { } level)
            Assert.Equal(0, outcomes.Zip(logits, (o, x) => (o.Item1 ? 1 : 0) - Sigmoid(level + x)).Sum(), 1e-7);
        else
            Assert.True(outcomes.All(o => o.Item1) || !outcomes.Any(o => o.Item1));

        double[] positives = [.. logits.Where((_, i) => outcomes[i].Item1)], negatives = [.. logits.Where((_, i) => !outcomes[i].Item1)];
        bool overlap = positives.Length > 0 && negatives.Length > 0 && positives.Min() < negatives.Max() && negatives.Min() < positives.Max();
        Assert.Equal(overlap, regression.Slope(ones) is not null);
    });

    [Fact]
    public void A_temperature_divides_the_slope() => Outcomes.Sample(outcomes =>
    {
        var slope = Of(outcomes).Slope(Ones(outcomes));
        var cooled = Of([.. outcomes.Select(o => (o.Item1, new NetworkCalibration(0, 0.5, 1, 1).Apply(o.Item2)))]).Slope(Ones(outcomes));
        Assert.Equal(slope is null, cooled is null);
        if (slope is { } s)
            Assert.Equal(2 * s, cooled!.Value, 1e-6 * (1 + Math.Abs(s)));
    });

    [Fact]
    public void Weights_are_repetitions() => Gen.Select(Outcomes, Gen.Int[0, 3].Array[60]).Sample((outcomes, draws) =>
    {
        int[] weights = [.. draws.Take(outcomes.Length)];
        (bool, double)[] repeated = [.. outcomes.SelectMany((o, i) => Enumerable.Repeat(o, weights[i]))];
        Close(Of(repeated).Slope(Ones(repeated)), Of(outcomes).Slope(weights));
        Close(Of(repeated).InTheLarge(Ones(repeated)), Of(outcomes).InTheLarge(weights));
    });

    [Fact]
    public void Certain_answers_are_finite()
    {
        (bool, double)[] outcomes = [(true, 1), (true, 1), (false, 1), (false, 0), (true, 0), (false, 0)];
        Assert.NotNull(Of(outcomes).Slope(Ones(outcomes)));
        Assert.NotNull(Of(outcomes).InTheLarge(Ones(outcomes)));
    }

    [Fact]
    public void Nothing_has_neither()
    {
        Assert.Null(Of([]).Slope([]));
        Assert.Null(Of([]).InTheLarge([]));
    }

    private static readonly Gen<(bool, double)[]> Outcomes = Gen.Select(Gen.Bool, Gen.Int[1, 39].Select(v => v / 40.0)).Array[0, 60];

    private static CalibrationRegression Of((bool, double)[] outcomes) => new(outcomes, [.. Enumerable.Range(0, outcomes.Length)]);

    private static int[] Ones((bool, double)[] outcomes) => [.. Enumerable.Repeat(1, outcomes.Length)];

    private static double Sigmoid(double logit) => 1 / (1 + Math.Exp(-logit));

    private static void Close(double? expected, double? actual)
    {
        Assert.Equal(expected is null, actual is null);
        if (expected is { } value)
            Assert.Equal(value, actual!.Value, 1e-6 * (1 + Math.Abs(value)));
    }
}
