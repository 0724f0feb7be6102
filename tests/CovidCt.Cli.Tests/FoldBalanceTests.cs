using CovidCt.Cli.Output;

namespace CovidCt.Cli.Tests;

public sealed class FoldBalanceTests
{
    [Fact]
    public void The_balance_of_a_class_is_that_of_the_test_parts() => Assert.Equal(
        ["COVID 1 patients, 1 images", "other 0 to 1 patients, 0 to 1 images"],
        FoldBalance.Of(
        [
            new("a.png", "COVID", "p1", "Oslo", 0),
            new("b, c.png", "COVID", "p1", "Oslo", 1),
            new("d.png", "other", "p2", null, 1),
            new("e.png", "other", "p3", "Ulm", null),
        ]).Select(balance => balance.ToString()));
}
