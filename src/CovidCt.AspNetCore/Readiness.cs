using System.Collections.Concurrent;
using CovidCt.Answers;
using CovidCt.Imaging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace CovidCt.AspNetCore;

/// <summary>Has each model that is served answer once, and knows whether it did.</summary>
/// <param name="provider">The application's services.</param>
internal sealed class Readiness(IServiceProvider provider) : BackgroundService, IHealthCheck
{
    private const string WarmingUp = "It is being loaded, and has not answered yet.";
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);

    // What each model has to say; null once it has answered.
    private readonly ConcurrentDictionary<string, string?> _models = new(StringComparer.Ordinal);

    /// <summary>What is said of the service.</summary>
    internal sealed record Report(string Status, IReadOnlyDictionary<string, string> Models);

    /// <summary>Adds a model that is served.</summary>
    public void Add(string name) => _models.TryAdd(name, WarmingUp);

    /// <summary>The classifier of a name; the empty one is that without.</summary>
    public static ICtClassifier Classifier(IServiceProvider provider, string name) => name.Length == 0
        ? provider.GetRequiredService<ICtClassifier>()
        : provider.GetRequiredKeyedService<ICtClassifier>(name);

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var models = _models.OrderBy(model => model.Key, StringComparer.Ordinal).ToList();
        var data = models.ToDictionary(model => model.Key.Length == 0 ? "default" : model.Key, object (model) => model.Value ?? "ready");
        return Task.FromResult(models.FirstOrDefault(model => model.Value is not null).Value is { } words
            ? HealthCheckResult.Unhealthy(words, data: data)
            : HealthCheckResult.Healthy(data: data));
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // The server listens meanwhile.
        while (true)
        {
            foreach (var name in _models.Where(model => model.Value is not null).Select(model => model.Key))
            {
                _models[name] = WarmUp(name);
            }

            if (_models.Values.All(words => words is null))
            {
                return;
            }

            await Task.Delay(Again, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private string? WarmUp(string name)
    {
        try
        {
            var classifier = Classifier(provider, name);
            var (width, height) = (classifier.Model.Input.Width, classifier.Model.Input.Height);
            classifier.Explain(new GrayImage(width, height, [.. Enumerable.Range(0, width * height).Select(i => (byte)(i % 251))]));
            return null;
        }
#pragma warning disable CA1031 // Whatever it is, it is what readiness says.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e.Message;
        }
    }
}
