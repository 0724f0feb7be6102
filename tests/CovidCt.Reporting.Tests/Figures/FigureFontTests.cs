using CovidCt.Reporting.Figures;
using ScottPlot;

namespace CovidCt.Reporting.Tests.Figures;

public sealed class FigureFontTests
{
    [Fact]
    public void ScottPlot_finds_the_typeface_that_the_assembly_holds()
    {
        var label = new LabelStyle();
        FigureFont.Set(label, 12);
        var typeface = Fonts.GetTypeface(label.FontName, bold: false, italic: false);
        Assert.Equal("DejaVu Sans", typeface.FamilyName);
        Assert.True(typeface.ContainsGlyphs("Größe ± 0123456789 — … × Ω Ж é ł"));
    }

    [Theory]
    [InlineData("short", "short")]
    [InlineData("", "")]
    public void A_text_that_fits_stays(string text, string fitted) => Assert.Equal(fitted, FigureFont.Fit(text, 16, 200));

    [Fact]
    public void A_text_that_doesn_t_fit_loses_its_middle()
    {
        string fitted = FigureFont.Fit("the beginning of a long text and its end", 16, 200);
        Assert.StartsWith("the beg", fitted, StringComparison.Ordinal);
        Assert.EndsWith("s end", fitted, StringComparison.Ordinal);
        Assert.Contains('…', fitted);
        Assert.InRange(FigureFont.Width(fitted, 16), 150, 200);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(30)]
    public void No_room_is_no_error(double width) => Assert.NotEmpty(FigureFont.Fit("👩‍👩‍👧 a̐é long text", 16, width));
}
