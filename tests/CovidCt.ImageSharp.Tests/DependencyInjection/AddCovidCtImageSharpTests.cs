using CovidCt.Imaging;
using CovidCt.Registration;
using CovidCt.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace CovidCt.ImageSharp.Tests.DependencyInjection;

public sealed class AddCovidCtImageSharpTests
{
    [Fact]
    public void It_takes_the_place_of_another_decoder()
    {
        using var provider = new ServiceCollection().AddSingleton<IImageDecoder>(new SkiaImageDecoder()).AddCovidCtImageSharp().BuildServiceProvider();

        Assert.IsType<ImageSharpDecoder>(Assert.Single(provider.GetServices<IImageDecoder>()));
    }

    [Fact]
    public void Its_limits_are_those_of_the_options()
    {
        using var provider = new ServiceCollection().AddCovidCtImageSharp().Configure<CovidCtOptions>(options => options.Decoder.MaxSide = 17).BuildServiceProvider();

        var decoder = provider.GetRequiredService<IImageDecoder>();

        Assert.Contains("at most 17", Assert.Throws<ImageRejectedException>(() => decoder.Decode(TestImages.GrayPng())).Message, StringComparison.Ordinal);
    }
}
