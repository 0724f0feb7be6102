using System.Diagnostics;
using CovidCt.Answers;
using CovidCt.Imaging;
using CovidCt.Maps;

namespace CovidCt.Serving;

/// <summary>A classifier whose calls wait in a bounded queue, and are answered several in one forward pass where several wait.</summary>
internal sealed class QueuedClassifier : ImageClassifier, ICtClassifier
{
    private readonly MeasuredClassifier _classifier;
    private readonly QueueOptions _options;
    private readonly Telemetry.OfModel _telemetry;
    private readonly Queue<Call> _waiting = new();
    private readonly SemaphoreSlim _decoding = new(Environment.ProcessorCount);
    private readonly Uses _uses;
    private int _calls;
    private int _passes;

    /// <param name="classifier">The classifier, which is taken over.</param>
    /// <param name="decoder">Turns files into gray images.</param>
    /// <param name="options">How long the queue is, and how much of it goes at once.</param>
    /// <param name="telemetry">Where it says how long calls wait.</param>
    public QueuedClassifier(MeasuredClassifier classifier, IImageDecoder decoder, QueueOptions options, Telemetry.OfModel telemetry)
        : base(classifier.Model, new MeasuredDecoder(decoder, telemetry))
    {
        (_classifier, _options, _telemetry) = (classifier, options, telemetry);
        _uses = new(this, () =>
        {
            _classifier.Dispose();
            _decoding.Dispose();
        });
    }

    /// <summary>How many calls wait for a pass.</summary>
    internal int Waiting
    {
        get
        {
            lock (_waiting)
            {
                return _waiting.Count;
            }
        }
    }

    /// <inheritdoc/>
    public override bool IsCalibrated => _classifier.IsCalibrated;

    /// <inheritdoc/>
    public override double? SetLevel => _classifier.SetLevel;

