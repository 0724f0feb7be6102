using CovidCt.ImageSharp;
using CovidCt.Imaging;
using CovidCt.Registration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Makes ImageSharp the decoder of an application.</summary>
public static class CovidCtImageSharpServiceCollectionExtensions
{
    /// <summary>
    /// Puts <see cref="ImageSharpDecoder"/> in the place of any other <see cref="IImageDecoder"/>, before or after <c>AddCovidCt</c> and
    /// <c>AddCovidCtOnnx</c>. Its limits are <see cref="CovidCtOptions.Decoder"/>.
    /// </summary>
    /// <param name="services">The application's services.</param>
    public static IServiceCollection AddCovidCtImageSharp(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.Replace(ServiceDescriptor.Singleton<IImageDecoder>(provider =>
            new ImageSharpDecoder(provider.GetService<IOptions<CovidCtOptions>>()?.Value.Decoder)));
    }
}
