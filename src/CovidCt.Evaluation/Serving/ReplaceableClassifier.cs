using System.Runtime.CompilerServices;
using CovidCt.Answers;
using CovidCt.Imaging;
using CovidCt.Maps;

namespace CovidCt.Serving;

/// <summary>
/// A classifier that looks after its files, and goes on with what they have become: calls that are under way end with the earlier one,
/// which is freed by the last of them, later ones begin with the new one.
/// </summary>
internal sealed class ReplaceableClassifier : ICtClassifier
{
    private readonly Func<ICtClassifier> _load;
    private readonly ModelFiles _files;
    private readonly Telemetry.OfModel _telemetry;
    private readonly Lock _door = new();
    private readonly CancellationTokenSource _end = new();
    private string _stamp, _hash;
    private Loaded _current;

    /// <param name="path">The model's file or folder.</param>
    /// <param name="interval">How often it looks after it.</param>
    /// <param name="load">Loads what lies there; its exceptions are those of a format's.</param>
    /// <param name="telemetry">Where it says what has become of the model.</param>
    public ReplaceableClassifier(string path, TimeSpan interval, Func<ICtClassifier> load, Telemetry.OfModel telemetry)
    {
        (_load, _files, _telemetry) = (load, new(path), telemetry);
        _stamp = _files.Stamp(); // Before it is read: what changes meanwhile is seen as a change.
        _hash = _files.Hash();
        _current = new(load());
        telemetry.Log.Watching(telemetry.Model, Model.Network, _hash, interval);
        _ = Watch(interval);
    }

    /// <inheritdoc/>
    public ModelDescription Model => Ask(model => model.Model);

    /// <inheritdoc/>
    public bool IsCalibrated => Ask(model => model.IsCalibrated);

    /// <inheritdoc/>
    public double? SetLevel => Ask(model => model.SetLevel);

    /// <inheritdoc/>
    public Classification Classify(string path) => Ask(model => model.Classify(path));

    /// <inheritdoc/>
    public Classification Classify(ReadOnlyMemory<byte> file) => Ask(model => model.Classify(file));

    /// <inheritdoc/>
    public Classification Classify(Stream file) => Ask(model => model.Classify(file));

    /// <inheritdoc/>
    public Classification Classify(GrayImage image) => Ask(model => model.Classify(image));

    /// <inheritdoc/>
    public IReadOnlyList<Classification> Classify(IReadOnlyList<GrayImage> images, CancellationToken cancellationToken = default) =>
        Ask(model => model.Classify(images, cancellationToken));

    /// <inheritdoc/>
    public async IAsyncEnumerable<Classification> ClassifyAsync(
        IAsyncEnumerable<GrayImage> images, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var use = Begin(out var model);
        await foreach (var answer in model.ClassifyAsync(images, cancellationToken).ConfigureAwait(false))
        {
            yield return answer;
        }
    }

    /// <inheritdoc/>
    public async Task<Classification> ClassifyFileAsync(ReadOnlyMemory<byte> file, CancellationToken cancellationToken = default)
    {
        using var use = Begin(out var model);
        return await model.ClassifyFileAsync(file, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ExplainedImage Explain(string path) => Ask(model => model.Explain(path));

    /// <inheritdoc/>
    public ExplainedImage Explain(ReadOnlyMemory<byte> file) => Ask(model => model.Explain(file));

    /// <inheritdoc/>
    public ExplainedImage Explain(Stream file) => Ask(model => model.Explain(file));

    /// <inheritdoc/>
    public ExplainedImage Explain(GrayImage image) => Ask(model => model.Explain(image));

    /// <inheritdoc/>
    public ExplainedImage Explain(string path, GradCamOptions options, string? label) => Ask(model => model.Explain(path, options, label));

    /// <inheritdoc/>
    public ExplainedImage Explain(ReadOnlyMemory<byte> file, GradCamOptions options, string? label) =>
        Ask(model => model.Explain(file, options, label));

    /// <inheritdoc/>
    public ExplainedImage Explain(Stream file, GradCamOptions options, string? label) => Ask(model => model.Explain(file, options, label));

    /// <inheritdoc/>
    public ExplainedImage Explain(GrayImage image, GradCamOptions options, string? label) =>
        Ask(model => model.Explain(image, options, label));

    /// <inheritdoc/>
    public async Task<ExplainedImage> ExplainFileAsync(
        ReadOnlyMemory<byte> file, GradCamOptions options, string? label, CancellationToken cancellationToken = default)
    {
        using var use = Begin(out var model);
        return await model.ExplainFileAsync(file, options, label, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_door)
        {
            _end.Cancel(); // What is loaded after this is not taken up.
            _current.Dispose();
        }
    }

    private T Ask<T>(Func<ICtClassifier, T> call)
    {
        using var use = Begin(out var model);
        return call(model);
    }

    private Uses.Use Begin(out ICtClassifier model)
    {
        lock (_door)
        {
            ObjectDisposedException.ThrowIf(_end.IsCancellationRequested, this);
            model = _current.Classifier;
            return _current.Begin();
        }
    }

    private async Task Watch(TimeSpan interval)
    {
        using var clock = new PeriodicTimer(interval);
        var seen = _stamp;
        try
        {
            while (await clock.WaitForNextTickAsync(_end.Token).ConfigureAwait(false))
            {
                seen = Look(seen);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>Looks once.</summary>
    /// <param name="before">What the files were at the last look: what still changes is being written.</param>
    /// <returns>What they are now.</returns>
    private string Look(string before)
    {
        try
        {
            var stamp = _files.Stamp();
            if (stamp != _stamp && stamp == before)
            {
                TakeUp(stamp);
            }

            return stamp;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return before; // A file went away while it was looked at, which the next look sees.
        }
    }

    private void TakeUp(string stamp)
    {
        _stamp = stamp; // What can't be used is not tried again before it changes.
        try
        {
            var hash = _files.Hash();
            if (hash == _hash)
            {
                return;
            }

            var next = _load();
            if (_files.Stamp() != stamp)
            {
                next.Dispose();
                _stamp = ""; // It changed while it was read: the next look that finds it at rest reads it again.
                return;
            }

            Replace(next, hash);
        }
        catch (Exception e) when (e is not OperationCanceledException) // Whatever is wrong with it, the earlier one goes on.
        {
            _telemetry.Log.Refused(_telemetry.Model, e.Message);
            _telemetry.Loaded("refused");
        }
    }

    private void Replace(ICtClassifier next, string hash)
    {
        Loaded before;
        lock (_door)
        {
            if (_end.IsCancellationRequested)
            {
                next.Dispose();
                return;
            }

            (before, _current, _hash) = (_current, new(next), hash);
        }

        before.Dispose();
        _telemetry.Log.Replaced(_telemetry.Model, next.Model.Network, hash);
        _telemetry.Loaded("replaced");
    }

    /// <summary>A classifier that is freed by the last who uses it.</summary>
    private sealed class Loaded(ICtClassifier classifier) : IDisposable
    {
        private readonly Uses _uses = new(classifier, classifier.Dispose);

        public ICtClassifier Classifier => classifier;

        public Uses.Use Begin() => _uses.Begin();

        public void Dispose() => _uses.Dispose();
    }
}
