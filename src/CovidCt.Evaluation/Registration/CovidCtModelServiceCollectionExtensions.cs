using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using CovidCt;
using CovidCt.Answers;
using CovidCt.Imaging;
using CovidCt.Registration;
using CovidCt.Serving;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds what all packages that answer have in common.</summary>
public static class CovidCtModelServiceCollectionExtensions
{
    private const string Unnamed = "";
    private const string Reflection = "Configuration is bound to options by reflection; set them in code instead.";

    /// <summary>
    /// Adds a kind of models, and once for all kinds <see cref="CovidCtOptions"/>, <see cref="IImageDecoder"/>,
    /// <see cref="CanvasTransform"/> and <see cref="ICtClassifier"/>, each once for the application and safe for many
    /// threads. What the application registered before is kept, a decoder of its own for one. Called again, it sets further options; two
    /// models are refused. What the classifier tells logs and monitoring is listed at <see cref="CovidCtTelemetry"/>.
    /// </summary>
    /// <typeparam name="T">The kind, which is made with the application's services.</typeparam>
    /// <param name="services">The application's services.</param>
    public static IServiceCollection AddCovidCtFormat<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(
        this IServiceCollection services)
        where T : class, IModelFormat =>
        services.AddCovidCtFormat<T>(_ => { });

    /// <inheritdoc cref="AddCovidCtFormat{T}(IServiceCollection)"/>
    /// <param name="configure">Sets the options; they are validated at start, or on first use where there is no host.</param>
    public static IServiceCollection AddCovidCtFormat<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(
        this IServiceCollection services, Action<CovidCtOptions> configure)
        where T : class, IModelFormat
    {
        ArgumentNullException.ThrowIfNull(services);
        AddFormat<T>(services);
        services.TryAddSingleton(provider => Served(provider, Unnamed));
        return Configured(services, Unnamed, configure);
    }

    /// <summary>
    /// The same for a further model under a name, by which it is asked for as a keyed <see cref="ICtClassifier"/>, and by which its
    /// <see cref="CovidCtOptions"/> are named. Decoder and canvas are the application's.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">The name, which isn't empty.</param>
    /// <param name="configure">Sets the options; they are validated at start, or on first use where there is no host.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static IServiceCollection AddCovidCtFormat<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(
        this IServiceCollection services, string name, Action<CovidCtOptions> configure)
        where T : class, IModelFormat
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        AddFormat<T>(services);
        services.TryAddKeyedSingleton<ICtClassifier>(name, (provider, _) => Served(provider, name));
        return Configured(services, name, configure);
    }

    /// <inheritdoc cref="AddCovidCtFormat{T}(IServiceCollection)"/>
    /// <param name="section">What the options are bound from. A key that no option has is told at start.</param>
    [RequiresUnreferencedCode(Reflection)]
    [RequiresDynamicCode(Reflection)]
    public static IServiceCollection AddCovidCtFormat<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(
        this IServiceCollection services, IConfiguration section)
        where T : class, IModelFormat =>
        services.AddCovidCtFormat<T>(options => Bind(Unnamed, section, options));

    /// <inheritdoc cref="AddCovidCtFormat{T}(IServiceCollection, string, Action{CovidCtOptions})"/>
    /// <param name="section">What the options are bound from. A key that no option has is told at start.</param>
    [RequiresUnreferencedCode(Reflection)]
    [RequiresDynamicCode(Reflection)]
    public static IServiceCollection AddCovidCtFormat<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(
        this IServiceCollection services, string name, IConfiguration section)
        where T : class, IModelFormat =>
        services.AddCovidCtFormat<T>(name, options => Bind(name, section, options));

    private static void AddFormat<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(
        IServiceCollection services)
        where T : class, IModelFormat
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IModelFormat, T>());
        if (services.Any(service => service.ServiceType == typeof(ConfiguredModel)))
        {
            return;
        }

        services.AddOptions<CovidCtOptions>().ValidateOnStart();
        services.AddSingleton<IValidateOptions<CovidCtOptions>, OptionsCheck<CovidCtOptions>>();
        services.AddSingleton(provider => new Telemetry(provider.GetService<IMeterFactory>(), provider.GetService<ILoggerFactory>()));
        services.AddSingleton<ConfiguredModel>();
        services.AddSingleton<IValidateOptions<CovidCtOptions>>(provider => provider.GetRequiredService<ConfiguredModel>());
        services.TryAddSingleton<IImageDecoder>(provider => new SkiaImageDecoder(OptionsOf(provider, Unnamed).Decoder));
        services.TryAddSingleton(provider => new CanvasTransform(OptionsOf(provider, Unnamed).Canvas));
    }

    private static IServiceCollection Configured(IServiceCollection services, string name, Action<CovidCtOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        services.Configure<CovidCtOptions>(name, options => Configure(options, configure));
        services.AddOptions<CovidCtOptions>(name).ValidateOnStart();
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

    [RequiresUnreferencedCode(Reflection)]
    [RequiresDynamicCode(Reflection)]
    private static void Bind(string name, IConfiguration section, CovidCtOptions options)
    {
        ArgumentNullException.ThrowIfNull(section);
        try
        {
            section.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
        }
        catch (InvalidOperationException e)
        {
            var place = section is IConfigurationSection { Path: var path } ? $"Configuration {path}" : "Configuration";
            var reason = e.InnerException is { } inner ? $"{e.Message} {inner.Message}" : e.Message;
            throw new OptionsValidationException(name, typeof(CovidCtOptions), [$"{place}: {reason}"]);
        }
    }

    private static ICtClassifier Served(IServiceProvider provider, string name) => provider.GetRequiredService<ConfiguredModel>()
        .Serve(name, OptionsOf(provider, name), provider.GetRequiredService<IImageDecoder>());

    private static CovidCtOptions OptionsOf(IServiceProvider provider, string name) =>
        provider.GetRequiredService<IOptionsMonitor<CovidCtOptions>>().Get(name);
}
