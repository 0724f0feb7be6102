using CovidCt.DependencyInjection;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Models;
using CovidCt.Studies;
using CovidCt.Weights;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds CovidCt to an application's services.</summary>
public static class CovidCtServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IBackboneFactory"/>, <see cref="IImageDecoder"/>, <see cref="CanvasTransform"/>, <see cref="Study"/>,
    /// <see cref="WeightsStore"/> and <see cref="CtClassifier"/>, which explains its answers too, each once for the application and safe
    /// for many threads. What the application registered before is kept, a decoder of its own for one.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the options; they are validated at start, or on first use where there is no host.</param>
    public static IServiceCollection AddCovidCt(this IServiceCollection services, Action<CovidCtOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = services.AddOptions<CovidCtOptions>().ValidateDataAnnotations().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddSingleton<IBackboneFactory, BackboneFactory>();
        services.TryAddSingleton<IImageDecoder, SkiaImageDecoder>();
        services.TryAddSingleton(provider => new CanvasTransform(Options(provider).Canvas));
        services.TryAddSingleton(provider =>
        {
            _ = Options(provider); // Where there is no host, whatever is resolved first shall find wrong options.
            return new Study(provider.GetRequiredService<IBackboneFactory>(), provider.GetRequiredService<IImageDecoder>());
        });
        services.TryAddSingleton(provider => new WeightsStore(Options(provider).Weights));
        services.TryAddSingleton(provider => CtClassifier.Load(
            Options(provider).Model ?? throw new InvalidOperationException(
                $"No trained network is set. Set {nameof(CovidCtOptions)}.{nameof(CovidCtOptions.Model)}: " +
                "services.AddCovidCt(options => options.Model = \"path/to/network.safetensors\")."),
            provider.GetRequiredService<IBackboneFactory>(),
            provider.GetRequiredService<IImageDecoder>()));
        return services;
    }

    private static CovidCtOptions Options(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<CovidCtOptions>>().Value;
}
