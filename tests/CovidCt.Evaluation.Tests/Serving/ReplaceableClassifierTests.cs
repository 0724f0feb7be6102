using CovidCt.Networks;
using CovidCt.Serving;
using CovidCt.Tests;
using Microsoft.Extensions.Logging;

namespace CovidCt.Evaluation.Tests.Serving;

public sealed class ReplaceableClassifierTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly TemporaryFolder _folder = new();
    private readonly Lines _log = new();
    private readonly Telemetry _telemetry;
    private readonly List<StubClassifier> _loaded = [];

    public ReplaceableClassifierTests() => _telemetry = new(meters: null, _log);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Model => _folder["model"];

    public void Dispose()
    {
        _telemetry.Dispose();
        _log.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_file_that_changes_is_taken_up_and_the_earlier_model_goes_with_its_last_call()
    {
        File.WriteAllText(Model, "one");
        using var classifier = Loaded();
        using var open = new ManualResetEventSlim();
        _loaded[0].OnBatch = () => open.Wait(Token);
        var under = Task.Run(() => classifier.Classify(QueuedClassifierTests.Image(1)), Token);
        await Until(() => _loaded[0].Batches.Count == 1);

        Replace("two");
        await Until(() => _loaded.Count == 2 && _log.Has("was replaced"));
        Assert.Equal("two", Assert.Single(classifier.Model.Classes, name => name is "one" or "two"));
        Assert.Equal(0, _loaded[0].Disposed);
        classifier.Classify(QueuedClassifierTests.Image(2));
        open.Set();

        Assert.Equal(1 / 255.0, (await under).Probability, 10);
        await Until(() => _loaded[0].Disposed == 1);
        Assert.Equal(0, _loaded[1].Disposed);
    }

    [Fact]
    public async Task A_file_that_cannot_be_used_is_logged_once_and_the_earlier_model_goes_on()
    {
        File.WriteAllText(Model, "one");
        using var classifier = Loaded();

        Replace("broken");
        await Until(() => _log.Has("broken is no network"));
        await Task.Delay(6 * Interval, Token);
        Assert.Equal(1, _log.Count("can't be used"));
        Assert.Contains("one", classifier.Model.Classes);

        Replace("three");
        await Until(() => _log.Has("was replaced"));
        Assert.Contains("three", classifier.Model.Classes);
    }

    [Fact]
    public async Task A_file_that_goes_away_or_is_touched_changes_nothing()
    {
        File.WriteAllText(Model, "one");
        using var classifier = Loaded();

        File.SetLastWriteTimeUtc(Model, DateTime.UtcNow.AddMinutes(1));
        await Task.Delay(4 * Interval, Token);
        Assert.Single(_loaded);

        File.Delete(Model);
        await Until(() => _log.Has("can't be used"));
        Assert.Contains("one", classifier.Model.Classes);
    }

    [Fact]
    public async Task Of_a_folder_all_files_count()
    {
        File.WriteAllText(_folder.Write("run/name", "one"), "one");
        using var classifier = Loaded(_folder["run"]);
        _folder.Write("run/fold-0/reference", "more");
        await Until(() => _log.Has("was replaced"));
        Assert.Equal(2, _loaded.Count);
    }

    [Fact]
    public void Disposed_it_refuses_calls_and_frees_the_model()
    {
        File.WriteAllText(Model, "one");
        var classifier = Loaded();
        classifier.Dispose();
        Assert.Equal(1, _loaded[0].Disposed);
        Assert.Throws<ObjectDisposedException>(() => classifier.Classify(QueuedClassifierTests.Image(1)));
    }

    private static async Task Until(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(5, Token);
        }
    }

    private ReplaceableClassifier Loaded(string? path = null) => new(path ?? Model, Interval, () =>
    {
        var text = File.ReadAllText(path is null ? Model : Path.Combine(path, "name"));
        if (text == "broken")
        {
            throw new WeightsException("broken is no network.");
        }

        _loaded.Add(new StubClassifier(classes: ["none", text]));
        return _loaded[^1];
    }, _telemetry.For(""));

    private void Replace(string text)
    {
        File.WriteAllText($"{Model}.new", text);
        File.Move($"{Model}.new", Model, overwrite: true);
    }

    /// <summary>Keeps what is logged.</summary>
    private sealed class Lines : ILoggerFactory, ILogger
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _lines = new();

        public bool Has(string words) => Count(words) > 0;

        public int Count(string words) => _lines.Count(line => line.Contains(words, StringComparison.Ordinal));

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