    /// <inheritdoc/>
    public override Classification Classify(GrayImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        using var place = Enter();
        return Wait(new ImageCall(image));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Classification> Classify(IReadOnlyList<GrayImage> images, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        using var place = Enter();
        return Wait(new LoneCall<IReadOnlyList<Classification>>(model => model.Classify(images, cancellationToken)));
    }

    /// <inheritdoc/>
    public override ExplainedImage Explain(GrayImage image, GradCamOptions options, string? label)
    {
        using var place = Enter();
        return Wait(new LoneCall<ExplainedImage>(model => model.Explain(image, options, label)));
    }

    /// <inheritdoc/>
    public async Task<Classification> ClassifyFileAsync(ReadOnlyMemory<byte> file, CancellationToken cancellationToken = default)
    {
        using var place = Enter();
        var image = await Decoded(file, cancellationToken).ConfigureAwait(false);
        return await Ask(new ImageCall(image), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<ExplainedImage> ExplainFileAsync(
        ReadOnlyMemory<byte> file, GradCamOptions options, string? label, CancellationToken cancellationToken = default)
    {
        using var place = Enter();
        var image = await Decoded(file, cancellationToken).ConfigureAwait(false);
        return await Ask(new LoneCall<ExplainedImage>(model => model.Explain(image, options, label)), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Lets the calls that are waiting and under way finish, and frees the networks with the last one.</summary>
    public override void Dispose() => _uses.Dispose();

    private Place Enter()
    {
        var use = _uses.Begin();
        if (Interlocked.Increment(ref _calls) > _options.Length)
        {
            Interlocked.Decrement(ref _calls);
            use.Dispose();
            var full = new QueueFullException(_options.Length);
            _telemetry.Rejected(full);
            throw full;
        }

        _telemetry.Queued(1);
        return new(this, use);
    }

    // As many at once as there are processors: each may take as much memory as the largest image that is let in.
    private async Task<GrayImage> Decoded(ReadOnlyMemory<byte> file, CancellationToken cancellationToken)
    {
        await _decoding.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Decoder.Decode(file), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _decoding.Release();
        }
    }

    private async Task<T> Ask<T>(Call<T> call, CancellationToken cancellationToken)
    {
        await using var given = cancellationToken.UnsafeRegister(
            static (call, token) => ((Call<T>)call!).Answer.TrySetCanceled(token), call).ConfigureAwait(false);
        if (Line(call))
        {
            ThreadPool.UnsafeQueueUserWorkItem(static queue => queue.Work(() => false), this, preferLocal: false);
        }

        return await call.Answer.Task.ConfigureAwait(false);
    }

    // Who waits with a thread works with it: were all threads of the pool to wait, none would be left to answer.
    private T Wait<T>(Call<T> call)
    {
        if (Line(call))
        {
            Work(() => call.IsOver);
        }

        return call.Answer.Task.GetAwaiter().GetResult();
    }

    /// <summary>Puts a call at the end of the line.</summary>
    /// <returns>Whether somebody has to begin a pass.</returns>
    private bool Line(Call call)
    {
        lock (_waiting)
        {
            _waiting.Enqueue(call);
            if (_passes == _options.Passes)
            {
                return false;
            }

            _passes++;
            return true;
        }
    }

    private void Work(Func<bool> enough)
    {
        while (Next() is { Count: > 0 } pass)
        {
            Run(pass);
            if (enough())
            {
                ThreadPool.UnsafeQueueUserWorkItem(static queue => queue.Work(() => false), this, preferLocal: false);
                return;
            }
        }
    }

    /// <summary>The calls of the next pass; none, where the last one has ended.</summary>
    private List<Call> Next()
    {
        List<Call> pass = [];
        lock (_waiting)
        {
            while (pass.Count < _options.BatchSize && _waiting.TryPeek(out var next) && (next is ImageCall || pass.Count == 0))
            {
                _waiting.Dequeue();
                if (next.IsOver)
                {
                    continue; // Nobody waits for it any more.
                }

                pass.Add(next);
                if (next is not ImageCall)
                {
                    break;
                }
            }

            _passes -= pass.Count == 0 ? 1 : 0;
        }

        return pass;
    }

    private void Run(List<Call> pass)
    {
        foreach (var call in pass)
        {
            _telemetry.Took("wait", call.Age);
        }

        try
        {
            if (pass is [var lone])
            {
                lone.Run(_classifier);
                return;
            }

            List<ImageCall> calls = [.. pass.Cast<ImageCall>()];
            var links = calls.Select(call => call.Asker).OfType<ActivityContext>().Select(asker => new ActivityLink(asker));
            var answers = _classifier.Classify([.. calls.Select(call => call.Image)], links, CancellationToken.None);
            foreach (var (call, answer) in calls.Zip(answers))
            {
                call.Answer.TrySetResult(answer);
            }
        }
#pragma warning disable CA1031 // Whatever it is, those who wait are told.
        catch (Exception e)
#pragma warning restore CA1031
        {
            pass.ForEach(call => call.Fail(e));
        }
    }

    private readonly struct Place(QueuedClassifier queue, Uses.Use use) : IDisposable
    {
        public void Dispose()
        {
            Interlocked.Decrement(ref queue._calls);
            queue._telemetry.Queued(-1);
            use.Dispose();
        }
    }

    private abstract class Call
    {
        private readonly long _since = Stopwatch.GetTimestamp();

        public TimeSpan Age => Stopwatch.GetElapsedTime(_since);

        public ActivityContext? Asker { get; } = Activity.Current?.Context;

        public abstract bool IsOver { get; }

        /// <summary>Answers it by itself.</summary>
        public abstract void Run(MeasuredClassifier classifier);

        public abstract void Fail(Exception exception);
    }

    private abstract class Call<T> : Call
    {
        private readonly ExecutionContext? _context = ExecutionContext.Capture();

        public TaskCompletionSource<T> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override bool IsOver => Answer.Task.IsCompleted;

        public override void Fail(Exception exception) => Answer.TrySetException(exception);

        public override void Run(MeasuredClassifier classifier)
        {
            if (_context is null)
            {
                Answer.TrySetResult(Work(classifier));
                return;
            }

            ExecutionContext.Run(_context, _ => Answer.TrySetResult(Work(classifier)), state: null);
        }

        protected abstract T Work(MeasuredClassifier classifier);
    }

    private sealed class ImageCall(GrayImage image) : Call<Classification>
    {
        public GrayImage Image => image;

        protected override Classification Work(MeasuredClassifier classifier) => classifier.Classify(image);
    }

    private sealed class LoneCall<T>(Func<MeasuredClassifier, T> work) : Call<T>
    {
        protected override T Work(MeasuredClassifier classifier) => work(classifier);
    }
}
