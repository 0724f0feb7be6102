using CovidCt.Networks;
using CovidCt.Reporting.Cards;

namespace CovidCt.Reporting.Tests.Cards;

public sealed class WeightsOriginTests
{
    [Fact]
    public void Published_weights_are_told_by_the_hash_of_their_file()
    {
        var published = PublishedWeights.Default("squeezenet1_1");
        var origin = WeightsOrigin.Of("squeezenet1_1", published.Sha256);
        Assert.True(origin.IsKnown);
        Assert.Contains(published.Address.ToString(), origin.Text, StringComparison.Ordinal);
        Assert.Contains(published.License, origin.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_unknown_origin_is_named_by_its_hash()
    {
        var hash = new string('a', 64);
        var origin = WeightsOrigin.Of("squeezenet1_1", hash);
        Assert.False(origin.IsKnown);
        Assert.Contains(hash, origin.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_weights_are_from_the_seed() => Assert.Equal(new WeightsOrigin("random, drawn from the seed", IsKnown: true), WeightsOrigin.Of("resnet18", "random"));
}
