using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Models;

namespace CovidCt.Core.Tests.Inference;

/// <summary>The quickest of the twelve on a canvas of 64×48 pixels, for tests that ask it thousands of times.</summary>
internal static class SmallNetworks
{
    private const string Name = "shufflenet_v2_x1_0";

    public static IBackbone Backbone(long seed = 0) => new BackboneFactory().Create(Name, 2, seed);

    public static CtClassifier Classifier(long seed = 0, IImageDecoder? decoder = null) =>
        new(Backbone(seed), ModelFileTests.Description with { Network = Name, Input = new(64, 48) }, decoder);
}
