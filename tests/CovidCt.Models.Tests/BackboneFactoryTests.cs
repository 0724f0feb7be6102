namespace CovidCt.Models.Tests;

public sealed class BackboneFactoryTests
{
    [Fact]
    public void An_unknown_name_is_answered_with_those_there_are()
    {
        var error = Assert.Throws<ArgumentException>(() => Networks.Factory.Create("resnet34", 2));

        Assert.Contains("'resnet34'", error.Message, StringComparison.Ordinal);
        Assert.All(Networks.Factory.Specs, spec => Assert.Contains(spec.Name, error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_network_has_at_least_one_class(int classes) =>
        Assert.Throws<ArgumentOutOfRangeException>(nameof(classes), () => Networks.Factory.Create("squeezenet1_1", classes));

    [Fact]
    public void The_spec_of_a_name_is_the_one_in_the_list() =>
        Assert.All(Networks.Factory.Specs, spec => Assert.Same(spec, Networks.Factory.Spec(spec.Name)));
}
