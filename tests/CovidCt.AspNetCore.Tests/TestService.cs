using System.Net;
using CovidCt.Answers;
using CovidCt.Imaging;
using CovidCt.Registration;
using CovidCt.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CovidCt.AspNetCore.Tests;

/// <summary>A service on a port of its own, whose model answers by an image's mean gray.</summary>
internal sealed class TestService : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly WebApplication _application;
    private readonly HttpClientHandler _handler = new() { UseProxy = false };

    private TestService(
        Action<CovidCtServiceOptions>? configure, Action<CovidCtOptions>? model, Action<StubClassifier>? stub, Action<IServiceCollection>? services)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(Log).SetMinimumLevel(LogLevel.Trace);
        builder.Services.AddOpenApi();
        var format = new Format(stub);
        builder.Services.AddSingleton<IModelFormat>(format);
        builder.Services.AddCovidCtFormat<Never>("lungs", options =>
        {
            options.Model = _folder.Write("runs/stub/model", "one");
            model?.Invoke(options);
        });
        _folder.Write("MODEL_CARD.md", "# Model card");
        builder.Services.AddCovidCtService(configure ?? (_ => { }));
        services?.Invoke(builder.Services);
        _application = builder.Build();
        _application.UseExceptionHandler();
        _application.UseStatusCodePages();
        _application.MapOpenApi();
        _application.MapCovidCt("/ct", "lungs");
        _application.MapCovidCtHealth();
    }

    public Lines Log { get; } = new();

    public HttpClient Client { get; private set; } = null!;

    public Uri Address => Client.BaseAddress!;

    public static async Task<TestService> Start(
        Action<CovidCtServiceOptions>? configure = null, Action<CovidCtOptions>? model = null, Action<StubClassifier>? stub = null,
        Action<IServiceCollection>? services = null)
    {
        var service = new TestService(configure, model, stub, services);
        await service._application.StartAsync(TestContext.Current.CancellationToken);
        service.Client = new HttpClient(service._handler) { BaseAddress = new Uri(service._application.Urls.Single()) };
        return service;
    }

    public Task Stop() => _application.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        Client.Dispose();
        _handler.Dispose();
        _folder.Dispose();
        Log.Dispose();
    }

    public async Task<HttpResponseMessage> Post(string address, byte[] file, string field = "file", string name = "Mustermann-Erika.png", string? accept = null)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(file), field, name } };
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = form };
        if (accept is not null)
        {
            request.Headers.Accept.ParseAdd(accept);
        }

        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task Until(string address, HttpStatusCode status)
    {
        while ((await Client.GetAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode != status)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    private sealed class Format(Action<StubClassifier>? stub) : IModelFormat
    {
        public bool Reads(string path) => true;

        public ICtClassifier Load(string path, CovidCtOptions options, IImageDecoder decoder)
        {
            var model = new StubClassifier();
            stub?.Invoke(model);
            return model;
        }
    }

    private sealed class Never : IModelFormat
    {
        public bool Reads(string path) => false;

        public ICtClassifier Load(string path, CovidCtOptions options, IImageDecoder decoder) => throw new NotSupportedException();
    }

    /// <summary>All that is logged.</summary>
    internal sealed class Lines : ILoggerProvider, ILogger
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _lines = new();

        public string All => string.Join('\n', _lines);

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
