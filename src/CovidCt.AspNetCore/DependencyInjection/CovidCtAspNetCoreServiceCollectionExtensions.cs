using CovidCt;
using CovidCt.AspNetCore;
using CovidCt.Imaging;
using CovidCt.Registration;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds what CovidCt's endpoints need.</summary>
public static class CovidCtAspNetCoreServiceCollectionExtensions
{
    /// <summary>Adds it with the usual limits.</summary>
    /// <inheritdoc cref="AddCovidCtService(IServiceCollection, Action{CovidCtServiceOptions})"/>
    public static IServiceCollection AddCovidCtService(this IServiceCollection services) => services.AddCovidCtService(_ => { });

    /// <summary>
    /// Adds limits, health checks and problem details, has each model that is mapped answer once, gives models without a queue the usual
    /// one, and reads DICOM files beside what the application's decoder reads. To be called after that is registered.
    /// </summary>
    /// <param name="services">The application's services, where models are registered too, such as by <c>AddCovidCt</c>.</param>
    /// <param name="configure">Sets the limits, which are validated at start.</param>
    public static IServiceCollection AddCovidCtService(this IServiceCollection services, Action<CovidCtServiceOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.Configure(configure);
        if (services.Any(service => service.ServiceType == typeof(Readiness)))
        {
            return services;
        }

        services.AddOptions<CovidCtServiceOptions>().ValidateOnStart();
        services.AddSingleton<IValidateOptions<CovidCtServiceOptions>, OptionsCheck<CovidCtServiceOptions>>();
        services.PostConfigureAll<CovidCtOptions>(options => options.Queue ??= new());
        services.AddOptions<CovidCtOptions>().PostConfigure<IOptions<CovidCtServiceOptions>>(
            (options, limits) => options.Decoder.MaxPixels = Math.Min(options.Decoder.MaxPixels, limits.Value.MaxPixels));
        services.AddSingleton<Readiness>();
        services.AddHostedService(provider => provider.GetRequiredService<Readiness>());
        services.AddHealthChecks().AddReadiness();
        services.AddProblemDetails();
        ReadDicom(services);
        return services;
    }

    private static void ReadDicom(IServiceCollection services)
    {
        var before = services.LastOrDefault(service => service.ServiceType == typeof(IImageDecoder) && !service.IsKeyedService);
        services.Replace(ServiceDescriptor.Singleton<IImageDecoder>(provider =>
            new UploadDecoder(Images(provider, before), provider.GetRequiredService<IOptions<CovidCtServiceOptions>>().Value.MaxPixels)));
    }

    private static IImageDecoder Images(IServiceProvider provider, ServiceDescriptor? decoder) => decoder switch
    {
        { ImplementationInstance: IImageDecoder instance } => instance,
        { ImplementationFactory: { } make } => (IImageDecoder)make(provider),
        { ImplementationType: { } type } => (IImageDecoder)ActivatorUtilities.CreateInstance(provider, type),
        _ => new SkiaImageDecoder(provider.GetRequiredService<IOptions<CovidCtOptions>>().Value.Decoder),
    };
}
