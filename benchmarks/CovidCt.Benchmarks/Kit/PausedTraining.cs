using System.Diagnostics;
using System.Runtime.ExceptionServices;
using CovidCt.Canvases;
using CovidCt.Models;
using CovidCt.Recipes;
using CovidCt.Training;
using static TorchSharp.torch;

namespace CovidCt.Benchmarks.Kit;

/// <summary>
/// <see cref="Trainer.Fit"/> on a thread of its own, held after some steps, or each epoch, until the next are asked for: so
/// steps are those that users have, with all that the trainer does in them.
/// </summary>
internal sealed class PausedTraining : IProgress<TrainingProgress>, IDisposable
{
    private readonly int? _steps;
    private readonly IBackbone _backbone;
    private readonly SemaphoreSlim _go = new(0);
    private readonly SemaphoreSlim _done = new(0);
    private readonly CancellationTokenSource _end = new();
    private readonly Thread _thread;
    private Exception? _failure;

    private PausedTraining(IBackbone backbone, CanvasStore canvases, IReadOnlyList<int> labels, IReadOnlyList<int> rows, TrainingOptions options, int? steps)
    {
        (_backbone, _steps) = (backbone, steps);
        _thread = new(() => Fit(new Trainer(options, seed: 0), canvases, labels, rows)) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>When the last step ended.</summary>
    public long LastStep { get; private set; }

    /// <summary>Pauses after each step, or after some.</summary>
    /// <param name="backbone">The network.</param>
    /// <param name="canvases">As many canvases as a batch has images.</param>
    /// <param name="options">The recipe; its epochs are as many as it takes.</param>
    /// <param name="steps">How many; a divisor of 1,000, the steps of an epoch. A card is waited for at every pause.</param>
    public static PausedTraining BySteps(IBackbone backbone, CanvasStore canvases, TrainingOptions options, int steps = 1)
    {
        var count = canvases.Geometries.Count;
        int[] labels = [.. Enumerable.Range(0, count).Select(row => row % 2)];
        return new(backbone, canvases, labels, [.. Enumerable.Range(0, 1000 * count).Select(i => i % count)], options, steps);
    }

    /// <summary>Pauses after each epoch.</summary>
    public static PausedTraining ByEpochs(
        IBackbone backbone, CanvasStore canvases, IReadOnlyList<int> labels, IReadOnlyList<int> rows, TrainingOptions options) =>
        new(backbone, canvases, labels, rows, options, steps: null);

    /// <summary>Lets the steps to the next pause, or one epoch, happen.</summary>
    public void Next()
    {
        LastStep = Stopwatch.GetTimestamp();
        _go.Release();
        _done.Wait();
        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }
    }

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        LastStep = Stopwatch.GetTimestamp();
        if (_steps is { } steps ? value.Finished is not null || value.Step % steps != 0 : value.Finished is null)
        {
            return;
        }

        if (_backbone.Network.parameters().First().device_type == TorchSharp.DeviceType.CUDA)
        {
            cuda.synchronize();
        }

        _done.Release();
        _go.Wait(_end.Token);
    }

    public void Dispose()
    {
        _end.Cancel();
        _thread.Join();
        _end.Dispose();
        _go.Dispose();
        _done.Dispose();
    }

    private void Fit(Trainer trainer, CanvasStore canvases, IReadOnlyList<int> labels, IReadOnlyList<int> rows)
    {
        try
        {
            _go.Wait(_end.Token);
            trainer.Fit(_backbone, canvases, labels, rows, RandomCanvases.Fill, progress: this, cancellationToken: _end.Token);
        }
        catch (OperationCanceledException)
        {
            // It was disposed.
        }
#pragma warning disable CA1031 // Whatever it is, Next throws it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _failure = e;
            _done.Release();
        }
    }
}
