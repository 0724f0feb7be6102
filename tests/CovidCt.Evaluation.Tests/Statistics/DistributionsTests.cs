using CovidCt.Statistics;

namespace CovidCt.Evaluation.Tests.Statistics;

public sealed class DistributionsTests
{
    [Fact]
    public void Quantiles_equal_SciPy()
    {
        foreach (var golden in GoldenStatistics.Cases("normal").Select(g => g.Numbers()))
            Assert.Equal(golden[1], Distributions.TwoSidedNormal(golden[0]), GoldenStatistics.Tolerance);
        foreach (var golden in GoldenStatistics.Cases("student").Select(g => g.Numbers()))
            Assert.Equal(golden[2], Distributions.TwoSidedStudent(golden[0], golden[1]), GoldenStatistics.Tolerance);
    }

    [Fact]
    public void Tails_equal_SciPy()
    {
        foreach (var golden in GoldenStatistics.Cases("studentP").Select(g => g.Numbers()))
            Assert.Equal(golden[2], Distributions.TwoSidedStudentP(golden[0], golden[1]), GoldenStatistics.Tolerance);
        Assert.Equal(0.05, Distributions.TwoSidedNormalP(1.959963984540054), GoldenStatistics.Tolerance);
        Assert.Equal(1, Distributions.TwoSidedNormalP(0));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 9)]
    [InlineData(0.5, 4)]
    [InlineData(0.125, 1.75)]
    [InlineData(-1, 1)]
    [InlineData(2, 9)]
    public void Sample_quantiles_are_linear_between_the_values(double q, double expected) =>
        Assert.Equal(expected, Distributions.Quantile([1, 2.5, 4, 8, 9], q), 15);
}
