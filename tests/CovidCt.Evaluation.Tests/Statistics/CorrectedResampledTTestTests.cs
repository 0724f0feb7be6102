using CovidCt.Statistics;

namespace CovidCt.Evaluation.Tests.Statistics;

public sealed class CorrectedResampledTTestTests
{
    [Fact]
    public void Equals_SciPy()
    {
        foreach (var golden in GoldenStatistics.Cases("resampled"))
        {
            double[] differences = golden.Numbers("differences");
            var test = CorrectedResampledTTest.Of(differences, golden.Number("ratio"))!;
            Close("mean", test.MeanDifference);
            Close("error", test.StandardError);
            Close("t", test.T!.Value);
            Close("p", test.PValue!.Value);
            Close("low", test.Interval!.Low);
            Close("high", test.Interval.High);
            Assert.Equal(differences.Length - 1, test.DegreesOfFreedom);

            void Close(string name, double actual) => Assert.Equal(golden.Number(name), actual, GoldenStatistics.Tolerance);
        }
    }

    [Fact]
    public void Equal_networks_do_not_differ() =>
        Assert.Equal(new ResampledTTest(0, 0, null, 2, 1, null), CorrectedResampledTTest.Of([0.0, 0, 0], 0.5));

    [Fact]
    public void Equal_differences_tell_nothing_of_their_spread() =>
        Assert.Equal(new ResampledTTest(0.1, 0, null, 2, null, null), CorrectedResampledTTest.Of([0.1, 0.1, 0.1], 0.5));

    [Fact]
    public void One_fold_makes_no_test()
    {
        Assert.Null(CorrectedResampledTTest.Of([0.1], 0.25));
        Assert.Null(CorrectedResampledTTest.Of([], 0.25));
    }

    [Fact]
    public void Refuses_what_is_no_number()
    {
        Assert.Throws<ArgumentException>(() => CorrectedResampledTTest.Of([0.1, double.NaN], 0.25));
        Assert.Throws<ArgumentOutOfRangeException>(() => CorrectedResampledTTest.Of([0.1, 0.2], -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => CorrectedResampledTTest.Of([0.1, 0.2], double.PositiveInfinity));
    }
}
