using CovidCt.Reporting.Wording;
using CovidCt.Statistics;

namespace CovidCt.Reporting.Tests.Wording;

public sealed class NumbersTests
{
    [Fact]
    public void Shares_are_per_cent_with_one_decimal() => Assert.Equal(
        ("12.3", "12.3 ± 4.0", "12.3", "—"),
        (Numbers.Percent(0.1234), Numbers.Percent(0.1234, 0.04), Numbers.Percent(0.1234, null), Numbers.Percent(null, null)));

    [Fact]
    public void Intervals_stand_in_brackets() => Assert.Equal(
        ("50.0 (40.0 to 60.0)", "50.0", "—", "40.0 to 60.0"),
        (Numbers.Estimate(0.5, Interval), Numbers.Estimate(0.5, null), Numbers.Estimate(null, Interval), Numbers.Range(Interval)));

    [Fact]
    public void Differences_have_their_sign() => Assert.Equal(
        ("+50.0 (+40.0 to +60.0)", "−1.0", "0.0"), (Numbers.Points(0.5, Interval), Numbers.Points(-0.01, null), Numbers.Points(0, null)));

    [Theory]
    [InlineData(1, "1 class", "is", "was")]
    [InlineData(2, "2 classes", "are", "were")]
    public void Nouns_and_verbs_follow_their_number(int count, string noun, string present, string past) => Assert.Equal(
        (noun, present, past), (Numbers.Counted(count, "class", "classes"), Numbers.AreOf(count), Numbers.WereOf(count)));

    [Fact]
    public void Small_numbers_are_words() => Assert.Equal(("no", "twelve", "13"), (Numbers.Numeral(0), Numbers.Numeral(12), Numbers.Numeral(13)));

    [Fact]
    public void Other_numbers_have_two_or_three_decimals() => Assert.Equal(
        ("0.12", "—", "0.123", "25.0 % (3 of 12)", "0.50"),
        (Numbers.Two(0.1234), Numbers.Two((double?)null), Numbers.Three(0.1234), Numbers.Share(3, 12), Numbers.Hours(TimeSpan.FromMinutes(30))));

    [Fact]
    public void Two_decimals_have_intervals_and_signs_too() => Assert.Equal(
        ("−0.50 (0.40 to 0.60)", "0.50", "—", "+0.50 (+0.40 to +0.60)", "−0.01", "—"),
        (Numbers.Two(new EstimatedFigure(-0.5, Interval)), Numbers.Two(new EstimatedFigure(0.5, null)),
            Numbers.Two(new EstimatedFigure(null, null)), Numbers.SignedTwo(new(0.5, Interval)), Numbers.SignedTwo(new(-0.01, null)),
            Numbers.SignedTwo(new(null, null))));

    private static Interval Interval => new(0.4, 0.6, 0.95);
}
