using System.Diagnostics;
using System.Diagnostics.Metrics;
using CovidCt.Answers;
using CovidCt.Imaging;
using CovidCt.Networks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CovidCt.Serving;

/// <summary>The instruments of <see cref="CovidCtTelemetry"/>, once for an application.</summary>
internal sealed class Telemetry : IDisposable
{
    private readonly Meter? _own;
    private readonly ActivitySource _activities = new(CovidCtTelemetry.Name);
    private readonly Counter<long> _answers, _rejections, _loads;
    private readonly Histogram<double> _seconds, _distance;
    private readonly Histogram<int> _batch;
    private readonly UpDownCounter<int> _queue;

    /// <param name="meters">Makes the meter, and disposes it; null where the application has none.</param>
    /// <param name="loggers">Makes the logger; null where the application has none.</param>
    public Telemetry(IMeterFactory? meters = null, ILoggerFactory? loggers = null)
    {
        _own = meters is null ? new Meter(CovidCtTelemetry.Name) : null;
        var meter = _own ?? meters!.Create(new MeterOptions(CovidCtTelemetry.Name));
        Log = loggers?.CreateLogger(CovidCtTelemetry.Name) ?? NullLogger.Instance;
        _answers = meter.CreateCounter<long>("covidct.answers", "{answer}", "Answers, by class.");
        _seconds = meter.CreateHistogram<double>("covidct.stage.duration", "s", "How long the stages of an answer take.");
        _batch = meter.CreateHistogram<int>("covidct.batch.size", "{image}", "Images of a forward pass.");
        _rejections = meter.CreateCounter<long>("covidct.rejections", "{image}", "Images that got no answer, by reason.");
        _distance = meter.CreateHistogram<double>(
            "covidct.training.distance", "1", "Distance to the training images as a share of the usual one.");
        _queue = meter.CreateUpDownCounter<int>("covidct.queue.length", "{call}", "Calls that are waiting or under way.");
        _loads = meter.CreateCounter<long>("covidct.model.loads", "{load}", "Models taken up or refused.");
    }

    public ILogger Log { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _own?.Dispose();
        _activities.Dispose();
    }

    /// <summary>The same for one model.</summary>
    /// <param name="model">The name that it is registered under; empty for the one without.</param>
    public OfModel For(string model) => new(this, model.Length == 0 ? "default" : model);

    /// <summary>The instruments of one model.</summary>
    public sealed class OfModel(Telemetry all, string model)
    {
        private readonly KeyValuePair<string, object?> _model = new("covidct.model", model);

        public string Model => model;

        public ILogger Log => all.Log;

        /// <summary>What a stage answers, which is timed, and told as an activity too where it is one.</summary>
        /// <param name="stage">Its name.</param>
        /// <param name="work">What it does.</param>
        /// <param name="links">The activities that asked for it, where it isn't the present one alone.</param>
        public T Stage<T>(string stage, Func<T> work, IEnumerable<ActivityLink>? links = null)
        {
            using var activity = all._activities.StartActivity(
                $"covidct.{stage}", ActivityKind.Internal, default(ActivityContext), [_model], links);
            var start = Stopwatch.GetTimestamp();
            try
            {
                return work();
            }
            catch (Exception e)
            {
                Rejected(e);
                activity?.SetStatus(ActivityStatusCode.Error);
                throw;
            }
            finally
            {
                Took(stage, Stopwatch.GetElapsedTime(start));
            }
        }

        public void Took(string stage, TimeSpan time) => all._seconds.Record(time.TotalSeconds, _model, new("covidct.stage", stage));

        public void Pass(int images) => all._batch.Record(images, _model);

        public void Answered(string operation, Classification answer)
        {
            all._answers.Add(1, _model, new("covidct.label", answer.Label), new("covidct.operation", operation));
            if (answer.TrainingDistance is { } distance && distance.Threshold > 0)
            {
                all._distance.Record(distance.Distance / distance.Threshold, _model);
            }
        }

        public void Queued(int change) => all._queue.Add(change, _model);

        public void Rejected(Exception reason)
        {
            var type = reason switch
            {
                ImageRejectedException => "image",
                QueueFullException => "queue_full",
                WeightsException => "model",
                _ => null,
            };
            if (type is not null)
            {
                all._rejections.Add(1, _model, new KeyValuePair<string, object?>("error.type", type));
                Log.Rejected(model, reason.Message);
            }
        }

        public void Loaded(string outcome) => all._loads.Add(1, _model, new KeyValuePair<string, object?>("covidct.outcome", outcome));
    }
}
