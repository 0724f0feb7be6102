using CovidCt;
using CovidCt.Reporting.Figures;
using CovidCt.Reporting.Html;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds CovidCt's figures and report to an application's services.</summary>
public static class CovidCtReportingServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="StudyFigures"/> and <see cref="HtmlReport"/>, each once for the application and safe for many
    /// threads. What was registered before is kept.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the options; they are validated at start, or on first use where there is no host.</param>
    public static IServiceCollection AddCovidCtReporting(this IServiceCollection services, Action<HtmlReportOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = services.AddOptions<HtmlReportOptions>().ValidateOnStart();
        services.AddSingleton<IValidateOptions<HtmlReportOptions>, OptionsCheck<HtmlReportOptions>>();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddSingleton(provider => new StudyFigures(provider.GetRequiredService<IOptions<HtmlReportOptions>>().Value.Networks));
        services.TryAddSingleton(provider => new HtmlReport(provider.GetRequiredService<IOptions<HtmlReportOptions>>().Value));
        return services;
    }
}
