using CovidCt.Networks;

namespace CovidCt.Tests;

/// <summary>
/// The networks that long tests ask: all but the deepest, which are made of the same blocks as others, or as many as COVIDCT_NETWORKS says.
/// </summary>
internal static class SampledNetworks
{
    private static readonly string[] Deepest = ["densenet169", "resnet101", "densenet201", "resnext101_32x8d"];

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names =>
    [
        .. BackboneSpec.All.Select(spec => spec.Name).Except(Deepest).Concat(Deepest)
            .Take(LargeCount.Of("COVIDCT_NETWORKS", BackboneSpec.All.Count - Deepest.Length)),
    ];
}
