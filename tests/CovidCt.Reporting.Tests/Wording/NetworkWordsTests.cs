using CovidCt.Networks;
using CovidCt.Reporting.Wording;

namespace CovidCt.Reporting.Tests.Wording;

public sealed class NetworkWordsTests
{
    [Fact]
    public void Canvases_that_the_paper_s_text_does_not_state_are_named()
    {
        Assert.StartsWith(
            "The canvas of SqueezeNet and InceptionV3 is taken from the paper’s Table 1 as it is remembered, and supported by arithmetic",
            NetworkWords.Canvases(BackboneSpec.All.Where(spec => !spec.IsVariant)),
            StringComparison.Ordinal);
        Assert.Null(NetworkWords.Canvases([BackboneSpec.Find("resnet18")!]));
    }

    [Fact]
    public void The_caption_of_the_networks_says_so_where_there_are_any()
    {
        Assert.Contains("The canvas of SqueezeNet is", NetworkWords.Caption([BackboneSpec.Find("squeezenet1_1")!]), StringComparison.Ordinal);
        Assert.StartsWith(
            "Canvas and Square: the paper’s input and the published one, width × height in pixels. Parameters: ",
            NetworkWords.Caption([BackboneSpec.Find("resnet18")!]),
            StringComparison.Ordinal);
    }
}
