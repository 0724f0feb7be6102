using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using CovidCt.Answers;
using CovidCt.Imaging;
using CovidCt.Registration;
using CovidCt.Serving;
using CovidCt.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace CovidCt.Evaluation.Tests.Serving;

public sealed class TelemetryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<(string Name, string? Unit, double Value, Dictionary<string, object?> Tags)> _seen = new();
    private readonly ConcurrentQueue<Activity> _activities = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_a_registered_model_does_is_told_by_the_documented_names()
    {
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == CovidCtTelemetry.Name)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meters.SetMeasurementEventCallback<long>(Note);
        meters.SetMeasurementEventCallback<int>(Note);
        meters.SetMeasurementEventCallback<double>(Note);
        meters.Start();
        using var activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == CovidCtTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = _activities.Enqueue,
        };
        ActivitySource.AddActivityListener(activities);
        using var asker = new ActivitySource("asker");
        using var askers = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "asker",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(askers);

        var model = $"lungs-{Guid.NewGuid():N}";
        await using var provider = new ServiceCollection().AddCovidCtFormat<Format>(model, options =>
        {
            options.Model = _folder.Write("model", "one");
            options.Queue = new() { Length = 1 };
        }).BuildServiceProvider();
        var classifier = provider.GetRequiredKeyedService<ICtClassifier>(model);
        using (var request = asker.StartActivity("request"))
        {
            await classifier.ClassifyFileAsync(QueuedClassifierTests.Gray(100), TestContext.Current.CancellationToken);
            await classifier.ExplainFileAsync(QueuedClassifierTests.Gray(200), new(), null, TestContext.Current.CancellationToken);
            await Assert.ThrowsAsync<ImageRejectedException>(() => classifier.ClassifyFileAsync(new byte[] { 1 }, TestContext.Current.CancellationToken));
            Assert.All(Of("covidct.classify").Concat(Of("covidct.explain")), activity => Assert.Equal(request!.TraceId, activity.TraceId));
        }

        Assert.Equal(["COVID|explain", "non-COVID|classify"], All("covidct.answers").Select(answer => $"{answer.Tags["covidct.label"]}|{answer.Tags["covidct.operation"]}").Order());
        Assert.Equal(["classify", "decode", "decode", "decode", "explain", "wait", "wait"], All("covidct.stage.duration").Select(stage => (string)stage.Tags["covidct.stage"]!).Order());
        Assert.All(All("covidct.stage.duration"), stage => Assert.Equal("s", stage.Unit));
        Assert.Equal("image", Assert.Single(All("covidct.rejections")).Tags["error.type"]);
        Assert.Equal(Math.Abs((100 / 255.0) - 0.5) / 0.4, All("covidct.training.distance")[0].Value, 6);
        Assert.Equal(0, All("covidct.queue.length").Sum(change => change.Value));
        Assert.Equal(3, All("covidct.queue.length").Count(change => change.Value > 0));
        Assert.Equal("loaded", Assert.Single(All("covidct.model.loads")).Tags["covidct.outcome"]);
        Assert.Equal(1, Assert.Single(All("covidct.batch.size")).Value);
        Assert.Single(Of("covidct.classify"));
        Assert.Single(Of("covidct.explain"));
        Assert.Contains(Of("covidct.decode"), activity => activity.Status == ActivityStatusCode.Error);

        List<(string Name, string? Unit, double Value, Dictionary<string, object?> Tags)> All(string name) =>
            [.. _seen.Where(one => one.Name == name && model.Equals(one.Tags.GetValueOrDefault("covidct.model")))];

        List<Activity> Of(string name) => [.. _activities.Where(one => one.OperationName == name && model.Equals(one.GetTagItem("covidct.model")))];
    }

    private void Note<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state) where T : struct, IConvertible =>
        _seen.Enqueue((instrument.Name, instrument.Unit, value.ToDouble(null), tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value)));

    private sealed class Format : IModelFormat
    {
        public bool Reads(string path) => true;

        public ICtClassifier Load(string path, CovidCtOptions options, IImageDecoder decoder) => new StubClassifier();
    }
}
