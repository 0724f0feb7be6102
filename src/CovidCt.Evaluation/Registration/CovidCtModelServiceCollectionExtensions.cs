using System.Diagnostics.CodeAnalysis;
using CovidCt;
using CovidCt.Imaging;
using CovidCt.Registration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds what all packages that answer have in common.</summary>
public static class CovidCtModelServiceCollectionExtensions
{
    /// <summary>
    /// Adds a kind of models, and once for all kinds <see cref="CovidCtOptions"/>, <see cref="IImageDecoder"/>,
    /// <see cref="CanvasTransform"/> and <see cref="CovidCt.Answers.ICtClassifier"/>, each once for the application and safe for many
    /// threads. What the application registered before is kept, a decoder of its own for one. Called again, it sets further options; two
    /// models are refused.
    /// </summary>
    /// <typeparam name="T">The kind, which is made with the application's services.</typeparam>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the options; they are validated at start, or on first use where there is no host.</param>
    public static IServiceCollection AddCovidCtFormat<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(
        this IServiceCollection services, Action<CovidCtOptions>? configure = null)
        where T : class, IModelFormat
    {
        ArgumentNullException.ThrowIfNull(services);
        if (configure is not null)
        {
            services.Configure<CovidCtOptions>(options => Configure(options, configure));
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IModelFormat, T>());
        if (services.Any(service => service.ServiceType == typeof(ConfiguredModel)))
        {
            return services;
        }

        services.AddOptions<CovidCtOptions>().ValidateOnStart();
        services.AddSingleton<IValidateOptions<CovidCtOptions>, OptionsCheck<CovidCtOptions>>();
        services.AddSingleton<ConfiguredModel>();
        services.AddSingleton<IValidateOptions<CovidCtOptions>>(provider => provider.GetRequiredService<ConfiguredModel>());
        services.TryAddSingleton<IImageDecoder>(provider => new SkiaImageDecoder(Options(provider).Decoder));
        services.TryAddSingleton(provider => new CanvasTransform(Options(provider).Canvas));
        services.TryAddSingleton(provider => provider.GetRequiredService<ConfiguredModel>().Load(
            Options(provider), provider.GetRequiredService<IImageDecoder>()));
        return services;
    }

    private static void Configure(CovidCtOptions options, Action<CovidCtOptions> configure)
    {
        var before = options.Model;
        configure(options);
        if (options.Model is { } model && model != before)
        {
            options.ModelsAdded.Add(model);
        }
    }

    private static CovidCtOptions Options(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<CovidCtOptions>>().Value;
}
