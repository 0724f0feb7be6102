using System.Net.Sockets;
using System.Text.Json.Nodes;
using CovidCt.Cli.Output;
using CovidCt.Networks;
using CovidCt.Registration;
using CovidCt.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace CovidCt.Cli.Service;

/// <summary>The application that <c>covidct serve</c> is.</summary>
internal static class WebService
{
    public const string UsualUrl = "http://127.0.0.1:5080";

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2), ToTheEnd = TimeSpan.FromSeconds(35);

    /// <summary>Serves until it is cancelled, and lets requests finish then.</summary>
    /// <exception cref="UsageException">It can't listen there.</exception>
    /// <exception cref="WeightsException">A model can't be used.</exception>
    public static async Task<int> Run(
        ConsoleOutput console, IReadOnlyList<ServedModel> models, string urls, int? queue, CancellationToken cancellationToken)
    {
        await using var application = Built(models, urls, queue);
        try
        {
            await application.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OptionsValidationException e)
        {
            throw new WeightsException(string.Join(" ", e.Failures)
                .Replace($"{nameof(CovidCtOptions)}.{nameof(CovidCtOptions.Model)}: ", "", StringComparison.Ordinal));
        }
        catch (Exception e) when (e is IOException or SocketException or InvalidOperationException)
        {
            throw new UsageException($"{e.Message} Choose another --urls.");
        }

        Tell(console, models, application.Urls);
        await application.WaitForShutdownAsync(cancellationToken).ConfigureAwait(false);
        return ExitCodes.Done;
    }

    /// <summary>The addresses, where they are some.</summary>
    /// <exception cref="UsageException">One isn't, or isn't http.</exception>
    public static string Checked(string urls)
    {
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            try
            {
                if (BindingAddress.Parse(url) is { Scheme: not "http" })
                {
                    throw new UsageException($"--urls {url} is not http; what speaks https stands before the service (docs/service.md).");
                }
            }
            catch (FormatException)
            {
                throw new UsageException($"--urls {url} is no address; give one such as {UsualUrl}.");
            }
        }

        return urls;
    }

    private static WebApplication Built(IReadOnlyList<ServedModel> models, string urls, int? queue)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls(urls).ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true)
            .SetMinimumLevel(LogLevel.Warning).AddFilter(CovidCtTelemetry.Name, LogLevel.Information)
            .AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None); // Readiness says why itself, to who asks.
        var services = builder.Services;
        services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        services.Configure<HostOptions>(host => host.ShutdownTimeout = ToTheEnd);
        services.AddSingleton<IHostLifetime, NoLifetime>();
        services.AddOpenApi(openApi => openApi.AddDocumentTransformer((document, _, _) =>
        {
            (document.Info.Title, document.Info.Version) = ("CovidCt", "v1");
            document.Info.Description =
                "Answers about chest CT slices. Research software, not a medical device: nothing here is a diagnosis.";
            return Task.CompletedTask;
        }));
        foreach (var model in models)
        {
            Add(services, model, options =>
            {
                (options.Model, options.ReloadInterval) = (model.Path, LookAgain);
                options.Queue = new() { Length = queue ?? new QueueOptions().Length };
            });
        }

        services.AddCovidCtOnnx().AddCovidCtService();
        var application = builder.Build();
        application.UseExceptionHandler();
        application.UseStatusCodePages();
        application.MapOpenApi();
        application.MapCovidCtHealth();
        Map(application, "/", models[0].Name);
        foreach (var model in models.Where(model => model.Name.Length > 0))
        {
            Map(application, $"/{model.Name}", model.Name);
        }

        return application;
    }

    private static void Add(IServiceCollection services, ServedModel model, Action<CovidCtOptions> configure) => _ = model.Name.Length == 0
        ? services.AddCovidCt(configure)
        : services.AddCovidCt(model.Name, configure);

    private static void Map(WebApplication application, string prefix, string name) => _ = name.Length == 0
        ? application.MapCovidCt(prefix)
        : application.MapCovidCt(prefix, name);

    private static void Tell(ConsoleOutput console, IReadOnlyList<ServedModel> models, ICollection<string> urls)
    {
        if (console.IsJson)
        {
            console.Json(new JsonObject
            {
                ["urls"] = new JsonArray([.. urls.Select(url => JsonValue.Create(url))]),
                ["models"] = new JsonArray([.. models.Select(model => new JsonObject { ["name"] = model.Name, ["path"] = model.Path })]),
            });
            return;
        }

        foreach (var url in urls)
        {
            console.Line($"Listening at {url}/, with a page there. Ctrl+C ends it.");
        }
    }

    // Signals are the program's own: it cancels, and the host lets requests finish.
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
