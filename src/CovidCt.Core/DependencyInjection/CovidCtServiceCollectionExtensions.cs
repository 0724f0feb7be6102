using CovidCt;
using CovidCt.Answers;
using CovidCt.DependencyInjection;
using CovidCt.Imaging;
using CovidCt.Inference;
using CovidCt.Models;
using CovidCt.Registration;
using CovidCt.Studies;
using CovidCt.Weights;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds CovidCt to an application's services.</summary>
public static class CovidCtServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IBackboneFactory"/>, <see cref="IImageDecoder"/>, <see cref="CanvasTransform"/>, <see cref="Study"/>,
    /// <see cref="WeightsStore"/> and <see cref="ICtClassifier"/>, which explains its answers too, each once for the application and safe
    /// for many threads. The classifier is a <see cref="CtClassifier"/> or a <see cref="CtEnsemble"/>, by which it can be asked for too.
    /// What the application registered before is kept, a decoder of its own for one. Called again, it sets further options; two models
    /// are refused. The store's options are <see cref="WeightsStoreOptions"/>.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the options; they are validated at start, or on first use where there is no host.</param>
    public static IServiceCollection AddCovidCt(this IServiceCollection services, Action<CovidCtOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddCovidCtFormat<TrainedModelFormat>(configure);
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
        services.TryAddSingleton(Classifier<CtClassifier>);
        services.TryAddSingleton(Classifier<CtEnsemble>);
        return services;
    }

    private static T Classifier<T>(IServiceProvider provider) where T : class, ICtClassifier =>
        provider.GetRequiredService<ICtClassifier>() is var classifier && classifier is T wanted
            ? wanted
            : throw new InvalidOperationException(
                $"{nameof(CovidCtOptions)}.{nameof(CovidCtOptions.Model)} is a {classifier.GetType().Name}, and a {typeof(T).Name} was "
                    + $"asked for. Ask for {nameof(ICtClassifier)}, which both are.");

    private static T Options<T>(IServiceProvider provider) where T : class => provider.GetRequiredService<IOptions<T>>().Value;
}
