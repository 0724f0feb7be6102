using CovidCt.Reporting.Wording;

namespace CovidCt.Reporting.Tests.Wording;

public sealed class MapWordsTests
{
    [Fact]
    public void Maps_and_audits_are_counted_with_their_methods()
    {
        Assert.Null(MapWords.InWords([], 0));
        Assert.Equal("2 maps of what networks looked at (Grad-CAM); none was audited.", MapWords.InWords(["Grad-CAM", "Grad-CAM"], 0));
        Assert.Equal(
            "0 maps of what networks looked at; 1 audit of such maps by occlusion, deletion, insertion, ROAD and randomised layers.",
            MapWords.InWords([], 1));
    }
}
