using CovidCt.Answers;
using CsCheck;

namespace CovidCt.Evaluation.Tests.Answers;

public sealed class SeriesRuleTests
{
    [Fact]
    public void A_rule_makes_one_number_of_many()
    {
        double[] probabilities = [0.1, 0.9, 0.5, 0.7];
        Assert.Equal(0.55, SeriesRule.Mean.Of(probabilities), 12);
        Assert.Equal(0.8, SeriesRule.MeanOfHighest(2).Of(probabilities), 12);
        Assert.Equal(0.55, SeriesRule.MeanOfHighest(9).Of(probabilities), 12);
        Assert.Equal(0.75, SeriesRule.ShareFrom(0.5).Of(probabilities), 12);
        Assert.Throws<ArgumentException>(() => SeriesRule.Mean.Of([]));
    }

    [Fact]
    public void The_order_of_slices_does_not_matter_and_the_number_is_a_share() =>
        Gen.Select(Gen.Double[0, 1].Array[1, 40], Gen.OneOf(Gen.Const("mean"), Gen.Const("top:1"), Gen.Const("top:5"), Gen.Const("share:0.3"))).Sample((probabilities, rule) =>
        {
            var (one, other) = (SeriesRule.Parse(rule)!.Of(probabilities), SeriesRule.Parse(rule)!.Of([.. probabilities.Reverse()]));
            return Math.Abs(one - other) < 1e-12 && one is >= 0 and <= 1;
        });

    [Theory]
    [InlineData("mean")]
    [InlineData("top:3")]
    [InlineData("share:0.25")]
    public void A_rule_is_read_as_it_is_written(string text) => Assert.Equal(text, SeriesRule.Parse(text)?.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("median")]
    [InlineData("top:0")]
    [InlineData("top:")]
    [InlineData("share:1.5")]
    [InlineData("share:-1")]
    [InlineData("top:3:4")]
    public void What_is_no_rule_is_none(string text) => Assert.Null(SeriesRule.Parse(text));
}
