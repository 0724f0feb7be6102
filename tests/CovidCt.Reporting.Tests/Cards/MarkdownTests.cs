using CovidCt.Reporting.Cards;

namespace CovidCt.Reporting.Tests.Cards;

public sealed class MarkdownTests
{
    [Theory]
    [InlineData("squeezenet1_1", "squeezenet1_1")]
    [InlineData("_a_ b_", @"\_a\_ b\_")]
    [InlineData("a|b\r\nc", @"a\|b  c")]
    [InlineData("<b>*x* [y](z) `w` ~v~ &amp; #1", @"\<b\>\*x\* \[y\](z) \`w\` \~v\~ \&amp; \#1")]
    [InlineData(@"back\slash", @"back\\slash")]
    [InlineData("😀", "😀")]
    public void Text_is_escaped_so_that_it_stays_as_it_is_on_one_line(string text, string expected) => Assert.Equal(expected, Markdown.Escape(text));

    [Fact]
    public void What_can_t_be_written_as_UTF_8_is_replaced() => Assert.Equal("a\uFFFDb\uFFFD", Markdown.Escape("a\ud83db\u0001"));

    [Fact]
    public void No_text_can_look_like_an_open_sentence() => Assert.DoesNotContain(Markdown.OpenMark, Markdown.Escape(Markdown.OpenMark), StringComparison.Ordinal);

    [Fact]
    public void Open_sentences_are_counted_in_parts_too()
    {
        var document = new Markdown().Ask("a", "b").Append(new Markdown().Heading(2, "x").Ask("c"));
        Assert.Equal(3, document.Open);
        Assert.Equal($"- {Markdown.OpenMark}: a\n- {Markdown.OpenMark}: b\n\n## x\n\n- {Markdown.OpenMark}: c\n", document.ToString());
    }

    [Fact]
    public void A_table_without_rows_is_left_out() => Assert.Equal("", new Markdown().Table(["a"], []).ToString());

    [Fact]
    public void Numbers_stand_to_the_right() => Assert.Equal(
        "| a | b |\n| :--- | ---: |\n| x\\|y | 1 |\n", new Markdown().Table(["a", "b"], [["x|y", "1"]], column => column == 1).ToString());
}
