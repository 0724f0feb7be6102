using CovidCt.Reporting.Wording;

namespace CovidCt.Reporting.Tests.Wording;

public sealed class ListsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a", "a")]
    [InlineData("a and b", "a", "b")]
    [InlineData("a, b and c", "a", "b", "c")]
    public void Several_things_are_listed_as_a_sentence_has_them(string expected, params string[] items) => Assert.Equal(expected, Lists.Listed(items));

    [Fact]
    public void Sentences_that_there_are_not_leave_no_gap() => Assert.Equal("One. Two.", Lists.Sentences("One.", null, "Two."));

    [Fact]
    public void A_phrase_begins_a_sentence() => Assert.Equal(("Folds by patient", ""), (Lists.Capital("folds by patient"), Lists.Capital("")));
}
