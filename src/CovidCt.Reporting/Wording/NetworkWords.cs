using CovidCt.Networks;

namespace CovidCt.Reporting.Wording;

/// <summary>What is known of the networks, in words.</summary>
internal static class NetworkWords
{
    /// <summary>What the columns of Table 1 are.</summary>
    /// <param name="networks">Its rows.</param>
    public static string Caption(IEnumerable<BackboneSpec> networks) => Lists.Sentences(
        "Canvas and Square: the paper’s input and the published one, width × height in pixels.",
        Canvases(networks),
        "Parameters: at 1,000 classes, InceptionV3 without its auxiliary head. Layers: those with weights on the longest way from input to "
            + "logits. Size: 4 bytes × parameters / 2²⁰. Features: channels of the last feature map.");

    /// <summary>Which canvases are less certain than the others to be the paper's; null where its text states each.</summary>
    /// <param name="networks">The networks in question.</param>
    public static string? Canvases(IEnumerable<BackboneSpec> networks)
    {
        List<string> names = [.. networks.Where(spec => !spec.CanvasIsStated).Select(spec => spec.DisplayName)];
        return names.Count == 0
            ? null
            : $"The canvas of {Lists.Listed(names)} is taken from the paper’s Table 1 as it is remembered, and supported by arithmetic (no "
                + "convolution or pooling leaves a remainder); the paper’s text does not state it.";
    }
}
