using System.Diagnostics.CodeAnalysis;
using CovidCt;
using CovidCt.Answers;
using CovidCt.DependencyInjection;
using CovidCt.Imaging;
using CovidCt.Models;
using CovidCt.Registration;
using CovidCt.Serving;
using CovidCt.Studies;
using CovidCt.Weights;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds CovidCt to an application's services.</summary>
public static class CovidCtServiceCollectionExtensions
{
    private const string Reflection = "Configuration is bound to options by reflection; set them in code instead.";

    /// <summary>
    /// Adds <see cref="IBackboneFactory"/>, <see cref="IImageDecoder"/>, <see cref="CanvasTransform"/>, <see cref="Study"/>,
    /// <see cref="WeightsStore"/> and <see cref="ICtClassifier"/>, which explains its answers too, each once for the application and safe
    /// for many threads. What the application registered before is kept, a decoder of its own for one. Called again, it sets further
    /// options; two models are refused. The store's options are <see cref="WeightsStoreOptions"/>. What the classifier tells logs and
    /// monitoring is listed at <see cref="CovidCtTelemetry"/>.
    /// </summary>
    /// <param name="services">The application's services.</param>
    public static IServiceCollection AddCovidCt(this IServiceCollection services) => services.AddCovidCt(_ => { });

    /// <inheritdoc cref="AddCovidCt(IServiceCollection)"/>
    /// <param name="configure">Sets the options; they are validated at start, or on first use where there is no host.</param>
    public static IServiceCollection AddCovidCt(this IServiceCollection services, Action<CovidCtOptions> configure) =>
        AddOthers(services.AddCovidCtFormat<TrainedModelFormat>(configure));

    /// <summary>
    /// Adds a further model under a name, by which it is asked for as a keyed <see cref="ICtClassifier"/>, and by which its
    /// <see cref="CovidCtOptions"/> are named; as many as are wanted. Decoder and canvas are the application's.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">The name, which isn't empty.</param>
    /// <param name="configure">Sets the options; they are validated at start, or on first use where there is no host.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static IServiceCollection AddCovidCt(this IServiceCollection services, string name, Action<CovidCtOptions> configure) =>
        AddOthers(services.AddCovidCtFormat<TrainedModelFormat>(name, configure));

    /// <inheritdoc cref="AddCovidCt(IServiceCollection)"/>
    /// <param name="section">What the options are bound from. A key that no option has is told at start.</param>
    [RequiresUnreferencedCode(Reflection)]
    [RequiresDynamicCode(Reflection)]
    public static IServiceCollection AddCovidCt(this IServiceCollection services, IConfiguration section) =>
        AddOthers(services.AddCovidCtFormat<TrainedModelFormat>(section));

    /// <inheritdoc cref="AddCovidCt(IServiceCollection, string, Action{CovidCtOptions})"/>
    /// <param name="section">What the options are bound from. A key that no option has is told at start.</param>
    [RequiresUnreferencedCode(Reflection)]
    [RequiresDynamicCode(Reflection)]
    public static IServiceCollection AddCovidCt(this IServiceCollection services, string name, IConfiguration section) =>
        AddOthers(services.AddCovidCtFormat<TrainedModelFormat>(name, section));

    private static IServiceCollection AddOthers(IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(Study)))
        {
            return services;
        }

        services.AddOptions<WeightsStoreOptions>().ValidateOnStart();
        services.AddSingleton<IValidateOptions<WeightsStoreOptions>, OptionsCheck<WeightsStoreOptions>>();
        services.TryAddSingleton<IBackboneFactory, BackboneFactory>();
        services.TryAddSingleton(provider =>
        {
            _ = Options<CovidCtOptions>(provider); // Where there is no host, whatever is resolved first shall find wrong options.
            return new WeightsStore(Options<WeightsStoreOptions>(provider));
        });
        services.TryAddSingleton(provider =>
        {
            _ = Options<CovidCtOptions>(provider);
            return new Study(
                provider.GetRequiredService<IBackboneFactory>(), provider.GetRequiredService<IImageDecoder>(),
                provider.GetService<ILogger<Study>>());
        });
        return services;
    }

    private static T Options<T>(IServiceProvider provider) where T : class => provider.GetRequiredService<IOptions<T>>().Value;
}
