using CovidCt.Data;
using CovidCt.Embedding;
using CovidCt.Imaging;
using CovidCt.Models;
using CovidCt.Training;
using static TorchSharp.torch;

namespace CovidCt.Inference;

/// <summary>
/// Keeps the features that a run's network has of its training images, and leaves <see cref="TrainingReference.FileName"/> in the
/// run folder, from where <see cref="CtClassifier.Load(string)"/> takes it.
/// </summary>
/// <param name="backbones">Makes the network.</param>
/// <param name="decoder">Decodes the images.</param>
public sealed class RunReferenceMaker(IBackboneFactory backbones, IImageDecoder decoder)
{
    /// <summary>Whether a run has its reference already.</summary>
    public static bool IsDone(FinishedRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return File.Exists(run.PathOf(TrainingReference.FileName));
    }

    /// <summary>Computes the features of all images, and writes the file.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dataset">Its data set, as <see cref="FinishedRun.OpenData"/> opens it; unreadable images are left out.</param>
    /// <param name="options">How; null takes the defaults.</param>
    /// <param name="progress">Told how many images are done.</param>
    /// <param name="cancellationToken">Stops between batches; nothing is written then.</param>
    /// <exception cref="ArgumentException">The network has no finite features of some image.</exception>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">An option is out of its range.</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    public TrainingReferenceFacts Write(
        FinishedRun run, CtDataset dataset, TrainingReferenceOptions? options = null, IProgress<RunStep>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(dataset);
        using var scope = NewDisposeScope();
        var (model, backbone) = run.LoadNetwork(backbones);
        using (backbone)
        {
            var transform = new CanvasTransform(new CanvasOptions { Fit = model.Fit, Fill = model.Fill });
            using var decoded = CanvasStores.Decode(dataset, [model.Input], transform, decoder, cancellationToken: cancellationToken);
            var samples = decoded.Dataset.Samples;
            var tested = run.Predictions.Select(prediction => prediction.Path).ToHashSet(StringComparer.Ordinal);
            int[] rows = [.. Enumerable.Range(0, samples.Count).OrderBy(row => tested.Contains(samples[row].Path))];
            var test = rows.Count(row => tested.Contains(samples[row].Path));
            var steps = progress is null ? null : new Relay<int>(done => progress.Report(new(RunStepKind.Features, done, rows.Length)));
            var features = PooledFeatures.Of(backbone, model, decoded.Stores[model.Input], rows, steps, cancellationToken);
            using var reference = TrainingReference.Of(features.narrow(0, 0, rows.Length - test), features.narrow(0, rows.Length - test, test), options);
            reference.Save(run.PathOf(TrainingReference.FileName));
            return reference.Facts;
        }
    }
}
