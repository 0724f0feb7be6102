using CovidCt.Cli.Output;
using CovidCt.Statistics;

namespace CovidCt.Cli.Tests;

public sealed class PrecisionChangeTests
{
    [Theory]
    [InlineData(-0.001, 0.0029, "They are equal: the AUC by patient differs by +0.10 (−0.10 to +0.29), within ±0.3 points.")]
    [InlineData(
        -0.001, 0.0031, "That they are equal isn't shown: the AUC by patient differs by +0.10 (−0.10 to +0.31), and not surely within ±0.3 points.")]
    public void The_verdict_is_that_of_the_interval(double low, double high, string expected) =>
        Assert.Equal(expected, Change(new(0.001, new(low, high, 0.95)), classes: 2).Verdict);

    [Fact]
    public void What_cannot_be_judged_is_said()
    {
        Assert.Contains("of one class", Change(new(0.001, new(0, 0.001, 0.95)), classes: 1).Verdict, StringComparison.Ordinal);
        Assert.Contains("whose the test images are", Change(patients: null, classes: 2).Verdict, StringComparison.Ordinal);
        Assert.Contains("is undefined", Change(new(null, null), classes: 2).Verdict, StringComparison.Ordinal);
        Assert.Contains("has no interval", Change(new(0, null), classes: 2).Verdict, StringComparison.Ordinal);
    }

    private static PrecisionChange Change(EstimatedFigure? patients, int classes) =>
        new(new(Of(new(0, null)), patients is null ? null : Of(patients)), 0, 10, classes);

    private static FigureIntervals Of(EstimatedFigure figure) => new(figure, figure, figure, figure, figure, figure);
}
